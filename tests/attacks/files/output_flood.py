"""Prints without end, also past Python's own streams.

Group: resources
Ending: done timeout
Limits: wall_s=1
"""
import os
import sys

while True:
    print("x" * 100_000)
    sys.stderr.write("y" * 100_000)
    os.write(1, b"z" * 100_000)
