"""Owns running the top level of a file: statement after statement, and what each of them raised."""

from __future__ import annotations
import __future__

import ast
import builtins
import copy
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeGuard

from ..hardening import frame_proxies, trusted_torch
from . import source, statement_timer

globals()["__builtins__"] = vars(builtins).copy()

Raised = list[dict[str, Any]]
Found = tuple[dict[str, dict[str, Any]], dict[str, Any]]
"""What is told of each entry, and what to call."""
Find = Callable[[Raised], Found]
"""Looks for the entries."""

_RAISED = 20
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.AnnAssign)
_OF_ANNOTATIONS = frozenset({"NameError", "AttributeError", "TypeError"})
"""What is raised by an annotation that cannot be evaluated."""
_ANNOTATIONS = __future__.annotations.compiler_flag
_BALLAST = 4 << 20
"""Bytes."""
_compiled, _function = source.compiled, types.FunctionType
_builtins = builtins
_exception: Any = BaseException
_traceback = _exception.__traceback__.__get__
_begin, _end = statement_timer.begin, statement_timer.end
_equal, _piece, _class_name = str.__eq__, str.__getitem__, type.__dict__["__name__"].__get__


def execute(
    parsed: source.Parsed, module: types.ModuleType, find: Find
) -> tuple[Raised, dict[str, dict[str, Any]], dict[str, Any]]:
    """Runs the top-level statements one by one; what was raised, and what `find` then gives.

    A main block waits, and runs only when an entry is still missing after all the rest. Where one
    still is, classes inside of functions are defined as if they stood at the top level.
    """
    raised: Raised = []
    tree, codes, flags = parsed
    space = vars(module)
    module.__doc__ = ast.get_docstring(tree)

    def ran(statements: Iterable[tuple[ast.stmt, types.CodeType]], told: Raised) -> Found:
        ballast = _ballast()
        for statement, code in statements:
            _run_statement(statement, code, space, told)
        del ballast
        return find(raised)

    def compiled(statements: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, types.CodeType]]:
        return ((statement, _compiled(statement, flags)) for statement in statements)

    main_blocks = [one for one in tree.body if _is_main_block(one)]
    others = (pair for pair in zip(tree.body, codes, strict=True) if pair[0] not in main_blocks)
    found = ran(others, raised)
    in_main = [statement for block in main_blocks for statement in block.body]
    if in_main and _lacks(found[0]):
        found = ran(compiled(in_main), raised)
    if _lacks(found[0]) and (inner := _inside_functions(tree, space)):
        found = ran(compiled(inner), [])
        for entry in found[0].values():
            if entry["found"] in {statement.name for statement in inner}:
                entry["why"] = "inside"
    return raised, *found


def _ballast() -> Any:
    """Memory that is thrown off before entries are looked for, so that there is room to go on,
    whatever the file keeps; None where it left none."""
    try:
        return trusted_torch.empty(_BALLAST, dtype=trusted_torch.uint8)
    except Exception:
        return None


def _lacks(told: dict[str, dict[str, Any]]) -> bool:
    return any(entry["found"] is None for entry in told.values())


def _inside_functions(tree: ast.Module, space: dict[str, Any]) -> list[ast.ClassDef]:
    """Classes with a base that are defined in functions, under names that nothing else has."""
    found: list[ast.ClassDef] = []
    left: list[tuple[ast.AST, bool]] = [(one, False) for one in reversed(tree.body)]
    while left:
        node, is_inside = left.pop()
        if isinstance(node, ast.ClassDef) and is_inside and node.bases and node.name not in space:
            found.append(node)
        is_inside = is_inside or isinstance(node, ast.FunctionDef)
        inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]
        left += [(one, is_inside) for one in reversed(inner)]
    return found[:_RAISED]


def _run_statement(
    statement: ast.stmt, code: types.CodeType, space: dict[str, Any], raised: Raised
) -> None:
    lacking = frozenset(name for one in raised for name in one["lacking"])
    if lacking and isinstance(statement, _DEFINITIONS):
        code = _leniently(statement, lacking)
    found = _attempt(code, space)
    if found is None:
        return
    cause = _cause(found, raised)
    is_mended = (
        isinstance(statement, _DEFINITIONS)
        and found["type"] in _OF_ANNOTATIONS
        and _attempt(_leniently(statement, lacking), space) is None
    )
    if len(raised) < _RAISED:
        names = [] if is_mended else _names_of(statement)
        told = {
            "line": found["line"] or statement.lineno,
            "names": names,
            "lacking": [name for name in names if name not in space],
            "after": 0,
            "told": cause is not None,
            "mended": is_mended,
        }
        raised.append(found | told)
    if cause is not None and not is_mended:
        cause["after"] += 1


def _attempt(code: types.CodeType, space: dict[str, Any]) -> dict[str, Any] | None:
    """Runs a statement; what it raised, if it did."""
    found: dict[str, Any] | None = None
    try:
        _begin()
        # Whatever builtins these are, they must not be our own copy. A function of the whole code
        # is run like `exec`, which nobody may call in our name.
        space.setdefault("__builtins__", _builtins)
        _function(code, space)()
    except BaseException as error:  # sys.exit() must not end the run
        found = describe(error)
    if stopped := _end():
        found = {"line": None, **(found or {}), "type": "TimeoutError", "message": stopped}
    return found


def _leniently(statement: ast.stmt, lacking: frozenset[str]) -> types.CodeType:
    """The code of a definition whose annotations stay unread, without the decorators for which a
    name is lacking."""
    mended = copy.deepcopy(statement)
    for node in ast.walk(mended):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            node.decorator_list = [
                one for one in node.decorator_list if not lacking & _names_in(one)
            ]
    return _compiled(mended, _ANNOTATIONS)


def _names_in(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _cause(found: dict[str, Any], raised: Raised) -> dict[str, Any] | None:
    """The first statement in a row of some that failed for want of a name."""
    for one in raised if found["type"] == "NameError" else ():
        if any(found["message"].startswith(f"name '{name}' is ") for name in one["lacking"]):
            return _cause(one, raised[: raised.index(one)]) or one
    return None


def definitions(parsed: source.Parsed) -> dict[str, int]:
    """The line of each name that a statement of the top level gives to something; of several,
    the last one."""
    return {name: one.lineno for one in parsed.tree.body for name in _defined(one)}


def _names_of(statement: ast.stmt) -> list[str]:
    """The same names, or those that an import would have made."""
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return _defined(statement)
    return [one.asname or one.name.partition(".")[0] for one in statement.names]


def _defined(statement: ast.stmt) -> list[str]:
    """The names that a statement would have given to something."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
    return []


def _is_main_block(statement: ast.stmt) -> TypeGuard[ast.If]:
    """Whether a statement is `if __name__ == "__main__":`."""
    match getattr(statement, "test", None) if isinstance(statement, ast.If) else None:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            sides = (left, right)
        case _:
            return False
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as plain data, with the innermost line of the submission it went through."""
    line = None
    for frame, at, _ in frame_proxies.walked(_traceback(error)):
        if _equal(source.FILENAME, frame.f_code.co_filename):
            line = at
    name = _piece(_class_name(type(error)), slice(100))
    try:
        message = _piece(str(error), slice(1000))
    except BaseException:  # an exception of the submission's own making
        message = ""
    return {"type": name, "message": message, "line": line}
