"""Owns what of PyTorch a cell never loads: the compiler, and computer algebra under it.

PyTorch loads both at a first backward pass, or by itself, and uses of them what is below. They are
a thousand modules: a cell would take twice the time to start, and each of its forks more pages.
Submissions can find what is here.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
from types import FunctionType, ModuleType
from typing import Any


def put() -> None:
    """Puts the stand-ins in the places of the modules; before torch is imported."""
    _put("torch._meta_registrations")
    _put("torch.onnx", is_in_onnx_export=_never)
    _put(
        "torch.fx.experimental.symbolic_shapes",
        _advise_is_bounded=_nothing,
        _advise_is_size=_nothing,
        expect_true=bool,
        guard_or_false=bool,
        guard_or_true=bool,
        guard_size_oblivious=bool,
        has_free_unbacked_symbols=_never,
        is_nested_int=_never,
        statically_known_true=bool,
        sym_eq=_are_equal,
    )
    # What is told of `torch.use_deterministic_algorithms`.
    _put("torch._inductor", config=_put("torch._inductor.config"))
    # What a tensor is asked for when it is compared with another.
    _put("torch.distributed.tensor", DTensor=type("DTensor", (), {}))
    _put(
        "torch._dynamo",
        allow_in_graph=unchanged,
        compiled_autograd=_put("torch._dynamo.compiled_autograd", _disable=contextlib.nullcontext),
        config=_put("torch._dynamo.config", error_on_nested_fx_trace=True, patch=_no_context),
        disable=unchanged,
        disallow_in_graph=unchanged,
        graph_break=_nothing,
        reset=_nothing,
        set_stance=_no_context,
    )


def _put(name: str, **names: Any) -> ModuleType:
    module = ModuleType(name, "What PyTorch uses of this module outside of its compiler.")
    for one, value in names.items():
        setattr(module, one, apart(value) if type(value) is FunctionType else value)
    sys.modules[name] = module
    return module


def apart(function: Any, **names: Any) -> FunctionType:
    """The same function with variables of its own, these and no others: a file can find it, and is
    led nowhere from there."""
    space = {"__builtins__": vars(builtins).copy(), "__name__": "torch", **names}
    made = FunctionType(
        function.__code__,
        {"contextlib": contextlib, **space},
        function.__name__,
        function.__defaults__,
    )
    made.__doc__ = function.__doc__
    return made


def unchanged(function: Any = None, *args: object, **options: object) -> Any:
    """What it is given, be it as a call or as a decorator."""
    return (lambda one: one) if function is None else function


def _nothing(*args: object, **options: object) -> None:
    """There is no compiler to be told anything."""


def _no_context(*args: object, **options: object) -> Any:
    """What can be called, or be the context of a block, and changes nothing."""
    return contextlib.nullcontext()


def _never(*args: object) -> bool:
    """No size is a symbol here, and nothing is exported."""
    return False


def _are_equal(one: Any, other: Any) -> bool:
    return tuple(one) == tuple(other)
