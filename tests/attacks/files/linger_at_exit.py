"""Registers what is to run when the process ends: handlers, finalisers, destructors.

Group: lingering threads and children
Limits: wall_s=3
"""
import atexit
import sys
import time
import weakref


def later(*args):
    print("BREACH: still there")
    time.sleep(100)


class Grave:
    def __del__(self):
        time.sleep(100)


kept = Grave()
weakref.finalize(kept, later)
try:
    atexit.register(later)
except BaseException:
    pass
sys.modules["__main__"].grave = kept
