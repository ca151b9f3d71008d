"""Owns what a file offers of its own: Function classes wherever they are defined, and callables."""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

from torch.autograd import Function

from ..loading.classes import (
    function_behind,
    is_a,
    is_function_class,
    line_of,
    module_of,
    name_of,
    namespace,
    qualname_of,
    subclasses,
    tried,
)
from .signatures import Parameters, parameters
from .stubs import FORWARD, unwritten

globals()["__builtins__"] = vars(builtins).copy()

_PLAIN, _BOUND, _BUILTIN = types.FunctionType, types.MethodType, types.BuiltinFunctionType
_partial, _cached = functools.partial, functools.cached_property
_DEEP = 3
"""Functions that are followed from one to the next, to see which class they come to."""


IsOwn = Callable[[Any], bool]


def ownership(module: str) -> IsOwn:
    """A function that says whether a Function class was defined in `module`, or has a method that
    was: what a class calls its module may be another name, as `types.new_class` gives it.

    Classes that exist by now are none, whatever they call their module later.
    """
    before = {id(cls): cls for cls in _all_below(Function)}

    def is_own(cls: Any) -> bool:
        if id(cls) in before or not is_function_class(cls):
            return False
        return _says(cls, module) or line_of(cls) is not None

    return is_own


def _says(cls: Any, module: str) -> bool:
    """Whether a class calls this its module."""
    theirs = tried(module_of, cls)
    return type(theirs) is str and theirs == module


def _all_below(root: Any) -> Iterator[Any]:
    for cls in subclasses(root):
        yield cls
        yield from _all_below(cls)


class File:
    """What the top level of a file left behind."""

    def __init__(self, space: dict[str, Any], module: str, is_own: IsOwn) -> None:
        self.named = {
            name: value
            for name, value in space.items()
            if type(name) is str and not name.startswith("__")
        }
        self.module, self.is_own = module, is_own

    def offered(self) -> list[Candidate]:
        """All that could be an entry, in the order in which it is preferred."""
        classes = {name: value for name, value in self.named.items() if self.is_own(value)}
        callables = [
            (name, value)
            for name, value in self.named.items()
            if name not in classes
            and callable(value)
            and not is_a(value, type)
            and tried(_theirs, value, self.module, self.is_own)
        ]
        found = [
            *((name, value, "function-class") for name, value in classes.items()),
            *((name, value, "callable") for name, value in callables),
            *((name, value, "renamed-class") for name, value in self._lost(classes)),
            *((name, value, "inner-class") for name, value in self._inner(classes)),
        ]
        return [Candidate(*one, self) for one in found]

    def is_class_of_its_own(self, value: Any) -> bool:
        """Whether a value is a class of whatever kind that the file defines."""
        return is_a(value, type) and (_says(value, self.module) or line_of(value) is not None)

    def _lost(self, classes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Classes of the top level that lost their name to something that is none, and the name."""
        held = {id(value) for value in classes.values()}
        for cls in filter(self.is_own, _all_below(Function)):
            # A class inside a function has no name of its own at the top level.
            if id(cls) not in held and "." not in qualname_of(cls) and name_of(cls) not in classes:
                yield name_of(cls), cls

    def _inner(self, classes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Function classes inside of other classes, and those that a function made and gave away
        under another name, each with the name that they have there."""
        for name, value in classes.items():
            if "<locals>" in qualname_of(value) and name_of(value) != name:
                yield name_of(value), value
        for name, value in self.named.items():
            if self.is_class_of_its_own(value):
                for inner, cls in namespace(value).items():
                    if type(inner) is str and self.is_own(cls):
                        yield f"{name}.{inner}", cls

    def leads(self, value: Any, deep: int = _DEEP) -> Iterator[Any]:
        """The file's Function classes that a callable names, or functions that it names do."""
        owner = tried(getattr, value, "__self__")
        if self.is_own(owner):
            yield owner
        function = tried(function_behind, value)
        if function is None or not deep:
            return
        for name in function.__code__.co_names:
            other = self.named.get(name)
            if self.is_own(other):
                yield other
            elif other is not value and type(other) in (_PLAIN, _BUILTIN):
                yield from self.leads(other, deep - 1)


class Candidate:
    """Something of the file's own that could be an entry.

    `kind` is "function-class", "renamed-class" (by now its name stands for something else),
    "inner-class" or "callable". The rest is looked at when somebody asks.
    """

    def __init__(self, name: str, value: Any, kind: str, file: File) -> None:
        self.name, self.value, self.kind = name, value, kind
        self._file = file

    @property
    def is_class(self) -> bool:
        return self.kind != "callable"

    @property
    def line(self) -> int | None:
        """Where it begins; of a class's `apply`, where the class does."""
        owner = tried(getattr, self.value, "__self__")
        known = not self.is_class and is_function_class(owner)
        found: int | None = tried(line_of, owner if known else self.value)
        return found

    @_cached
    def parameters(self) -> Parameters | None:
        found: Parameters | None = tried(parameters, self.value)
        return found

    @_cached
    def leads(self) -> tuple[Any, ...]:
        """The file's Function classes that it comes to; a class comes to itself."""
        if self.is_class:
            return (self.value,)
        return tuple({id(one): one for one in self._file.leads(self.value)}.values())

    @_cached
    def is_blind(self) -> bool:
        """Whether it is a function that is seen to come to no Function."""
        function = None if self.is_class else tried(function_behind, self.value)
        return function is not None and not self.leads and "apply" not in function.__code__.co_names

    @_cached
    def unwritten(self) -> int:
        """How much of it is yet to be written, as `stubs.unwritten` has it."""
        own = tried(unwritten, self.value) or 0
        return max(own, min((tried(unwritten, one) or 0 for one in self.leads), default=0))

    @property
    def is_begun(self) -> bool:
        """Whether its forward, and so all of it, is yet to be written."""
        return self.unwritten == FORWARD


def _theirs(value: Any, module: str, is_own: IsOwn) -> bool:
    """Whether a callable is the file's own work, and not a function that it imported."""
    if is_a(value, _partial) or line_of(value) is not None:
        return True
    if type(value) is _BUILTIN:
        return is_own(value.__self__)
    if type(value) in (_PLAIN, _BOUND):
        return bool(value.__module__ == module) or is_own(getattr(value, "__self__", None))
    return bool(type(value).__module__ == module)
