"""Takes memory in ever larger pieces, and goes on when there is none.

Group: resources
Limits: wall_s=20 cpu_s=20
"""
kept = []
size = 1 << 20
while size > 1 << 12:
    try:
        kept.append(bytearray(size))
        size *= 2
    except MemoryError:
        size //= 2
