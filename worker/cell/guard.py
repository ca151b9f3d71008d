"""Owns what Python itself refuses a submission: looking into the interpreter, and acting outside.

An audit hook raises in the submission's face and notes what it was; nobody is punished. The system
calls behind most of it are refused again below, by the jail.
"""

from __future__ import annotations

import builtins
import gc
import os
import sys
import sysconfig
from collections.abc import Callable, Sequence
from typing import Any

import torch

globals()["__builtins__"] = vars(builtins).copy()

_getframe, _addaudithook, _modules = sys._getframe, sys.addaudithook, sys.modules
_fsdecode = os.fsdecode

_STDLIB = sysconfig.get_paths()["stdlib"] + os.sep
_FROZEN = "<frozen "
_PACKAGES = os.path.dirname(os.path.dirname(torch.__file__)) + os.sep
_FRAMES = frozenset({"tb_frame", "gi_frame", "cr_frame", "ag_frame"})
_READ_FRAMES_WELL = frozenset(
    os.path.join(_STDLIB, *path.split("/"))
    for path in (
        "collections/__init__.py",
        "typing.py",
        "enum.py",
        "warnings.py",
        "logging/__init__.py",
        "traceback.py",
        "contextlib.py",
        "dataclasses.py",
        "inspect.py",
        "unittest/result.py",
        "unittest/case.py",
    )
)
"""Library code that reads frames for its own ends."""
_GIVE_FRAMES = frozenset(
    {
        "currentframe",
        "<lambda>",
        "stack",
        "trace",
        "getinnerframes",
        "getouterframes",
        "walk_stack",
        "walk_tb",
        "_walk_tb_with_full_positions",
        "getmembers",
        "_getmembers",
        "getattr_static",
    }
)
"""Functions in there that hand the frames on; no submission may be at the receiving end."""

_MODULES = frozenset(
    {
        "ctypes",
        "_ctypes",
        "cffi",
        "_cffi_backend",
        "sys",
        "builtins",
        "gc",
        "_testcapi",
        "_testinternalcapi",
        "_xxsubinterpreters",
        "_posixsubprocess",
    }
)
_REFUSED = {
    "gc.get_objects": "walking over Python's objects",
    "gc.get_referrers": "walking over Python's objects",
    "gc.get_referents": "walking over Python's objects",
    "sys.setprofile": "setting a profile function",
    "sys.settrace": "setting a trace function (a debugger)",
    "sys.addaudithook": "adding an audit hook",
    "sys._current_frames": "reading Python's frames",
    "sys._current_exceptions": "reading Python's frames",
    "builtins.breakpoint": "starting a debugger",
    "marshal.loads": "loading compiled code",
    "code.__new__": "making compiled code by hand",
}
_PREFIXES = {
    "ctypes.": "calling C through ctypes",
    "socket.": "using the network",
    "subprocess.": "starting another program",
    "pty.": "starting another program",
    "signal.": "sending a signal",
    "syslog.": "writing to the system log",
    "fcntl.": "acting on a file",
    "shutil.": "changing files",
    "tempfile.": "writing a temporary file",
    "webbrowser.": "opening a web browser",
    "urllib.": "using the network",
    "http.": "using the network",
    "ftplib.": "using the network",
    "smtplib.": "using the network",
    "mmap.": "mapping memory",
    "resource.": "changing limits",
}
_OS_READS = frozenset(
    {
        "os.listdir",
        "os.scandir",
        "os.walk",
        "os.fwalk",
        "os.putenv",
        "os.unsetenv",
        "os.getxattr",
        "os.listxattr",
        "os.chdir",
    }
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NOTED = 20


def _is_library(filename: str) -> bool:
    return filename.startswith((_STDLIB, _PACKAGES, _FROZEN))


def _reads_frames_well(frame: Any, word: str) -> bool:
    """Whether the code that is about to read a frame does so for itself, and not for the file."""
    code = frame.f_code
    filename = code.co_filename
    if filename.startswith(_PACKAGES):
        caller = frame.f_back
        return caller is not None and _is_library(caller.f_code.co_filename)
    if filename not in _READ_FRAMES_WELL or word not in code.co_names:
        return False
    while code.co_name in _GIVE_FRAMES:
        frame = frame.f_back
        if frame is None:
            return False
        given_by, code = code, frame.f_code
        if code.co_filename != filename and not (
            _is_library(code.co_filename) and given_by.co_name in code.co_names
        ):
            return False
    return True


def _opens(args: Sequence[Any]) -> str:
    """What is refused about opening a file, or nothing."""
    path, mode, flags = args
    if isinstance(path, bytes):
        path = _fsdecode(path)
    if isinstance(path, str) and "proc" in path.split("/"):
        return "reading /proc"
    # Importing code opens files too, with flags and no mode.
    writing = any(letter in mode for letter in "wax+") if isinstance(mode, str) else False
    if writing or (isinstance(flags, int) and flags & _WRITING):
        return f"writing the file {str(path)[:80]!r}"
    return ""


def _verdict(event: str, args: Sequence[Any], frame: Any) -> str:
    """What is refused about an event, in words, or nothing. `frame` is the code that caused it."""
    if event in ("open", "compile", "exec", "import"):
        return _everyday(event, args, frame)
    if event in ("object.__getattr__", "object.__setattr__"):
        if args[1] in _FRAMES and not _reads_frames_well(frame, args[1]):
            return "reading Python's frames"
        if event == "object.__setattr__" and args[1] == "__code__":
            return "changing the code of a function"
        return ""
    if event == "sys._getframe":
        return "" if _reads_frames_well(frame, "_getframe") else "reading Python's frames"
    if event in ("marshal.loads", "code.__new__") and _is_library(frame.f_code.co_filename):
        return ""
    if event in _REFUSED:
        return _REFUSED[event]
    if event.startswith("os.") and event not in _OS_READS:
        return f"calling {event}"
    return _PREFIXES.get(event.partition(".")[0] + ".", "")


def _everyday(event: str, args: Sequence[Any], frame: Any) -> str:
    """The same for events that honest files cause all the time."""
    if event == "open":
        return _opens(args)
    if event == "import":
        return _imports(*args[:2])
    if event == "compile" and not _is_library(frame.f_code.co_filename):
        # A false file name would make the code pass for a library's.
        filename = args[1]
        if isinstance(filename, (str, bytes)) and _is_library(_fsdecode(filename)):
            return "compiling code under a library's name"
    return ""


def _imports(name: object, file: object) -> str:
    """What is refused about an import, whatever name a compiled module is given."""
    parts = str(name).split(".")
    stem = str(file).rpartition("/")[2].partition(".")[0]
    return f"importing {parts[-1]}" if _MODULES & {parts[0], parts[-1], stem} else ""


def _is_by_the_way(event: str, frame: Any) -> bool:
    """Whether a library imports what it can do without, which is none of the file's doing."""
    while frame is not None and frame.f_code.co_filename.startswith(_FROZEN):
        frame = frame.f_back
    return event == "import" and frame is not None and _is_library(frame.f_code.co_filename)


def install(
    ours: Sequence[dict[str, Any]], line_of: Callable[[Any], int | None]
) -> list[dict[str, Any]]:
    """Refuses from now on; returns the list of refusals, which grows: what, and at which line.

    Code whose globals are one of `ours` may do as it likes. `line_of` finds the line of the
    submission that a frame was called from.
    """
    refusals: list[dict[str, Any]] = []
    busy = False

    def hook(event: str, args: Sequence[Any]) -> None:
        nonlocal busy
        if busy or event == "object.__delattr__":
            return
        if event == "object.__getattr__" and args[1] not in _FRAMES:
            return
        busy = True
        try:
            frame = _getframe(1)
            spaces = frame.f_globals
            if any(spaces is one for one in ours):
                return
            what = _verdict(event, args, frame)
            if what and len(refusals) < _NOTED and not _is_by_the_way(event, frame):
                refusals.append({"what": what, "line": line_of(frame)})
        finally:
            busy = False
        if what:
            kind = ImportError if event == "import" else PermissionError
            raise kind(f"{what} is not possible while your file is checked")

    _addaudithook(hook)
    return refusals


def purge() -> None:
    """Makes ctypes unknown to every module but ours, and shuts the ways to our own functions."""
    _shut_ways()
    for name in list(_modules):
        if name.split(".")[0] in ("ctypes", "_ctypes", "cffi", "_cffi_backend"):
            del _modules[name]
    ours = __name__.rpartition(".")[0]
    for name, module in list(_modules.items()):
        if module is None or name == "__main__" or name.startswith(ours):
            continue
        space = vars(module)
        for key, value in list(space.items()):
            origin = getattr(value, "__name__", "") if type(value) is type(sys) else ""
            if not isinstance(origin, str):
                continue
            if origin.split(".")[0] in ("ctypes", "_ctypes") or _from_ctypes(value):
                del space[key]


def _shut_ways() -> None:
    """Takes away what would hand out the functions that the dynamic look has set.

    Python keeps a copy of what sys and ctypes were at first, and gives it to whoever loads them
    anew; nothing leads to these copies but the garbage collector.
    """
    vars(torch._C._autograd).pop("_top_saved_tensors_default_hooks", None)
    for one in gc.get_objects():
        if type(one) is dict and "__name__" in one:
            if one["__name__"] == "sys" and "getprofile" in one:
                one["getprofile"] = type(None)
            elif one["__name__"] == "_ctypes" and "CFuncPtr" in one:
                one.clear()


def _from_ctypes(value: object) -> bool:
    cls = value if type(value) is type else type(value)
    module = getattr(cls, "__module__", None)
    return isinstance(module, str) and module.split(".")[0] in ("ctypes", "_ctypes")
