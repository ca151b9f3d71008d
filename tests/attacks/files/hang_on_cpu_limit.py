"""Computes inside of C code that never looks at signals.

Group: resources
Ending: cpu
Limits: wall_s=20 cpu_s=1
"""
print(sum(range(1 << 60)))
