"""Owns the mutants of a file: every small change in code that grading may run, one at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from graders.mutation.writing.changes import Scope, changes

_NOT_GRADED = re.compile(
    r"_*(test|check|main|demo|train|example|compare|verify|show|print)", re.IGNORECASE
)
_CONTEXTS = frozenset({"ctx", "self", "cls", "context"})
_METHODS = frozenset({"forward", "backward", "setup_context", "vjp"})
_SKIPPED_FIELDS = frozenset({"decorator_list", "returns", "annotation", "type_comment"})
_SILENT = frozenset({"print", "warn", "info", "debug"})

Function = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change. `function` is where it stands, by number; `slot` at which node."""

    kind: str
    words: str
    line: int
    function: int
    slot: int
    source: str


@dataclass(slots=True)
class _Slot:
    """A node that may be changed, and how to put another one in its place."""

    parent: ast.AST
    field: str
    at: int | None
    node: ast.AST
    function: int

    def put(self, node: ast.AST) -> None:
        if self.at is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.at] = node


class File:
    """A parsed file whose functions are numbered, and the nodes in them.

    Raises SyntaxError when Python cannot read the source.
    """

    def __init__(self, source: str | bytes) -> None:
        self._tree = ast.parse(source)
        self._functions: list[Function] = []
        self._slots: list[_Slot] = []
        self._look(self._tree, None)
        self.source = ast.unparse(self._tree)

    @property
    def functions(self) -> range:
        """The numbers of the functions."""
        return range(len(self._functions))

    def mutants(self) -> Iterator[Mutant]:
        """All of them, each text once."""
        seen = {self.source}
        scopes = [_scope(function) for function in self._functions]
        for number, slot in enumerate(self._slots):
            for kind, other in changes(slot.node, scopes[slot.function]):
                text = self._with(slot, ast.Pass() if other is None else other)
                if text is None or text in seen:
                    continue
                seen.add(text)
                line = getattr(slot.node, "lineno", 0)
                words = (
                    f"`{_brief(slot.node)}` became `{_brief(other)}`"
                    if other
                    else (f"`{_brief(slot.node)}` was left out")
                )
                yield Mutant(kind, words, line, slot.function, number, text)

    def trapped(self, function: int) -> str:
        """The source with an exception at the beginning of a function: who depends on it fails."""
        found = self._functions[function]
        if isinstance(found, ast.Lambda):
            kept, found.body = found.body, _RAISING_EXPRESSION
            text = ast.unparse(self._tree)
            found.body = kept
            return text
        found.body.insert(0, _RAISING)
        text = ast.unparse(self._tree)
        del found.body[0]
        return text

    def trapped_at(self, number: int) -> str | None:
        """The source with an exception in the place of one node."""
        slot = self._slots[number]
        trap = _RAISING if isinstance(slot.node, ast.stmt) else _RAISING_EXPRESSION
        return self._with(slot, trap)

    def _with(self, slot: _Slot, other: ast.AST) -> str | None:
        slot.put(other)
        try:
            text = ast.unparse(self._tree)
            compile(text, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
        finally:
            slot.put(slot.node)
        return text

    def _look(self, node: ast.AST, function: int | None) -> None:
        for field, value in ast.iter_fields(node):
            if field in _SKIPPED_FIELDS:
                continue
            several = isinstance(value, list)
            for at, child in enumerate(value if several else [value]):
                if isinstance(child, ast.AST) and not _is_aside(child):
                    self._visit(child, node, field, at if several else None, function)

    def _visit(
        self, child: ast.AST, parent: ast.AST, field: str, at: int | None, function: int | None
    ) -> None:
        if isinstance(child, (ast.FunctionDef, ast.Lambda)):
            self._functions.append(child)
            function = len(self._functions) - 1
        elif function is not None and isinstance(child, (ast.expr, ast.stmt)):
            self._slots.append(_Slot(parent, field, at, child, function))
        if not isinstance(child, ast.arguments):
            self._look(child, function)


_RAISING = ast.parse("raise RuntimeError('reached')").body[0]
_RAISING_EXPRESSION = ast.parse("[].pop()", mode="eval").body


def _is_aside(node: ast.AST) -> bool:
    """Whether a node is no part of what is graded: a main block, a test, a print, a docstring."""
    if isinstance(node, ast.FunctionDef):
        return bool(_NOT_GRADED.match(node.name))
    if isinstance(node, ast.If):
        return "__name__" in ast.unparse(node.test)
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Constant):
            return True
        called = node.value.func if isinstance(node.value, ast.Call) else None
        name = getattr(called, "id", getattr(called, "attr", ""))
        return name in _SILENT
    return isinstance(node, (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom, ast.JoinedStr))


def _scope(function: Function) -> Scope:
    parameters = [arg.arg for arg in function.args.args]
    name = getattr(function, "name", "")
    if parameters and (parameters[0] in _CONTEXTS or _has_context(function, parameters[0])):
        del parameters[0]
    local = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    names = tuple(dict.fromkeys([*parameters, *local]))
    backward = name in ("backward", "vjp")
    return Scope(names, tuple(parameters) if backward else (), backward)


def _has_context(function: Function, first: str) -> bool:
    return getattr(function, "name", "") in _METHODS and any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == first
        and node.attr in ("save_for_backward", "saved_tensors", "needs_input_grad")
        for node in ast.walk(function)
    )


def _brief(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else text[:67] + "..."
