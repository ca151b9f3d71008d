"""Owns the order of a run: read the file, run its top level, find its entries, run the probes."""

from __future__ import annotations

import builtins
import gc
import linecache
import os
import platform
import sys
import types
from collections.abc import Callable
from typing import Any

from . import protocol
from .finding import candidates, choosing, entries, names, signatures, stubs, vocabulary
from .hardening import (
    audit_hook,
    autograd_removal,
    derivers,
    frame_proxies,
    recording_switches,
    refusals,
    trusted_torch,
)
from .loading import classes, habits, module_exec, notebook, output, source, statement_timer
from .probing import (
    accumulation,
    context,
    direct,
    moves,
    observation,
    op_record,
    packing,
    probes,
    tape,
    tensors,
    variables,
)
from .warmup import rehearsal, warm

globals()["__builtins__"] = vars(builtins).copy()


Run = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes] | None]
More = Callable[[], bool]

MODULE = "submission"
_REHEARSALS = 10
"""After so many Python runs a function in the quicker way that it has learnt, and forks inherit."""
_hidden: list[tuple[dict[str, Any], str]] = []
"""Found once, at warm-up: looking for them in every child would take longer than any probe."""
_ownership: list[candidates.IsOwn] = []
"""Made once, at warm-up, for the same reason."""
_autograd: list[autograd_removal.Found] = []
"""What autograd consists of: found once, at warm-up, for the same reason."""
_versions = [platform.python_version(), trusted_torch.VERSION]
_lacking: list[str] = []
"""Why autograd cannot be taken out of a process here; one text, empty where it can."""
_touches: list[autograd_removal.Touches] = []
"""In a process without autograd, what a file touched of it; elsewhere nothing."""
_OURS = (
    accumulation,
    candidates,
    choosing,
    classes,
    context,
    direct,
    entries,
    habits,
    audit_hook,
    moves,
    names,
    trusted_torch,
    observation,
    packing,
    probes,
    op_record,
    refusals,
    autograd_removal,
    signatures,
    source,
    stubs,
    vocabulary,
    frame_proxies,
    tape,
    tensors,
    variables,
    module_exec,
)
_sys, _gc_collect, _gc_disable, _equal = sys, gc.collect, gc.disable, str.__eq__
_YOUNG = 0
"""What the collector looks at first."""
_execute, _describe = module_exec.execute, module_exec.describe


def warm_up() -> None:
    """Does once, before any fork, what every child would do again; shuts what is to be shut."""
    warm.up()
    for _ in range(_REHEARSALS):
        rehearse(lambda: False)
    _hidden[:] = _ways_in()
    _autograd[:] = [autograd_removal.find()]
    derivers.disable(audit_hook.change)
    audit_hook.purge()
    _ownership[:] = [candidates.ownership(MODULE)]


def find_out() -> None:
    """Finds out whether autograd can be taken out of a process here, in one that ends then.

    Where it cannot, PyTorch's record is to show what a gradient came from, and what would switch
    that off is taken away.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _, why = autograd_removal.remove(_autograd[0], audit_hook.change, _line_of_frame)
            os.write(write, why.encode() or b"\0")
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as answer:
        said = answer.read()
    _lacking[:] = [said.rstrip(b"\0").decode() if said else "the attempt ended the process"]
    os.waitpid(pid, 0)
    if _lacking[0]:
        recording_switches.disable()


def autograd() -> dict[str, bool | str]:
    """Whether direct runs are without autograd here, and why not, as defences of the cell."""
    why = _lacking[0]
    return {"without_autograd": not why} | ({"why_with_autograd": why} if why else {})


def go_without_autograd() -> str:
    """Takes autograd out of this process for good, after the warm-up and before any file; from now
    on it does direct runs. Why it could not be taken out, or nothing."""
    touches, lacking = autograd_removal.remove(_autograd[0], audit_hook.change, _line_of_frame)
    direct.install()
    _touches[:] = [touches]
    for _ in range(_REHEARSALS):
        rehearse(lambda: False)
    return lacking


def rehearse(wanted: Callable[[], bool]) -> None:
    """Does in small what a run does, until that is done or the run is `wanted`."""
    for _ in rehearsal.steps(_touches[0] if _touches else None):
        if wanted():
            return


def arm(limits: dict[str, Any]) -> None:
    """Sets the timer of the top level; for the last moment at which that can be done."""
    spared = frozenset(id(vars(one)) for one in (*_OURS, statement_timer)) | {id(globals())}
    statement_timer.arm(min(limits["wall_s"], limits["cpu_s"]), spared)


def run(header: dict[str, Any], text: bytes, data: Any, send: protocol.Send, more: More) -> None:
    """Runs one submission and tells of it: frames "parsed", "loaded", "probe" ..., "done".

    Where there are probes that give no points, "done" asks whether they are wanted; `more` waits
    for the answer. If they are, "probe" ... and "end" follow.

    Everything needed later is bound before the first statement of the submission runs.
    """
    limits = header["limits"]
    parsed, passed, error = source.parse(text)
    send({"type": "parsed", "error": error, "passed": passed, "versions": _versions}, b"")
    printed = output.capture(limits["output_bytes"])
    if parsed is None:
        send({"type": "done", "output": "", "output_cut": False}, b"")
        return
    given = tensors.reader(header["tensors"], data)
    module = _module(text)
    _hide()
    refused = audit_hook.install(_line_of_frame)
    is_own = _ownership[0] if _ownership else candidates.ownership(MODULE)
    definitions = module_exec.definitions(parsed)
    find = entries.finder(header, text, definitions, module, is_own)
    _gc_collect(_YOUNG)  # its counter begins at zero for the file, as if nothing had been rehearsed
    raised, told, callables = _execute(parsed, module, find)
    send(
        {"type": "loaded", "raised": raised, "blocked": list(refused), "entries": told},
        b"",
    )
    _gc_disable()
    run_probe = _runner(callables, given, text, is_own, limits["frame_bytes"])
    _ask(header["probes"], run_probe, send, header["patient"])
    text_printed, cut = printed()
    send({"type": "done", "output": text_printed, "output_cut": cut}, b"")
    if header["more"] and more():
        _ask(header["more"], run_probe, send, header["patient"])
        send({"type": "end"}, b"")


def _runner(
    callables: dict[str, Any], given: list[Any], text: bytes, is_own: candidates.IsOwn, limit: int
) -> Run:
    """What runs a probe: a direct one in a process without autograd, an ordinary one elsewhere."""
    if not _touches:
        return probes.runner(callables, given, is_own=is_own, describe=_describe, limit=limit)
    return direct.Runner(
        callables,
        given,
        _touches[0],
        line_of_method=_lines_of_methods(text),
        line_of_frame=_line_of_frame,
        describe=_describe,
        limit=limit,
    )


def _lines_of_methods(text: bytes) -> tape.LineOf:
    """A function that gives the line on which a class's forward or backward returns, or else where
    it begins; looked for once."""
    lines: dict[tuple[int, bool], tuple[int | None, Any]] = {}

    def line_of_method(cls: Any, forward: bool) -> int | None:
        if (id(cls), forward) not in lines:
            begins, returns = classes.lines_of_method(cls, forward)
            line = returns or source.heading(text, begins)
            lines[id(cls), forward] = line, cls  # which is kept, and with it its id
        return lines[id(cls), forward][0]

    return line_of_method


def _ask(wanted: list[dict[str, Any]], run_probe: Run, send: protocol.Send, patient: bool) -> None:
    for probe in wanted:
        frame = run_probe(probe)
        if frame is not None:
            send(*frame, held=patient and probe["held"])


def _module(text: bytes) -> types.ModuleType:
    """A fresh module for the file, known to imports, to tracebacks and as the main one."""
    module = types.ModuleType(MODULE)
    if notebook.NEEDED.search(text):
        vars(module).update(notebook.names())
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
                    if id(value) in mine or audit_hook.is_ctypes(value)
                ]
    return ways


def _hide() -> None:
    """Takes our own modules out of the submission's reach."""
    for space, key in _hidden or _ways_in():
        space.pop(key, None)
    _sys.argv = [source.FILENAME]


def _line_of_frame(frame: Any) -> int | None:
    while frame is not None:
        if _equal(source.FILENAME, frame.f_code.co_filename):
            return int(frame.f_lineno)
        frame = frame.f_back
    return None
