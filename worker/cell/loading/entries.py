"""Owns finding the entries: which class or callable of the file answers to which exercise."""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from torch.autograd import Function

from .classes import (
    function_behind,
    is_a,
    is_function_class,
    line_of,
    method_of,
    module_of,
    mro,
    name_of,
    qualname_of,
    subclasses,
    tried,
)
from .names import near_misses, normalised

globals()["__builtins__"] = vars(builtins).copy()

_PLAIN, _BOUND, _BUILTIN = types.FunctionType, types.MethodType, types.BuiltinFunctionType
_partial = functools.partial
_VAR_POSITIONAL = 4  # of a code object's flags


IsOwn = Callable[[Any], bool]


def ownership(module: str) -> IsOwn:
    """A function that says whether a Function class was defined in `module`.

    Classes that exist by now are none, whatever they call their module later.
    """
    before = {id(cls): cls for cls in _all_below(Function)}

    def is_own(cls: Any) -> bool:
        if id(cls) in before or not is_function_class(cls):
            return False
        theirs = tried(module_of, cls)
        return type(theirs) is str and theirs == module

    return is_own


def _all_below(root: Any) -> Iterator[Any]:
    for cls in subclasses(root):
        yield cls
        yield from _all_below(cls)


def _candidates(namespace: dict[str, Any], is_own: IsOwn) -> dict[str, Any]:
    """Names and what they stand for; classes that lost their name to something else come last."""
    found = {
        name: value
        for name, value in namespace.items()
        if type(name) is str and not name.startswith("__")
    }
    held = {id(value) for value in found.values()}
    for cls in filter(is_own, _all_below(Function)):
        # A class inside a function has no name of its own at the top level.
        if id(cls) not in held and "." not in qualname_of(cls):
            found[f"{name_of(cls)} "] = cls
    return found


def _theirs(value: Any, module: str, is_own: IsOwn) -> bool:
    """Whether a callable is the file's own work, and not a function that it imported."""
    if is_a(value, _partial):
        return True
    if type(value) is _BUILTIN:
        return is_own(value.__self__)
    if type(value) in (_PLAIN, _BOUND):
        return bool(value.__module__ == module) or is_own(getattr(value, "__self__", None))
    return bool(type(value).__module__ == module)


class _Parameters(NamedTuple):
    """What can be passed by position: names, how many have no default, whether any more."""

    names: tuple[str, ...]
    needed: int
    more: bool


def _parameters(value: Any, skip: int) -> _Parameters | None:
    """The parameters of a function without its first `skip` ones; None where nobody knows."""
    function = function_behind(value)
    if function is None:
        return None
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    needed = len(names) - len(function.__defaults__ or ())
    return _Parameters(names[skip:], max(0, needed - skip), bool(code.co_flags & _VAR_POSITIONAL))


def _takes(parameters: _Parameters | None, count: int) -> bool:
    """Whether something can be called with so many positional arguments and no more."""
    if parameters is None:
        return True
    return parameters.needed <= count and (parameters.more or count <= len(parameters.names))


def _arguments(value: Any) -> _Parameters | None:
    """The parameters of an entry, without the context."""
    if is_function_class(value):
        return _parameters(
            method_of(value, "forward"), int(method_of(value, "setup_context") is None)
        )
    if type(value) is _BUILTIN:
        return _arguments(value.__self__) if is_function_class(value.__self__) else None
    if type(value) is _BOUND:
        theirs = is_function_class(value.__self__) and value.__name__ == "apply"
        return _arguments(value.__self__) if theirs else _parameters(value, 1)
    return _parameters(value, 0)


def _problem(value: Any) -> str:
    """A code for why something of a fitting name cannot be an entry."""
    if is_function_class(value):
        return "not-own"
    if is_a(value, type):
        modules = {module_of(one).split(".")[0] + "." + name_of(one) for one in mro(value)}
        return "nn-module" if "torch.Module" in modules else "not-a-function-class"
    if callable(value):
        return "not-own"
    return "not-callable"


def _static(cls: Any, name: str) -> bool:
    """Whether a method is static, or borrowed: a function that was not written in this class."""
    method = method_of(cls, name)
    return type(method) is not _PLAIN or method.__qualname__.split(".")[-2:-1] != [name_of(cls)]


def _kind(name: str, value: Any) -> str:
    if not is_function_class(value):
        return "callable"
    return "function-class" if name == name.rstrip() else "renamed-class"


def _describe(name: str, value: Any) -> dict[str, Any]:
    cls = value if is_function_class(value) else tried(getattr, value, "__self__")
    backward = "vjp" if is_function_class(cls) and method_of(cls, "vjp") else "backward"
    known = is_function_class(cls)
    parameters = tried(_arguments, value)
    return {
        "found": name.rstrip(),
        "kind": _kind(name, value),
        "line": tried(line_of, cls if known else value),
        "problem": None,
        "near": [],
        "static": {
            "forward": not known or _static(cls, "forward"),
            "backward": not known or _static(cls, backward) or method_of(cls, backward) is None,
        },
        "arguments": list(parameters.names[:16]) if parameters else [],
    }


def _nothing(
    problem: str, near: list[str], name: str | None, line: int | None, kind: str | None = None
) -> dict[str, Any]:
    static = {"forward": False, "backward": False}
    return {
        "found": None,
        "kind": kind,
        "line": line,
        "problem": problem,
        "near": near,
        "static": static,
        "arguments": [name] if name else [],
    }


def find(
    wanted: dict[str, Any],
    namespace: dict[str, Any],
    module: str,
    is_own: IsOwn,
    unmade: dict[str, int],
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """For each slug what the file offers, as plain data, and what to call, for those found.

    `unmade` has the names that statements would have defined which raised, and their lines.
    A problem is "missing", "raised" (one of those), "nn-module", "not-a-function-class", "not-own"
    (PyTorch's function, or another module's) or "not-callable"; the name it is about is then the
    one item of "arguments".
    """
    candidates = _candidates(namespace, is_own)
    classes = {name: value for name, value in candidates.items() if is_own(value)}
    callables = {
        name: value
        for name, value in candidates.items()
        if name not in classes
        and callable(value)
        and not is_a(value, type)
        and tried(_theirs, value, module, is_own)
    }
    mine = classes | callables
    taken = {name for entry in wanted.values() for name in _ranked(entry["names"], mine)}
    # What answers to another exercise is no slip of the pen.
    free = {name: value for name, value in mine.items() if name not in taken}
    told, calls = {}, {}
    for slug, entry in wanted.items():
        name = _best(entry, classes, callables)
        if name is None:
            told[slug] = _unfound(slug, wanted, candidates, free, unmade)
            continue
        value = candidates[name]
        told[slug] = _describe(name, value)
        calls[slug] = value.apply if is_function_class(value) else value
    return told, calls


def _unfound(
    slug: str,
    wanted: dict[str, Any],
    candidates: dict[str, Any],
    free: dict[str, Any],
    unmade: dict[str, int],
) -> dict[str, Any]:
    """Why there is no entry for an exercise; `free` are those that may be misspelt ones."""
    names = wanted[slug]["names"]
    lost = min(_ranked(names, unmade), key=lambda name: unmade[name], default=None)
    if lost is not None:
        return _nothing("raised", [], lost, unmade[lost])
    fits = sorted(_ranked(names, candidates), key=lambda name: not callable(candidates[name]))
    if not fits:
        others = [name for other, one in wanted.items() if other != slug for name in one["names"]]
        near = near_misses(names, others, free)
        kind = next((_kind(name, value) for name, value in near.items()), None)
        return _nothing("missing", [name.rstrip() for name in near], None, None, kind)
    value = candidates[fits[0]]
    problem = tried(_problem, value) or "not-callable"
    return _nothing(problem, [], fits[0].rstrip(), tried(line_of, value))


def _ranked(names: list[str], candidates: dict[str, Any]) -> Iterator[str]:
    """The candidates that answer to one of the names: exact ones first, in the names' order."""
    for name in names:
        if name in candidates:
            yield name
    wanted = list(dict.fromkeys(normalised(name) for name in names))
    for plain in wanted:
        for name in candidates:
            if normalised(name.rstrip()) == plain and name not in names:
                yield name


def _best(entry: dict[str, Any], classes: dict[str, Any], callables: dict[str, Any]) -> str | None:
    """A Function class before any callable, unless only the callable takes these arguments."""
    count = entry["inputs"]
    ranked = [*_ranked(entry["names"], classes), *_ranked(entry["names"], callables)]
    both = classes | callables
    fitting = [name for name in ranked if _takes(tried(_arguments, both[name]), count)]
    return next(iter(fitting or ranked), None)
