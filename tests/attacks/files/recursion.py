"""Recurses through Python, through repr, and through nested data.

Group: resources
Ending: done crashed timeout
Limits: wall_s=5
"""
import sys

sys.setrecursionlimit(1 << 30)
nested = []
for _ in range(500_000):
    nested = [nested]
try:
    repr(nested)
except BaseException:
    pass


def deeper():
    deeper()


deeper()
