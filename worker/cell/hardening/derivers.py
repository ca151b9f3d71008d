"""Owns what could derive a gradient for a file, or change what an operation does: it is taken away.

That is what is loaded of computer algebra, which torch brings along, and of PyTorch's derivatives
as Python code (most of it is not, see `warmup.stand_ins`); and the registration of kernels, by
which code of a file would run in the grader's own calls. What holds derivatives as text cannot be
read (`refusals`, `landlock`).
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, NoReturn

import torch

from . import frame_proxies
from .refusals import derives

_METHODS = (
    *("impl", "impl_t_t", "define", "def_", "def_legacy", "fallback", "fallback_fallthrough"),
    "reset",
)
_OF_KERNELS = torch._C._DispatchModule
_Module: Any = type(sys)
_DENSITIES = frozenset({"log_abs_det_jacobian", "log_prob"})
"""The methods of torch's distributions that give the derivative of a transform, or of what a
distribution's probabilities add up to."""
_DISTRIBUTIONS = "torch.distributions."


def disable(change: Callable[[type, dict[str, Any]], None]) -> None:
    """Makes all of it unknown to this process; `change` gives other methods to a class in C.

    Classes and functions can be found without their modules, as by `__subclasses__`, so every
    function loses its code.
    """
    spaces = {id(vars(module)) for name, module in sys.modules.items() if derives(name)}
    empty(
        one
        for one in gc.get_objects()
        if type(one) is FunctionType and (id(one.__globals__) in spaces or _is_density(one))
    )
    for name, module in list(sys.modules.items()):
        if derives(name):
            if getattr(module, "__spec__", None) is not None:  # a stand-in has none
                del sys.modules[name]
        elif module is not None and name.partition(".")[0] == "torch":
            space = vars(module)
            for key in [key for key, value in space.items() if derives(_home(value))]:
                del space[key]
    refuse = frame_proxies.opaque(_refuse)
    change(_OF_KERNELS, dict.fromkeys(_METHODS, refuse))


def _is_density(function: FunctionType) -> bool:
    return function.__name__ in _DENSITIES and str(function.__module__).startswith(_DISTRIBUTIONS)


def empty(functions: Iterable[FunctionType]) -> None:
    """Has functions raise, whoever holds them and by whatever way they are found."""
    for one in functions:
        one.__code__ = _gone.__code__.replace(co_freevars=one.__code__.co_freevars)


def _gone(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("deriving is not possible while your file is checked")


def _home(value: Any) -> str:
    """The module that a value is, or in which it was defined."""
    if type(value) is _Module:
        return str(getattr(value, "__name__", ""))
    if type(value) is FunctionType or issubclass(type(value), type):
        return str(getattr(value, "__module__", ""))
    return ""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("registering a kernel is not possible while your file is checked")
