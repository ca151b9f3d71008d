"""Forks until the machine gives up.

Group: processes
"""
import os

for way in (os.fork, getattr(os, "forkpty", os.fork), lambda: os.posix_spawn("/bin/sh", ["sh"], {})):
    try:
        while way() is not None:
            print("BREACH: forked")
            break
    except OSError:
        pass
