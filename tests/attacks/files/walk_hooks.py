"""Hangs functions on every hook of the interpreter, to be called from inside the grader.

Group: frame and gc walks
"""
import atexit
import builtins
import codecs
import sys
import threading
import warnings


def spy(*args, **kwargs):
    print("BREACH: called", [type(arg).__name__ for arg in args])


for attempt in (
    lambda: sys.setprofile(spy),
    lambda: sys.settrace(spy),
    lambda: threading.setprofile(spy),
    lambda: sys.addaudithook(spy),
    lambda: sys.monitoring.use_tool_id(0, "spy"),
    lambda: atexit.register(spy),
):
    try:
        attempt()
    except BaseException:
        pass
sys.excepthook = sys.unraisablehook = sys.displayhook = sys.breakpointhook = spy
builtins.__import__ = builtins.__build_class__ = spy
warnings.showwarning = warnings.warn = spy
sys.meta_path.insert(0, type("Finder", (), {"find_spec": spy})())
codecs.register_error("replace", spy)
