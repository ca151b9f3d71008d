"""Reads from every descriptor there is, hoping for the request or for another's.

Group: descriptors
Ending: done timeout
Limits: wall_s=1
"""
import os

for read in (lambda descriptor: os.pread(descriptor, 1000, 0), lambda descriptor: os.read(descriptor, 1000)):
    for descriptor in range(64):
        try:
            if data := read(descriptor):
                print("BREACH: read", data[:40])
        except OSError:
            pass
