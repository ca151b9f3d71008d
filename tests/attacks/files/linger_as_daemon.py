"""Becomes a daemon that outlives its submission.

Group: lingering threads and children
"""
import os

for way in (os.fork, os.setsid, lambda: os.setpgid(0, 0), lambda: os.nice(-5), lambda: os.sched_setaffinity(0, {0})):
    try:
        if way() == 0 and way is os.fork:
            os.setsid()
            while True:
                pass
        print("BREACH:", way)
    except OSError:
        pass
