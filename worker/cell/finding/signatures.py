"""Owns what a Function or a callable can be called with."""

from __future__ import annotations

import builtins
import types
from typing import Any, NamedTuple

from ..loading.classes import function_behind, is_function_class, method_of

globals()["__builtins__"] = vars(builtins).copy()

_BOUND, _BUILTIN = types.MethodType, types.BuiltinFunctionType
_VAR_POSITIONAL = 4  # of a code object's flags


class Parameters(NamedTuple):
    """What can be passed by position: names, how many have no default, whether any more."""

    names: tuple[str, ...]
    needed: int
    more: bool


def parameters(value: Any) -> Parameters | None:
    """The parameters of an entry, without the context; None where nobody knows."""
    if is_function_class(value):
        return _without(method_of(value, "forward"), int(method_of(value, "setup_context") is None))
    if type(value) is _BUILTIN:
        return parameters(value.__self__) if is_function_class(value.__self__) else None
    if type(value) is _BOUND:
        theirs = is_function_class(value.__self__) and value.__name__ == "apply"
        return parameters(value.__self__) if theirs else _without(value, 1)
    return _without(value, 0)


def _without(value: Any, skip: int) -> Parameters | None:
    """The parameters of a function without its first `skip` ones; None where nobody knows."""
    function = function_behind(value)
    if function is None:
        return None
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    needed = len(names) - len(function.__defaults__ or ())
    return Parameters(names[skip:], max(0, needed - skip), bool(code.co_flags & _VAR_POSITIONAL))


def takes(given: Parameters | None, count: int) -> bool:
    """Whether something can be called with so many positional arguments and no more."""
    if given is None:
        return True
    return given.needed <= count and (given.more or count <= len(given.names))
