"""Owns the dynamic look: which Functions ran, what they returned, and whether autograd ran inside.

A profile function sees every Python call and every call into C, so nothing that a submission
renames, wraps or patches hides a call of the autograd engine from it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import BackwardCFunction, Function

from . import tensors

__builtins__: dict[str, Any] = vars(builtins).copy()

_ENGINE = "run_backward"
_AUTOGRAD = frozenset({_ENGINE, "_make_dual", "_enter_dual_level", "_jvp_increment_nesting"})
_APPLY = Function.apply.__func__.__code__  # type: ignore[attr-defined]
_BACKWARD = frozenset(
    getattr(BackwardCFunction, name).__code__ for name in ("apply", "apply_boxed")
)
_setprofile, _getframe = sys.setprofile, sys._getframe
_needs = torch._C._FunctionBase.needs_input_grad.__get__
_requires_grad = torch._C.TensorBase.requires_grad.__get__
_push_hooks = torch._C._autograd._push_saved_tensors_default_hooks
_pop_hooks = torch._C._autograd._pop_saved_tensors_default_hooks
_ITEMS = 32
"""Arguments, returned values and names of autograd calls noted for one call."""


def _spoken(frame: Any, name: str) -> str:
    """The public name of the autograd call behind a call into C: `torch.autograd.grad`."""
    found = name
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.split(".")[0] != "torch":
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
    if module in ("torch.autograd", "torch.autograd.functional", "torch.autograd.forward_ad"):
        return f"{module}.{outer}"
    return ""


def _derivative(frame: Any, name: str) -> str:
    """The name of a derivative that PyTorch computes, such as `sigmoid_backward`, or nothing."""
    if not name:  # an overload of an operator has no name of its own, but its Python wrapper has
        name = str(getattr(frame.f_locals.get("self"), "_opname", ""))
    return name if name.endswith(("_backward", "_backward_data")) else ""


def watcher(line_of: Callable[[Any], int | None]) -> tuple[Callable[..., None], ...]:
    """Functions `start(record_saving)`, `skip()`, `stop()` and `report()`.

    `skip` excuses the engine's next run, which is the probe's own. `report` gives the calls, as
    dicts with raw values under "returned", and autograd calls outside of any Function.
    """
    calls: list[dict[str, Any]] = []
    loose: list[str] = []
    open_calls: list[tuple[Any, dict[str, Any]]] = []
    excused = hooked = False

    def note(name: str) -> None:
        into = open_calls[-1][1]["autograd"] if open_calls else loose
        if name not in into and len(into) < _ITEMS:
            into.append(name)

    def into_c(frame: Any, function: Any) -> None:
        nonlocal excused
        name = function.__name__
        if name in _AUTOGRAD:
            if excused and name == _ENGINE:
                excused = False
            else:
                note(_spoken(frame, name))
        elif (not name or name.endswith(("_backward", "_backward_data"))) and (
            derivative := _derivative(frame, name)
        ):
            note(derivative)

    def opened(frame: Any, code: Any) -> None:
        local = frame.f_locals
        if code is _APPLY:
            cls, which = local["cls"], "forward"
            needs = [tensors.is_tensor(a) and _requires_grad(a) for a in local["args"][:_ITEMS]]
        else:
            cls, which = type(local["self"])._forward_cls, "backward"
            needs = list(_needs(local["self"]))[:_ITEMS]
        call = {
            "class": str(cls.__name__)[:100],
            "pass": which,
            "line": line_of(cls),
            "needs": needs,
            "none": [],
            "autograd": [],
            "returned": (),
        }
        if len(calls) < 1000:
            calls.append(call)
        open_calls.append((frame, call))

    def closed(result: Any) -> None:
        _, call = open_calls.pop()
        if call["pass"] == "backward":
            returned = result if isinstance(result, (tuple, list)) else (result,)
            call["returned"] = returned[:_ITEMS]
            call["none"] = [value is None for value in call["returned"]]

    def hook(frame: Any, event: str, arg: Any) -> None:
        if event == "c_call":
            into_c(frame, arg)
        elif event == "call":
            code = frame.f_code
            if code is _APPLY or code in _BACKWARD:
                opened(frame, code)
        elif event == "return" and open_calls and open_calls[-1][0] is frame:
            closed(arg)

    def packed(tensor: Any) -> Any:
        # Tensors kept by `ctx.save_for_backward` are packed from `apply` itself; any other one is
        # kept by an operation that is being recorded inside of a Function.
        if open_calls and _getframe(1).f_code is not _APPLY:
            note("recorded operations for autograd")
        return tensor

    def start(record_saving: bool) -> None:
        nonlocal hooked
        hooked = record_saving
        if hooked:
            _push_hooks(packed, _same)
        _setprofile(hook)

    def skip() -> None:
        nonlocal excused
        excused = True

    def stop() -> None:
        nonlocal hooked
        _setprofile(None)
        if hooked:
            _pop_hooks()
            hooked = False

    def report() -> tuple[list[dict[str, Any]], list[str]]:
        return calls, loose

    return start, skip, stop, report


def _same(tensor: Any) -> Any:
    return tensor
