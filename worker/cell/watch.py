"""Owns the dynamic look: which Functions ran, what they returned, and whether autograd ran inside.

A profile function sees every Python call and every call into C, so nothing that a submission
renames, wraps or patches hides a call of the autograd engine from it. There is no class here, and
state lives in closures: from a class, a submission could find its way to this module.
"""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import BackwardCFunction, Function

from . import natives, tensors

globals()["__builtins__"] = vars(builtins).copy()

_ENGINE = "run_backward"
_AUTOGRAD = frozenset({_ENGINE, "_make_dual", "_enter_dual_level", "_jvp_increment_nesting"})
_DERIVATIVES = ("_backward", "_backward_data")
_APPLY = Function.apply.__func__.__code__  # type: ignore[attr-defined]
_BACKWARD = frozenset({BackwardCFunction.apply.__code__, BackwardCFunction.apply_boxed.__code__})
_PUBLIC = frozenset({"torch.autograd", "torch.autograd.functional", "torch.autograd.forward_ad"})
_Overload = torch._ops.OpOverload
_setprofile, _getframe = sys.setprofile, sys._getframe
_ENGINES = ("autograd::", "torch::")
"""How the names begin of what a profile has beside operations: the engine's own steps."""
_ITEMS = 32
"""Arguments, returned values and names of autograd calls noted for one call."""
_CALLS = 1000
"""Calls noted in one probe."""

LineOf = Callable[[Any, bool], int | None]


def watch(line_of: LineOf) -> types.SimpleNamespace:
    """What is seen of one probe: `calls`, as dicts with raw values under "returned", `loose`,
    the autograd calls outside of any Function, and `operations`, how many were run, or None.
    `line_of` gives the line of a Function class's forward (True) or backward (False)."""
    return types.SimpleNamespace(
        calls=[],
        loose=[],
        operations=None,
        open=[],
        excused=False,
        hooked=False,
        counting=False,
        line_of=line_of,
    )


def start(seen: types.SimpleNamespace, what: list[str]) -> None:
    """Looks from now on at "calls", at "recording" for autograd in Functions, at "operations"."""

    def hook(frame: Any, event: str, arg: Any) -> None:
        if event == "c_call":
            name = arg.__name__
            if name in _AUTOGRAD or not name or name.endswith(_DERIVATIVES):
                _into_c(seen, frame, name)
        elif event == "call":
            code = frame.f_code
            if code is _APPLY or code in _BACKWARD:
                _opened(seen, frame, code is _APPLY)
        elif event == "return" and seen.open and seen.open[-1][0] is frame:
            _closed(seen, arg)

    if "recording" in what:
        seen.hooked = True
        natives.push_saved_tensors_hooks(_packer(seen), _same)
    if "operations" in what:
        _count(seen)
    if "calls" in what:
        _setprofile(hook)


def _packer(seen: types.SimpleNamespace) -> Callable[[Any], Any]:
    def packed(tensor: Any) -> Any:
        # Tensors kept by `ctx.save_for_backward` are packed from `apply` itself; any other one is
        # kept by an operation that is being recorded inside of a Function.
        if seen.open and _getframe(1).f_code is not _APPLY:
            _note(seen, "recorded operations for autograd")
        return tensor

    return packed


def stop(seen: types.SimpleNamespace) -> None:
    """Looks no more."""
    _setprofile(None)
    if seen.hooked:
        natives.pop_saved_tensors_hooks()
        seen.hooked = False
    if seen.counting:
        _counted(seen)


def _count(seen: types.SimpleNamespace) -> None:
    try:
        natives.start_counting()
    except RuntimeError:  # a submission has a profiler of its own running
        return
    seen.counting = True


def _counted(seen: types.SimpleNamespace) -> None:
    """Adds the operations since `_count`; those that an operation is made of are part of it."""
    seen.counting = False
    try:
        events = natives.stop_counting()
    except RuntimeError:  # a submission stopped it
        return
    seen.operations = (seen.operations or 0) + sum(map(_operations, events))


def _operations(events: list[Any]) -> int:
    """How many operations one thread ran; `inside` counts those that are still open."""
    count = inside = 0
    open_ones: list[bool] = []
    for event in events:
        kind = natives.event_kind(event)
        if kind == "push":
            name = natives.event_name(event)
            is_operation = "::" in name and not name.startswith(_ENGINES)
            count += is_operation and not inside
            inside += is_operation
            open_ones.append(is_operation)
        elif kind == "pop" and open_ones:
            inside -= open_ones.pop()
    return count


def excuse(seen: types.SimpleNamespace) -> None:
    """Lets the engine's next run pass: it is the probe's own."""
    seen.excused = True


def _same(tensor: Any) -> Any:
    return tensor


def _note(seen: types.SimpleNamespace, name: str) -> None:
    into = seen.open[-1][1]["autograd"] if seen.open else seen.loose
    if name not in into and len(into) < _ITEMS:
        into.append(name)


def _into_c(seen: types.SimpleNamespace, frame: Any, name: str) -> None:
    if name not in _AUTOGRAD:
        if derivative := _derivative(frame, name):
            _note(seen, derivative)
    elif seen.excused and name == _ENGINE:
        seen.excused = False
    else:
        _note(seen, _spoken(frame, name))


def _derivative(frame: Any, name: str) -> str:
    """The name of a derivative that PyTorch computes, such as `sigmoid_backward`, or nothing."""
    if not name:  # an overload of an operator has no name of its own, but its Python wrapper has
        caller = frame.f_locals.get("self")
        name = str(caller._opname) if type(caller) is _Overload else ""
    return name if name.endswith(_DERIVATIVES) else ""


def _spoken(frame: Any, name: str) -> str:
    """The public name of the autograd call behind a call into C: `torch.autograd.grad`."""
    found = name
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] != "torch":
            break
        found = _public(module, frame.f_code.co_qualname) or found
        frame = frame.f_back
    return found


def _public(module: str, qualname: str) -> str:
    outer = qualname.split(".<locals>")[0]
    if module.startswith("torch._functorch"):
        return "torch.func." + outer.lstrip("_").removesuffix("_with_argnums")
    if module == "torch._tensor":
        return outer
    return f"{module}.{outer}" if module in _PUBLIC else ""


def _opened(seen: types.SimpleNamespace, frame: Any, forward: bool) -> None:
    local = frame.f_locals
    if forward:
        cls = local["cls"]
        given = local["args"][:_ITEMS]
        needs = [tensors.is_tensor(one) and natives.requires_grad(one) for one in given]
    else:
        cls = type(local["self"])._forward_cls
        needs = list(natives.needs_input_grad(local["self"]))[:_ITEMS]
    call = {
        "class": str(cls.__name__)[:100],
        "pass": "forward" if forward else "backward",
        "line": seen.line_of(cls, forward),
        "needs": needs,
        "none": [],
        "autograd": [],
        "returned": (),
    }
    if len(seen.calls) < _CALLS:
        seen.calls.append(call)
    seen.open.append((frame, call, forward))


def _closed(seen: types.SimpleNamespace, result: Any) -> None:
    _, call, forward = seen.open.pop()
    if not forward:
        returned = result if isinstance(result, (tuple, list)) else (result,)
        call["returned"] = returned[:_ITEMS]
        call["none"] = [value is None for value in call["returned"]]
