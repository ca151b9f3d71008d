"""Constants that take the compiler's time and memory to fold.

Group: hostile source
Ending: done crashed timeout
Limits: wall_s=3
"""
x = ((((1 << 100) ** 100) ** 10) ** 2) * 0
y = "a" * 4000 * 4000
z = (0,) * 4000 * 4000
w = 1_0 ** 1_000_000 % 7
