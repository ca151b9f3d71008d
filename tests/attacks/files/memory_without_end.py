"""Fills all memory with small objects and then needs a little more.

Group: resources
Ending: done crashed memory timeout
Limits: wall_s=5 memory_mb=128
"""
head = None
try:
    while True:
        head = (head, bytes(1000))
except MemoryError:
    pass
