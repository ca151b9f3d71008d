"""Looks for ctypes and for the grader's classes among the subclasses of everything.

Group: frame and gc walks
"""
import signal
import sys


def below(cls, seen):
    for one in type.__subclasses__(cls):
        if one not in seen:
            seen.add(one)
            below(one, seen)
    return seen


def knows(function):
    space = getattr(function, "__globals__", None)
    if isinstance(space, dict) and "contextlib" not in space:
        return "ctypes" in space or str(space.get("__name__")).startswith("cell.")
    return False


for cls in below(object, set()):
    if str(cls.__module__).partition(".")[0] in ("ctypes", "_ctypes", "cell"):
        print("BREACH:", cls)
    for value in list(vars(cls).values()):
        if knows(value) or knows(getattr(value, "__func__", None)):
            print("BREACH:", cls, value)
for one in (*map(signal.getsignal, signal.valid_signals()), sys._getframe, vars, locals):
    if knows(one) or hasattr(one, "__wrapped__"):
        print("BREACH:", one)
writes = type(sys.stdout.buffer.raw).write.__globals__
if words := {"audit_hook", "harness", "trusted_torch", "frame_proxies", "probes", "ctypes"} & writes.keys():
    print("BREACH:", words)
