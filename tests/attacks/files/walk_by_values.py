"""Hands the audit hook values whose methods walk frames and objects, as if the hook had asked for it.

Group: frame and gc walks
"""
import gc
import sys


def look(*_):
    frame = sys._getframe(0)
    while frame is not None:
        if "cell" in frame.f_code.co_filename:
            print("BREACH: frame", frame.f_code.co_name)
        frame = frame.f_back
    for find in (gc.get_objects, lambda: sys.setprofile(look), lambda: open("/proc/self/maps")):
        try:
            find()
            print("BREACH:", find)
        except PermissionError:
            pass
    return ()


class Name(str):
    __str__ = split = startswith = rpartition = partition = __hash__ = look


class Number(int):
    __and__ = __rand__ = __bool__ = look


for attempt in (
    lambda: sys.audit("import", Name("x"), Name("y")),
    lambda: sys.audit("open", Name("x"), Name("r"), Number(1)),
    lambda: sys.audit("object.__getattr__", None, Name("x")),
    lambda: open(Name("/nothing")),
    lambda: __import__(Name("nothing")),
    lambda: compile("0", Name("x"), "exec"),
):
    try:
        attempt()
    except BaseException:
        pass
