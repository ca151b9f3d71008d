"""Duplicates and passes on descriptors, and opens new ones until there are none.

Group: descriptors
"""
import os

for attempt in (lambda: os.dup(3), lambda: os.dup2(1, 3), lambda: os.pipe(), lambda: os.memfd_create("x"), lambda: os.eventfd(1)):
    try:
        print("BREACH: made", attempt())
    except (OSError, AttributeError):
        pass
files = []
try:
    while True:
        files.append(open(os.__file__))
except OSError:
    pass
