"""Owns what one pool process has: its warm cell, its warm judge, one thread, its own database."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import structlog
import torch

from app.infrastructure import database, pubsub
from app.scheduling import cell_registry
from app.settings import settings
from graders.exercises import COURSE_TEXT, starter
from graders.judge import judge
from graders.probes.plan import draw_plan
from worker.processes.heartbeat import Heartbeat
from worker.sandbox import Cell, CellUnavailable, describe, open_cell
from worker.sandbox.lifecycle import REPLACED

PATIENCE_S = 15.0
"""How long a woken process goes on trying to have a cell, before it takes any submission."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 4.0
log = structlog.get_logger(__name__)
_cell: Cell | None = None
_heartbeat: Heartbeat | None = None


def _always() -> bool:
    return True


has_database: Callable[[], bool] = _always
"""Whether the database can be told anything yet; whoever starts us before it may say otherwise."""
_REPLACED = {what: why for why, what in REPLACED.items()}


def start() -> None:
    """Get ready to grade, in a freshly forked process.

    Raises CellUnavailable where there is no cell; what comes to this process later tries again.
    """
    global _heartbeat
    signal.signal(signal.SIGTERM, _end)
    database.engine.cache_clear()
    pubsub.forget()
    torch.set_num_threads(1)
    _heartbeat = Heartbeat(has_database)
    _heartbeat.start()
    opened = cell(patience_s=0)
    try:
        _warm(opened)
    except Exception:
        log.exception("process.not_warm")


def walls() -> str | None:
    """Which walls this process's cell has, in words; None where it has no cell."""
    return None if _cell is None else describe(_cell.defences)


def count(what: str) -> None:
    """Count what happened to a cell, or a fault of ours, for /metrics."""
    if (why := _REPLACED.get(what)) is not None:
        log.warning("cell.replaced", reason=why)
    if _heartbeat is not None:
        _heartbeat.count(what)


def cell(patience_s: float = PATIENCE_S) -> Cell:
    """This process's cell, opened where there is none. Raises CellUnavailable after a while."""
    global _cell
    deadline = time.monotonic() + patience_s
    pause = _FIRST_PAUSE_S
    while _cell is None:
        try:
            _cell = open_cell(settings(), count)
            _show(str(_cell.defences["container"]) + _with_autograd(_cell))
            log.info("cell.warm", defences=_cell.defences)
        except CellUnavailable as error:
            log.error("cell.unavailable", reason=str(error))
            count("fault unavailable")
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
    return _cell


def stop() -> None:
    """Close the cell."""
    global _cell
    if _cell is not None:
        _show(None)
        _cell.close()
        _cell = None


def end() -> None:
    """Close the cell, and say that this process ends."""
    stop()
    if _heartbeat is not None:
        _heartbeat.stop()


def _with_autograd(opened: Cell) -> str:
    """What is added to the name of a cell whose direct runs have autograd; it is warned of, too."""
    why = opened.defences.get("why_with_autograd")
    if why is None:
        return ""
    log.warning("cell.with_autograd", reason=why)
    return cell_registry.WITH_AUTOGRAD


def _show(container: str | None) -> None:
    if _heartbeat is not None:
        _heartbeat.container = container


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that what is being graded is given back on the way out."""
    sys.exit(128 + signal.SIGTERM)


def _warm(opened: Cell) -> None:
    """Grade the starter file once: the first student shall not wait for what is done only once."""
    plan = draw_plan(COURSE_TEXT, bytes(32))
    evidence = opened.run(plan.requests, starter(COURSE_TEXT).encode())
    judge(plan, evidence, dict.fromkeys(COURSE_TEXT, 1.0))
