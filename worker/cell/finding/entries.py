"""Owns finding the entries: which class or callable of the file answers to which exercise."""

from __future__ import annotations

import builtins
import types
from typing import Any

from ..loading import module_exec, source
from ..loading.classes import (
    is_a,
    is_function_class,
    line_of,
    method_of,
    module_of,
    mro,
    name_of,
    tried,
)
from .candidates import File, IsOwn
from .choosing import Choice, Taken
from .vocabulary import Named

globals()["__builtins__"] = vars(builtins).copy()

_PLAIN = types.FunctionType
_TOLD = 5


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


def _describe(taken: Taken) -> dict[str, Any]:
    one = taken.candidate
    value = one.value
    cls = value if is_function_class(value) else tried(getattr, value, "__self__")
    backward = "vjp" if is_function_class(cls) and method_of(cls, "vjp") else "backward"
    known = is_function_class(cls)
    given = one.parameters
    return {
        "found": one.name,
        "kind": one.kind,
        "line": one.line,
        "problem": None,
        "why": taken.why,
        "near": [],
        "static": {
            "forward": not known or _static(cls, "forward"),
            "backward": not known or _static(cls, backward) or method_of(cls, backward) is None,
        },
        "arguments": list(given.names[:16]) if given else [],
    }


def _nothing(
    problem: str,
    near: list[str],
    name: str | None = None,
    line: int | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    static = {"forward": False, "backward": False}
    return {
        "found": None,
        "kind": kind,
        "line": line,
        "problem": problem,
        "why": "",
        "near": near,
        "static": static,
        "arguments": [name] if name else [],
    }


def find(
    wanted: Named,
    others: Named,
    space: dict[str, Any],
    module: str,
    is_own: IsOwn,
    unmade: dict[str, int],
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """For each slug what the file offers, as plain data, and what to call, for those found.

    `others` are exercises that nobody asks for, `unmade` has the names that statements would have
    defined which raised, and their lines. A problem is "missing", "several" (any of `near` could be
    meant), "shared" (it could be meant for another exercise too), "unknown" (nothing in `near` has
    a name that says something), "unwritten", "raised" (one of those), "nn-module",
    "not-a-function-class", "not-own" (PyTorch's function, or another module's) or "not-callable";
    the name that the last six are about is the one item of "arguments".
    """
    file = File(space, module, is_own)
    choice = Choice(wanted, others, file.offered())
    told, calls = {}, {}
    for slug in wanted:
        taken = choice.taken.get(slug)
        if taken is None:
            told[slug] = _untaken(slug, choice, file, unmade)
        elif taken.candidate.is_begun:
            one = taken.candidate
            told[slug] = _nothing("unwritten", [], one.name, one.line, one.kind)
        else:
            told[slug] = _describe(taken)
            value = taken.candidate.value
            calls[slug] = value.apply if is_function_class(value) else value
    return told, calls


def _untaken(slug: str, choice: Choice, file: File, unmade: dict[str, int]) -> dict[str, Any]:
    """Why there is no entry for an exercise."""
    if names := choice.several.get(slug) or (
        [choice.shared[slug]] if slug in choice.shared else []
    ):
        first = next(one for one in choice.offered if one.name == names[0])
        problem = "several" if slug in choice.several else "shared"
        return _nothing(problem, names[:_TOLD], None, first.line, first.kind)
    lost = [name for name in unmade if choice.answers(name, slug)]
    if lost:
        first_lost = min(lost, key=lambda name: unmade[name])
        return _nothing("raised", [], first_lost, unmade[first_lost])
    fits = [
        (name, value)
        for name, value in file.named.items()
        if choice.is_called(name, slug)
        or (file.is_class_of_its_own(value) and choice.answers(name, slug))
    ]
    if fits:
        name, value = min(fits, key=lambda one: not callable(one[1]))
        problem = tried(_problem, value) or "not-callable"
        return _nothing(problem, [], name, tried(line_of, value))
    near = choice.near(slug)
    unknown = [] if near else [one for one in choice.left() if one.is_class]
    told = near or unknown
    names = list(dict.fromkeys(one.name for one in told))[:_TOLD]
    line, kind = (told[0].line, told[0].kind) if told else (None, None)
    return _nothing("unknown" if unknown else "missing", names, None, line, kind)


def finder(
    header: dict[str, Any],
    text: bytes,
    definitions: dict[str, int],
    module: types.ModuleType,
    is_own: IsOwn,
) -> module_exec.Find:
    """A function that finds the entries of a request in what a file has left behind so far, each
    with its line."""

    def found(raised: module_exec.Raised) -> module_exec.Found:
        unmade = {name: one["line"] for one in reversed(raised) for name in one["names"]}
        space, name = vars(module), module.__name__
        told, callables = find(header["entries"], header["others"], space, name, is_own, unmade)
        for one in told.values():
            if one["problem"] != "raised":
                name = one["found"] or next(iter(one["near"] or one["arguments"]), "")
                at, stated = source.heading(text, one["line"]), definitions.get(name)
                one["line"] = at or stated if one["found"] else stated or at
        return told, callables

    return found
