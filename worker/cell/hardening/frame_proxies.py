"""Owns what a file, and library code on its behalf, sees of Python's frames: stand-ins for them.

From one real frame it is a step back to ours, and whatever library function is handed one, a file
can patch what that hands it on to. A stand-in has the same attributes and ends where ours begin.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import gc
import os
import sys
import traceback
import types
import unittest
from collections.abc import Callable, Iterator
from typing import Any

globals()["__builtins__"] = vars(builtins).copy()

_HERE = os.path.dirname(os.path.dirname(__file__)) + os.sep
"""Where all of our files are: this one is in a folder of them."""
_Traceback, _starts = types.TracebackType, str.startswith
_position: Any = traceback._get_code_position  # type: ignore[attr-defined]
_real_getframe, _vars = sys._getframe, vars
_is_on, _off, _on = gc.isenabled, gc.disable, gc.enable
_wrapper: Any = functools._lru_cache_wrapper
_plain: Any = object
_real_settrace, _real_subclasses = sys.settrace, type.__subclasses__
_module_of = type.__dict__["__module__"].__get__
_PACKAGE = __name__.partition(".")[0]
_Fast = (lambda: type(sys._getframe().f_locals))()
"""Of a function's variables: from Python 3.13 on a view, of which `locals` gives a copy."""

looking = False
"""Whether one of ours does what nobody may. The collector rests meanwhile, as it would run
finalisers, and nothing else runs but one call into C: so the audit hook lets everything pass."""

_Frame: Any = type(
    "frame",
    (types.SimpleNamespace,),
    {
        "__class__": types.FrameType,
        "__module__": "builtins",
        "__repr__": _plain.__repr__,
        "__eq__": _plain.__eq__,
        "__hash__": _plain.__hash__,
    },
)
"""No function is in this class, since from a class a file could find its way to this module."""


def opaque(function: Callable[..., Any]) -> Any:
    """The same to call, and no way from it to the function, its variables or our modules.

    A cache without room does that in C: it names what it calls to nobody.
    """
    return _wrapper(function, 0, False, functools._CacheInfo)


def caller() -> Any:
    """The frame of whoever called the one that calls this, a real one."""
    global looking
    was_on = _is_on()
    _off()
    try:
        looking = True
        return _real_getframe(2)
    finally:
        looking = False
        if was_on:
            _on()


def is_ours(frame: Any) -> bool:
    """Whether code of ours runs in a frame. Who forges this gains nothing, and is hidden."""
    return _starts(frame.f_code.co_filename, _HERE)


def walked(at: Any) -> Iterator[tuple[Any, int, int]]:
    """Frame, line and instruction for each step of a traceback: real frames, for our own use."""
    while type(at) is _Traceback:
        yield _frame_of(at), at.tb_lineno, at.tb_lasti
        at = at.tb_next


def _frame_of(step: Any) -> Any:
    global looking
    was_on = _is_on()
    _off()
    try:
        looking = True
        return step.tb_frame
    finally:
        looking = False
        if was_on:
            _on()


def _shown(frame: Any, back: Any = None) -> Any:
    return _Frame(
        f_back=back,
        f_code=frame.f_code,
        f_globals=frame.f_globals,
        f_locals=_locals_of(frame),
        f_builtins=frame.f_builtins,
        f_lineno=frame.f_lineno,
        f_lasti=frame.f_lasti,
        f_trace=None,
    )


def _getframe(depth: int = 0) -> Any:
    frames, frame = [], caller()
    while frame is not None and not is_ours(frame):
        frames.append(frame)
        frame = frame.f_back
    shown = None
    for frame in reversed(frames[max(0, depth) :]):
        shown = _shown(frame, shown)
    if shown is None:
        raise ValueError("call stack is not deep enough")
    return shown


def _asked_by() -> Any:
    """The frame of who called one of the following, unless it was C code beneath one of ours."""
    frame = caller().f_back
    if is_ours(frame):
        raise PermissionError("these variables are not the file's own")
    return frame


def _globals() -> Any:
    return _asked_by().f_globals


def _locals_of(frame: Any) -> Any:
    found = frame.f_locals
    return dict(found) if _Fast is not dict and type(found) is _Fast else found


def _locals() -> Any:
    return _locals_of(_asked_by())


def _variables(*of: Any) -> Any:
    return _vars(*of) if of else _locals_of(_asked_by())


def _theirs(at: Any) -> Iterator[tuple[Any, int, int]]:
    return (each for each in walked(at) if not is_ours(each[0]))


def _walk_tb(tb: Any) -> Any:
    return iter([(_shown(frame), line) for frame, line, _ in _theirs(tb)])


def _walk_tb_in_full(tb: Any) -> Any:
    steps = []
    for frame, line, instruction in _theirs(tb):
        first, *rest = _position(frame.f_code, instruction)
        steps.append((_shown(frame), (line if first is None else first, *rest)))
    return iter(steps)


def _clear_frames(tb: Any) -> None:
    for frame, _, _ in _theirs(tb):
        with contextlib.suppress(RuntimeError):  # it still runs
            frame.clear()


def _is_relevant_tb_level(_: Any, tb: Any) -> bool:
    return type(tb) is _Traceback and "__unittest" in _frame_of(tb).f_globals


def _settrace(function: Any) -> None:
    """Ends no tracing in silence, as doctest does; whatever else is asked for, the hook refuses."""
    if function is not None:
        _real_settrace(function)


def _subclasses(cls: Any) -> list[Any]:
    """Without our classes, whose methods know our modules, and those of ctypes."""
    return [one for one in _real_subclasses(cls) if not _is_hidden(_module_of(one))]


def _is_hidden(module: Any) -> bool:
    return type(module) is str and module.partition(".")[0] in (_PACKAGE, "ctypes", "_ctypes")


def nothing(*_args: Any, **_named: Any) -> None:
    """Stands in for what a file has no business with, and libraries may call in passing."""


def no_compiler(*_args: Any, **_named: Any) -> tuple[None, bool]:
    """Stands in for setting autograd's compiler: there was none, as `torch.func` wants to know."""
    return None, False


def swaps() -> list[tuple[Any, Any]]:
    """What is to be replaced wherever it is found, and by what.

    `globals` and its like are there because C code can call them while one of our functions runs.
    """
    unittest.TestResult._is_relevant_tb_level = opaque(_is_relevant_tb_level)  # type: ignore[attr-defined]
    walk_in_full = traceback._walk_tb_with_full_positions  # type: ignore[attr-defined]
    pairs: list[tuple[Any, Any]] = [
        (sys._getframe, _getframe),
        (builtins.globals, _globals),
        (builtins.locals, _locals),
        (builtins.vars, _variables),
        (sys.settrace, _settrace),
        (traceback.walk_tb, _walk_tb),
        (walk_in_full, _walk_tb_in_full),
        (traceback.clear_frames, _clear_frames),
    ]
    return [(original, opaque(ours)) for original, ours in pairs]


def methods() -> dict[str, Any]:
    """The same for methods of `type`."""
    return {"__subclasses__": opaque(_subclasses)}
