"""Owns the audit hook by which Python itself refuses a submission things, and what is out of reach.

It raises in the submission's face and notes what it was; nobody is punished. The system calls
behind most of it are refused again below, by the jail.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import sys
from collections.abc import Callable, Sequence
from typing import Any

import torch

from . import frame_proxies, refusals

globals()["__builtins__"] = vars(builtins).copy()

_addaudithook, _modules = sys.addaudithook, sys.modules
_PACKAGE = __name__.removesuffix("hardening.audit_hook")
_NOTED = 20
_RAW_MEMORY = (
    "_free_weak_ref",
    "_new_with_weak_ptr",
    "_set_cdata",
    "_shared_decref",
    "_shared_incref",
)
"""Methods of torch's storages that take a number for an address."""
_OF_TORCH = (
    (torch._C, "_construct_storage_from_data_pointer"),
    (torch._C._dynamo.guards, "_torchinductor_thp_variable_wrap"),
    (torch._C._dynamo.guards, "_torchinductor_thputils_unpack_int"),
    (torch._C._dynamo.guards, "_reinterpret_tensor"),
    (torch._C._dynamo.eval_frame, "_get_frame_value_stack_with_depth"),
    (torch._C._dynamo.eval_frame, "_load_precompile_entry"),
    (torch._C._dynamo.eval_frame, "register_breakpoint_code"),
    (torch._C._dynamo.eval_frame, "set_bytecode_debugger_callback"),
    (torch._C._dynamo.eval_frame, "set_eval_frame"),
    (torch._C._dynamo.eval_frame, "set_guard_complete_hook"),
    (torch._C._dynamo.eval_frame, "set_guard_error_hook"),
)
"""What of torch shows every frame to who asks for it, or takes a number for an address."""


def _is_by_the_way(event: str, frame: Any) -> bool:
    """Whether it is none of the file's doing.

    A library imports what it can do without; the interpreter parses a line of a library, for the
    traceback of an exception that nobody can catch.
    """
    if event == "compile" and frame_proxies.is_ours(frame):
        return True
    while frame is not None and frame.f_code.co_filename.startswith("<frozen "):
        frame = frame.f_back
    return event == "import" and frame is not None and refusals.is_library(frame.f_code.co_filename)


def install(line_of: Callable[[Any], int | None]) -> list[dict[str, Any]]:
    """Refuses from now on; returns the list of refusals, which grows: what, and at which line.

    It refuses our own code the same, as C code of the submission's choice may run in its name.
    `line_of` finds the line of the submission that a frame was called from.
    """
    noted: list[dict[str, Any]] = []
    frames = refusals.FRAMES

    def hook(event: str, args: Sequence[Any]) -> None:
        if event == "object.__getattr__":  # first, as reading `f_code` is one, and there are many
            name = args[1]
            if type(name) is not str or name not in frames:
                return
        elif event == "builtins.id":  # many as well, and never refused
            return
        if frame_proxies.looking or event == "object.__delattr__":
            return
        frame = frame_proxies.caller()
        if event == "exec":
            what = "running code inside of the grader" if frame_proxies.is_ours(frame) else ""
        else:
            what = refusals.verdict(event, args, frame)
        if what:
            if len(noted) < _NOTED and not _is_by_the_way(event, frame):
                noted.append({"what": what, "line": line_of(frame)})
            kind = ImportError if event == "import" else PermissionError
            raise kind(f"{what} is not possible while your file is checked")

    _addaudithook(hook)
    return noted


def purge() -> None:
    """Makes ctypes unknown to every module but ours, and shuts the ways to our own functions."""
    _shut_ways()
    _swap()
    for name in list(_modules):
        if name.split(".")[0] in ("ctypes", "_ctypes", "cffi", "_cffi_backend"):
            del _modules[name]
    for name, module in list(_modules.items()):
        if module is None or name == "__main__" or _is_ours(name):
            continue
        space = vars(module)
        for key, value in list(space.items()):
            if is_ctypes(value):
                del space[key]


def _swap() -> None:
    """Puts stand-ins into the place of what shows frames, wherever that is found but in ours."""
    pairs = frame_proxies.swaps()
    compiler = torch._C._dynamo.compiled_autograd
    pairs.append((compiler.set_autograd_compiler, frame_proxies.opaque(frame_proxies.no_compiler)))
    pairs += [
        (getattr(module, name), frame_proxies.opaque(frame_proxies.nothing))
        for module, name in _OF_TORCH
        if hasattr(module, name)
    ]
    found = {id(original): instead for original, instead in pairs}
    kept = _our_spaces()
    for space in gc.get_objects():
        if type(space) is dict and "__name__" in space and id(space) not in kept:
            for key, value in space.items():
                if id(value) in found:
                    space[key] = found[id(value)]
    change(type, frame_proxies.methods())
    change(
        torch._C.StorageBase,
        dict.fromkeys(_RAW_MEMORY, frame_proxies.opaque(frame_proxies.nothing)),
    )


def change(cls: type, methods: dict[str, Any]) -> None:
    """Gives other methods to a class that is written in C, as Python does not let anybody do."""
    (space,) = (one for one in gc.get_referents(vars(cls)) if type(one) is dict)
    space.update({name: method for name, method in methods.items() if name in space})
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))


def _is_ours(module: str) -> bool:
    return f"{module}.".startswith(_PACKAGE)


def _our_spaces() -> set[int]:
    """The variables of our modules, and the copies of builtins that some have to themselves."""
    spaces = [vars(one) for name, one in _modules.items() if _is_ours(name)]
    copies = [space["__builtins__"] for space in spaces]
    return {id(one) for one in (*spaces, *copies) if one is not vars(builtins)}


def _shut_ways() -> None:
    """Takes away what would hand out the functions that the dynamic look has set.

    Python keeps a copy of what sys and ctypes were at first, and gives it to whoever loads them
    anew; nothing leads to these copies but the garbage collector.
    """
    for one in gc.get_objects():
        if type(one) is dict and "__name__" in one:
            if one["__name__"] == "sys" and "getprofile" in one:
                one["getprofile"] = type(None)
            elif one["__name__"] == "_ctypes" and "CFuncPtr" in one:
                one.clear()


def is_ctypes(value: object) -> bool:
    """Whether it is a part of ctypes: a module, a class, or a library that one has loaded."""
    if type(value) is type(sys):
        module = getattr(value, "__name__", "")
    else:
        module = getattr(value if type(value) is type else type(value), "__module__", "")
    return isinstance(module, str) and module.split(".")[0] in ("ctypes", "_ctypes")
