"""Owns looking at what a file made, its classes first, without trusting what it says of itself."""

from __future__ import annotations

import builtins
import functools
import opcode
import types
from collections.abc import Callable
from typing import Any

from torch.autograd import Function
from torch.autograd.function import FunctionMeta

from .source import FILENAME

globals()["__builtins__"] = vars(builtins).copy()

_RETURNS = frozenset(
    opcode.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in opcode.opmap
)
_PLAIN, _partial = types.FunctionType, functools.partial
subclasses, mro = type.__subclasses__, type.mro
# What a metaclass says of its classes may be a lie, so they are asked behind its back.
namespace, name_of, qualname_of, module_of = (
    type.__dict__[one].__get__ for one in ("__dict__", "__name__", "__qualname__", "__module__")
)


def is_a(value: Any, cls: type) -> bool:
    """As isinstance, without asking the value."""
    return _below(type(value), cls)


def _below(cls: Any, root: type) -> bool:
    return any(one is root for one in mro(cls))


def is_function_class(value: Any) -> bool:
    """Whether a value is a subclass of torch.autograd.Function."""
    return is_a(value, FunctionMeta) and value is not Function and _below(value, Function)


def tried(look: Callable[..., Any], *args: Any) -> Any:
    """What a look at a value of the file's making gives; None if it raises, as such a value may."""
    try:
        return look(*args)
    except BaseException:
        return None


def method_of(cls: Any, name: str) -> Any:
    """A method as it stands in the class that defines it below Function, or None."""
    for one in mro(cls):
        if one is Function:
            return None
        if name in namespace(one):
            return namespace(one)[name]
    return None


def function_behind(value: Any) -> Any:
    """The function behind decorators and method wrappers, or None. Of one that is the file's own,
    around one that is not, the file's."""
    value = getattr(value, "__func__", value)
    for _ in range(50):
        if not hasattr(value, "__wrapped__"):
            break
        inner = value.__wrapped__
        if _is_in_the_file(value) and not (_is_in_the_file(inner) or hasattr(inner, "__wrapped__")):
            break
        value = inner
    return value if type(value) is _PLAIN else None


def _is_in_the_file(value: Any) -> bool:
    return type(value) is _PLAIN and bool(str.__eq__(value.__code__.co_filename, FILENAME))


def _code(value: Any) -> Any:
    """The code behind a function or method that stands in the file itself, or None."""
    function = tried(function_behind, value)
    return function.__code__ if _is_in_the_file(function) else None


def line_of(value: Any) -> int | None:
    """The line on which a class (by its first method) or a function of the file begins."""
    if is_a(value, type):
        codes = [_code(one) for one in namespace(value).values()]
        lines = [code.co_firstlineno for code in codes if code is not None]
        return min(lines, default=None)
    if is_a(value, _partial):
        return line_of(value.func)
    code = _code(value)
    return None if code is None else code.co_firstlineno


def lines_of_method(cls: Any, forward: bool) -> tuple[int | None, int | None]:
    """The line on which a Function class (or one it inherits from) begins its method, and the only
    one on which that returns; None for the latter where there are several."""
    for name in ("forward",) if forward else ("backward", "vjp"):
        for one in mro(cls):
            code = _code(namespace(one).get(name))
            if code is not None:
                return int(code.co_firstlineno), _only_return(code)
    return line_of(cls), None


def _only_return(code: types.CodeType) -> int | None:
    instructions = code.co_code
    lines = {
        line
        for start, end, line in code.co_lines()
        for at in range(start, end, 2)  # an instruction and its argument are a byte each
        if instructions[at] in _RETURNS
    }
    return lines.pop() if len(lines) == 1 else None
