"""Owns the order of a run: read the file, run its top level, find its entries, run the probes."""

from __future__ import annotations
import __future__

import ast
import builtins
import gc
import linecache
import sys
import types
from collections.abc import Callable
from typing import Any

from . import (
    classes,
    clock,
    doors,
    entries,
    frames,
    guard,
    natives,
    output,
    probes,
    record,
    refusals,
    rehearsal,
    source,
    standins,
    tensors,
    warm,
    watch,
)

globals()["__builtins__"] = vars(builtins).copy()


Raised = list[dict[str, Any]]
Run = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes] | None]
Find = Callable[[Raised], tuple[dict[str, dict[str, Any]], dict[str, Any]]]

MODULE = "submission"
_RAISED = 20
_BALLAST = 4 << 20
"""Bytes thrown off after the top level, so that there is room to go on, whatever the file keeps."""
_REHEARSALS = 10
"""After so many Python runs a function in the quicker way that it has learnt, and forks inherit."""
_hidden: list[tuple[dict[str, Any], str]] = []
"""Found once, at warm-up: looking for them in every child would take longer than any check."""
_ownership: list[entries.IsOwn] = []
"""Made once, at warm-up, for the same reason."""
_OURS = (
    classes,
    entries,
    guard,
    natives,
    probes,
    record,
    refusals,
    source,
    standins,
    tensors,
    watch,
)
_compile, _function = compile, types.FunctionType
_builtins = builtins
_exception: Any = BaseException
_traceback = _exception.__traceback__.__get__
_sys, _gc_disable = sys, gc.disable
_begin, _end = clock.begin, clock.end
_equal, _piece, _class_name = str.__eq__, str.__getitem__, type.__dict__["__name__"].__get__


def warm_up() -> None:
    """Does once, before any fork, what every child would do again; shuts what is to be shut."""
    warm.up()
    for _ in range(_REHEARSALS):
        rehearse(lambda: False)
    _hidden[:] = _ways_in()
    doors.shut()
    guard.purge()
    _ownership[:] = [entries.ownership(MODULE)]


def rehearse(wanted: Callable[[], bool]) -> None:
    """Does in small what a run does, until that is done or the run is `wanted`."""
    for _ in rehearsal.steps():
        if wanted():
            return


def arm(limits: dict[str, Any]) -> None:
    """Sets the timer of the top level; for the last moment at which that can be done."""
    spared = frozenset(id(vars(one)) for one in (*_OURS, clock)) | {id(globals())}
    clock.arm(min(limits["wall_s"], limits["cpu_s"]), spared)


def run(
    header: dict[str, Any],
    text: bytes,
    data: Any,
    send: frames.Send,
    more: Callable[[], bool],
) -> None:
    """Runs one submission and tells of it: frames "parsed", "loaded", "probe" ..., "done".

    Where there are probes that give no points, "done" asks whether they are wanted; `more` waits
    for the answer. If they are, "probe" ... and "end" follow.

    Everything needed later is bound before the first statement of the submission runs.
    """
    limits = header["limits"]
    tree, error = source.parse(text)
    send({"type": "parsed", "error": error, "findings": _findings(tree, text)}, b"")
    printed = output.capture(limits["output_bytes"])
    if tree is None:
        send({"type": "done", "output": "", "output_cut": False}, b"")
        return
    given = tensors.reader(header["tensors"], data)
    module = _module(text)
    _hide()
    refused = guard.install(_line_of_frame)
    is_own = _ownership[0] if _ownership else entries.ownership(MODULE)

    def find(raised: Raised) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        unmade = {name: one["line"] for one in reversed(raised) for name in one["names"]}
        told, callables = entries.find(header["entries"], vars(module), MODULE, is_own, unmade)
        for one in told.values():
            if one["problem"] != "raised":
                one["line"] = source.heading(text, one["line"])
        return told, callables

    ballast = natives.empty(_BALLAST, dtype=natives.uint8)
    raised = _execute(tree, module, find)
    del ballast
    told, callables = find(raised)
    send(
        {"type": "loaded", "raised": raised, "blocked": list(refused), "entries": told},
        b"",
    )
    _gc_disable()
    lines: dict[tuple[int, bool], tuple[int | None, Any]] = {}

    def line_of_method(cls: Any, forward: bool) -> int | None:
        if (id(cls), forward) not in lines:
            line = source.heading(text, classes.line_of_method(cls, forward))
            lines[id(cls), forward] = line, cls  # which is kept, and with it its id
        return lines[id(cls), forward][0]

    run_probe = probes.runner(
        callables,
        given,
        is_own=is_own,
        line_of_method=line_of_method,
        told=_told,
        limit=limits["frame_bytes"],
    )
    _ask(header["probes"], run_probe, send, header["patient"])
    text_printed, cut = printed()
    send({"type": "done", "output": text_printed, "output_cut": cut}, b"")
    if header["more"] and more():
        _ask(header["more"], run_probe, send, header["patient"])
        send({"type": "end"}, b"")


def _ask(wanted: list[dict[str, Any]], run_probe: Run, send: frames.Send, patient: bool) -> None:
    for probe in wanted:
        frame = run_probe(probe)
        if frame is not None:
            send(*frame, held=patient and probe["held"])


def _findings(tree: ast.Module | None, text: bytes) -> list[dict[str, Any]]:
    try:
        return source.look(tree, text) if tree is not None else []
    except RecursionError:
        return []


def _module(text: bytes) -> types.ModuleType:
    """A fresh module for the file, known to imports, to tracebacks and as the main one."""
    module = types.ModuleType(MODULE)
    module.__file__ = source.FILENAME
    _sys.modules[MODULE] = _sys.modules["__main__"] = module
    lines = text.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[source.FILENAME] = (len(text), None, lines, source.FILENAME)
    return module


def _ways_in() -> list[tuple[dict[str, Any], str]]:
    """Where our modules can be found: in `sys.modules`, and as names in the rest of the cell.

    There ctypes is found, too: the classes that set up the jail are in everybody's reach.
    """
    package = __name__.partition(".")[0]
    mine = {id(one) for one in (*_OURS, _sys.modules[__name__])}
    ways: list[tuple[dict[str, Any], str]] = []
    for name, module in list(_sys.modules.items()):
        if name.partition(".")[0] == package:
            ways.append((_sys.modules, name))
            if id(module) not in mine:
                ways += [
                    (vars(module), key)
                    for key, value in vars(module).items()
                    if id(value) in mine or guard.is_ctypes(value)
                ]
    return ways


def _hide() -> None:
    """Takes our own modules out of the submission's reach."""
    for space, key in _hidden or _ways_in():
        space.pop(key, None)
    _sys.argv = [source.FILENAME]


def _execute(tree: ast.Module, module: types.ModuleType, find: Find) -> Raised:
    """Runs the top-level statements one by one; returns what was raised.

    A main block waits, and runs only when an entry is still missing after all the rest.
    """
    raised: Raised = []
    space, flags = vars(module), 0
    module.__doc__ = ast.get_docstring(tree)
    main_blocks: list[ast.If] = []
    for statement in tree.body:
        if isinstance(statement, ast.If) and _is_main_block(statement):
            main_blocks.append(statement)
            continue
        flags |= _future(statement)
        _run_statement(statement, space, flags, raised)
    found, _ = find(raised) if main_blocks else ({}, {})
    if any(entry["found"] is None for entry in found.values()):
        for block in main_blocks:
            for statement in block.body:
                _run_statement(statement, space, flags, raised)
    return raised


def _run_statement(statement: ast.stmt, space: dict[str, Any], flags: int, raised: Raised) -> None:
    told: dict[str, Any] | None = None
    try:
        tree = ast.Module([statement], [])
        code = _compile(tree, source.FILENAME, "exec", flags, dont_inherit=True)
        _begin()
        # Whatever builtins these are, they must not be our own copy. A function of the whole code
        # is run like `exec`, which nobody may call in our name.
        space.setdefault("__builtins__", _builtins)
        _function(code, space)()
    except BaseException as error:  # sys.exit() must not end the run
        told = _told(error)
    if stopped := _end():
        told = {"line": None, **(told or {}), "type": "TimeoutError", "message": stopped}
    if told is not None and len(raised) < _RAISED:
        line = told["line"] or statement.lineno
        raised.append(told | {"line": line, "names": _defined(statement)})


def _defined(statement: ast.stmt) -> list[str]:
    """The names that a statement would have given to something."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
    return []


def _is_main_block(statement: ast.If) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    match statement.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            sides = (left, right)
        case _:
            return False
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


def _future(statement: ast.stmt) -> int:
    """The compiler flags that a `from __future__` import switches on for what comes after it."""
    if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        return 0
    flags = 0
    for name in statement.names:
        feature = getattr(__future__, name.name, None)
        flags |= getattr(feature, "compiler_flag", 0)
    return flags


def _told(error: BaseException) -> dict[str, Any]:
    """An exception as plain data, with the innermost line of the submission it went through."""
    line = None
    for frame, at, _ in standins.walked(_traceback(error)):
        if _equal(source.FILENAME, frame.f_code.co_filename):
            line = at
    name = _piece(_class_name(type(error)), slice(100))
    try:
        message = _piece(str(error), slice(1000))
    except BaseException:  # an exception of the submission's own making
        message = ""
    return {"type": name, "message": message, "line": line}


def _line_of_frame(frame: Any) -> int | None:
    while frame is not None:
        if _equal(source.FILENAME, frame.f_code.co_filename):
            return int(frame.f_lineno)
        frame = frame.f_back
    return None
