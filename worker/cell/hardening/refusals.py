"""Owns what Python itself refuses a submission: which events, and in which words.

Everything an event tells may be of the submission's own making. Only exact strings, bytes and
numbers are looked at, so that no method of its own is called in our name.
"""

from __future__ import annotations

import builtins
import os
import sys
import sysconfig
from collections.abc import Sequence
from typing import Any

import torch

globals()["__builtins__"] = vars(builtins).copy()

_open, _str, _starts, _decode = open, str.__str__, str.startswith, bytes.decode

_STDLIB = sysconfig.get_paths()["stdlib"] + os.sep
_FROZEN = "<frozen "
_PACKAGES = os.path.dirname(os.path.dirname(torch.__file__)) + os.sep
_LIBRARY = (_STDLIB, _PACKAGES)
_PYC_HEADER = 16
FRAMES = frozenset({"tb_frame", "gi_frame", "cr_frame", "ag_frame"})

_MODULES = frozenset(
    {
        "ctypes",
        "_ctypes",
        "cffi",
        "_cffi_backend",
        "sys",
        "builtins",
        "gc",
        "_interpreters",
        "_posixsubprocess",
        "_testcapi",
        "_testinternalcapi",
        "_testlimitedcapi",
        "_testmultiphase",
        "_xxsubinterpreters",
    }
)
_DERIVING = frozenset(
    {
        *("sympy", "mpmath", "torchgen", "_sympy", "_decomp", "_refs", "_inductor"),
        *("_expanded_weights", "autograd_function_db", "custom_op_db", "hop_db"),
        *("flex_attention", "linear_cross_entropy", "complex_tensor", "quack"),
    }
)
"""Packages and modules that derive gradients, or hold derivatives as Python code or as text."""
_TEXTS = _DERIVING | {"transforms", "libtorch_cpu", "libtorch_python", "libc10"}
"""The same among files and folders. `transforms` has a few derivatives, and other things; the
libraries, which are loaded already, have TorchScript's derivatives as text, and the machine code
that is overwritten in memory."""
_ROOTS = frozenset({"torch", "sympy", "mpmath", "torchgen"})
_PLACES = (
    *("torch.nested._internal.ops", "torch.masked.maskedtensor._ops_refs", "torch._native"),
    *("torch._vendor", "torch.testing._internal"),
)
"""Modules and packages of the same kind whose own names are those of others, too."""
_STOOD_IN_FOR = ("torch.distributed.tensor",)
"""Another, of which a cell has loaded a stand-in."""
_REFUSED = {
    "gc.get_objects": "walking over Python's objects",
    "gc.get_referrers": "walking over Python's objects",
    "gc.get_referents": "walking over Python's objects",
    "sys.setprofile": "setting a profile function",
    "sys.settrace": "setting a trace function (a debugger)",
    "sys.addaudithook": "adding an audit hook",
    "sys._getframe": "reading Python's frames",
    "sys._current_frames": "reading Python's frames",
    "sys._current_exceptions": "reading Python's frames",
    "builtins.breakpoint": "starting a debugger",
    "sys.remote_exec": "starting a debugger",
    "cpython.PyInterpreterState_New": "starting another interpreter",
    "marshal.load": "loading compiled code",
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


_TEXT_PLACES = tuple(f".{one}" for one in (*_PLACES, *_STOOD_IN_FOR))


def _text(value: Any) -> str:
    """A string or path as an exact string; nothing for everything else."""
    kind = type(value)
    if issubclass(kind, str):
        return _str(value)
    # No byte is an error in latin-1, and so no handler of errors is called.
    return _decode(value, "latin-1") if issubclass(kind, bytes) else ""


def is_library(filename: str) -> bool:
    return _starts(filename, (*_LIBRARY, _FROZEN))


def verdict(event: str, args: Sequence[Any], frame: Any) -> str:
    """What is refused about an event, in words, or nothing. `frame` is the code that caused it."""
    if event in _EVERYDAY:
        return _EVERYDAY[event](args, frame)
    if event == "object.__getattr__":
        return "reading Python's frames" if args[1] in FRAMES else ""
    if event == "object.__setattr__":
        return "changing the code of a function" if _text(args[1]) == "__code__" else ""
    if event in _REFUSED:
        return _REFUSED[event]
    if event.startswith("os.") and event not in _OS_READS:
        return f"calling {event}"
    if event.startswith("sys.monitoring."):
        return "setting a profile function"
    return _PREFIXES.get(event.partition(".")[0] + ".", "")


def derives(module: str) -> bool:
    """Whether a module, by its dotted name, could derive a gradient for a file."""
    parts = module.split(".")
    named = not _DERIVING.isdisjoint(parts) and parts[0] in _ROOTS
    return named or f"{module}.".startswith(tuple(f"{place}." for place in _PLACES))


def is_text_of_derivatives(name: str) -> bool:
    """Whether a file or folder of this name, in one of the packages that torch brings along, holds
    derivatives as text."""
    return name.partition(".")[0] in _TEXTS


def texts() -> list[str]:
    """The paths of all such files and folders."""
    found = [_PACKAGES + root for root in _ROOTS if is_text_of_derivatives(root)]
    found += [path for place in (*_PLACES, *_STOOD_IN_FOR) for path in _files(place)]
    for folder, folders, files in os.walk(_PACKAGES + "torch"):
        named = [name for name in (*folders, *files) if is_text_of_derivatives(name)]
        found += [os.path.join(folder, name) for name in named]
        folders[:] = [name for name in folders if name not in (*named, "include")]
    return found


def _files(module: str) -> list[str]:
    """Where a module or package lies that is not loaded: its folder, or its text and its code."""
    path = _PACKAGES + module.replace(".", os.sep)
    folder, name = os.path.split(path)
    compiled = os.path.join(folder, "__pycache__", f"{name}.{sys.implementation.cache_tag}.pyc")
    return [one for one in (path, f"{path}.py", compiled) if os.path.exists(one)]


def _opens(args: Sequence[Any], _frame: Any) -> str:
    """What is refused about opening a file, or nothing."""
    path, mode, flags = args
    name = _text(path)
    if not name and type(path) not in (str, bytes, int):
        return "opening a file by something that is no path"
    if what := _finds(args, _frame):
        return what
    if name.endswith(".so") or ".so." in name:
        return "reading a compiled library"
    # Importing code opens files too, with flags and no mode.
    writing = any(letter in _text(mode) for letter in "wax+")
    if writing or (type(flags) is int and flags & _WRITING):
        return f"writing the file {name[:80]!r}"
    return ""


def _finds(args: Sequence[Any], _frame: Any) -> str:
    """What is refused about a path, or nothing. Each of its parts is looked at by itself, since a
    path can begin at a folder that was opened or entered before."""
    parts = _text(args[0]).split("/")
    if "proc" in parts:
        return "reading /proc"
    inside = ".".join(parts).removesuffix(".py")
    if any(map(is_text_of_derivatives, parts)) or any(one in inside for one in _TEXT_PLACES):
        return "reading how PyTorch derives"
    return ""


def _compiles(args: Sequence[Any], frame: Any) -> str:
    """A false file name would make the code pass for a library's."""
    if is_library(_text(args[1])) and not is_library(frame.f_code.co_filename):
        return "compiling code under a library's name"
    return ""


def _imports(args: Sequence[Any], _frame: Any) -> str:
    """What is refused about an import, whatever name a compiled module is given."""
    parts = _text(args[0]).split(".")
    stem = _text(args[1]).rpartition("/")[2].partition(".")[0]
    if derives(".".join(parts)):
        return f"importing {parts[0] if parts[0] in _DERIVING else '.'.join(parts)[:80]}"
    return f"importing {parts[-1]}" if _MODULES & {parts[0], parts[-1], stem} else ""


def _copies(args: Sequence[Any], _frame: Any) -> str:
    """A function of a library's code and other variables would pass for the library's own."""
    foreign = is_library(_text(args[0].co_filename))
    return "making a function of a library's code" if foreign else ""


def _unmarshals(args: Sequence[Any], frame: Any) -> str:
    """Compiled code made by hand can reach anything in memory; a library's is on the disk."""
    loader = frame.f_back
    path = _text(loader.f_locals.get("bytecode_path")) if loader is not None else ""
    if path.startswith(_LIBRARY):
        with _open(path, "rb") as file:
            if file.read()[_PYC_HEADER:] == args[0]:
                return ""
    return "loading compiled code"


_EVERYDAY = {
    "open": _opens,
    **dict.fromkeys(("os.chdir", "os.listdir", "os.scandir"), _finds),
    "compile": _compiles,
    "import": _imports,
    "function.__new__": _copies,
    "marshal.loads": _unmarshals,
}
