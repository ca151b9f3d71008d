"""Owns what is seen of a probe in Python: which Functions ran, what they returned, what was called.

A profile function sees Python's calls, and its calls into C. It gives names and lines; what it
misses of autograd (a call from C, say) stands in PyTorch's own record. There is no class here, and
state lives in closures: from a class, a submission could find its way to this module. Of what
belongs to a submission nothing is called, not even to read a name.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from typing import Any

from torch.autograd.function import BackwardCFunction, Function

from . import natives, standins, tensors

globals()["__builtins__"] = vars(builtins).copy()

_ENGINE = "run_backward"
_AUTOGRAD = frozenset({_ENGINE, "_make_dual", "_enter_dual_level", "_jvp_increment_nesting"})
_DERIVATIVES = ("_backward", "_backward_data")
_APPLY = Function.apply.__func__.__code__  # type: ignore[attr-defined]
_BACKWARD = frozenset({BackwardCFunction.apply.__code__, BackwardCFunction.apply_boxed.__code__})
_SPACE: Any = Function.apply.__func__.__globals__  # type: ignore[attr-defined]
"""Where Functions are run. Of any other frame we need not read the code, which the audit hook
would be told of: there are many."""
_FORMULAS = ("torch._decomp", "torch._refs")
"""Where PyTorch has derivatives written out in Python."""
_PUBLIC = frozenset({"torch.autograd", "torch.autograd.functional", "torch.autograd.forward_ad"})
_WITHIN = ("torch", "contextlib")
"""Where frames lie between the call of a public function and the call into C."""
_setprofile = standins.set_profile
_class_name, _get, _piece = type.__dict__["__name__"].__get__, dict.get, tuple.__getitem__
_ITEMS = 1024
"""Arguments and returned values of one call that are noted."""
_NAMES = 32
"""Names of autograd calls noted for one call."""
_CALLS = 1000
"""Calls noted in one probe."""

LineOf = Callable[[Any, bool], int | None]


def watch(line_of: LineOf) -> types.SimpleNamespace:
    """What is seen of one probe.

    `calls` are dicts with raw values under "returned", `loose` the autograd calls outside of any
    Function, `derivatives` PyTorch's own that were evaluated, `operations` how many were run, or
    None. `unseen` says why not all of that could be seen: "profiler", "calls" or nothing.
    `line_of` gives the line of a Function class's forward (True) or backward (False).
    """
    return types.SimpleNamespace(
        calls=[],
        loose=[],
        derivatives=[],
        operations=None,
        unseen="",
        open=[],
        excused=False,
        recording=False,
        looking=False,
        line_of=line_of,
    )


def start(seen: types.SimpleNamespace) -> None:
    """Looks from now on."""
    open_ones = seen.open

    def hook(frame: Any, event: str, arg: Any) -> None:
        if event == "c_call":
            name = arg.__name__
            if name in _AUTOGRAD or name.endswith(_DERIVATIVES):
                _into_c(seen, frame, name)
        elif event == "return":
            if open_ones and open_ones[-1][0] is frame:
                _closed(seen, arg)
        elif event == "call":
            space = frame.f_globals
            if space is _SPACE:
                _into_function(seen, frame, frame.f_code)
            elif _is_formula(_get(space, "__name__")):
                _into_formula(seen, frame.f_code.co_name)

    seen.looking = True
    _setprofile(hook)


def _into_function(seen: types.SimpleNamespace, frame: Any, code: Any) -> None:
    if code is _APPLY or code in _BACKWARD:
        _opened(seen, frame, code is _APPLY)


def _into_formula(seen: types.SimpleNamespace, name: str) -> None:
    if name.endswith(_DERIVATIVES):
        _note(seen, name)


def _is_formula(module: Any) -> bool:
    return type(module) is str and module.startswith(_FORMULAS)


def stop(seen: types.SimpleNamespace) -> None:
    """Looks no more, and ends the modes that would stand between us and tensors."""
    if seen.looking:
        seen.looking = False
        _setprofile(None)
    while natives.function_modes():
        natives.pop_function_mode()
    while natives.dispatch_modes():
        natives.pop_dispatch_mode()


def excuse(seen: types.SimpleNamespace) -> None:
    """Lets the engine's next run pass: it is the probe's own."""
    seen.excused = True


def _note(seen: types.SimpleNamespace, name: str) -> None:
    into = seen.open[-1][1]["autograd"] if seen.open else seen.loose
    if name not in into and len(into) < _NAMES:
        into.append(name)


def _into_c(seen: types.SimpleNamespace, frame: Any, name: str) -> None:
    if seen.excused and name == _ENGINE:
        seen.excused = False
    else:
        _note(seen, _spoken(frame, name) if name in _AUTOGRAD else name)


def _spoken(frame: Any, name: str) -> str:
    """The public name of the autograd call behind a call into C: `torch.autograd.grad`."""
    found = name
    while frame is not None:
        module = _get(frame.f_globals, "__name__", "")
        if type(module) is not str or module.partition(".")[0] not in _WITHIN:
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
        given = local["args"]
        needs = [tensors.is_tensor(one) and natives.requires_grad(one) for one in given]
    else:
        cls = type(local["self"])._forward_cls
        needs = list(natives.needs_input_grad(local["self"]))
    call = {
        "class": str.__str__(_class_name(cls))[:100],
        "pass": "forward" if forward else "backward",
        "line": seen.line_of(cls, forward),
        "needs": needs,
        "none": [],
        "autograd": [],
        "returned": (),
    }
    if len(seen.calls) < _CALLS and len(needs) <= _ITEMS:
        seen.calls.append(call)
    else:
        seen.unseen = "calls"
    seen.open.append((frame, call, forward))


def _closed(seen: types.SimpleNamespace, result: Any) -> None:
    _, call, forward = seen.open.pop()
    if not forward:
        call["returned"] = _returned(result)
        call["none"] = [value is None for value in call["returned"]]


def _returned(result: Any) -> tuple[Any, ...]:
    """What backward returned, one by one; of a list too, which the engine refuses."""
    if issubclass(type(result), tuple):
        return _piece(result, slice(_ITEMS))
    return tuple(result[:_ITEMS]) if type(result) is list else (result,)
