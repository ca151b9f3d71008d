"""Owns what one pool process has: its warm cell, its warm judge, one thread, its own database."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

import structlog
import torch

from app import db, live
from app.settings import settings
from graders.exercises import COURSE_TEXT, starter
from graders.judge import judge
from graders.plan import plan
from worker.cells import Cell, CellUnavailable, open_cell

PATIENCE_S = 15.0
"""How long a woken process goes on trying to have a cell, before it takes any submission."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 4.0
log = structlog.get_logger(__name__)
_cell: Cell | None = None


def start() -> None:
    """Get ready to grade, in a freshly forked process."""
    signal.signal(signal.SIGTERM, _end)
    db.engine.cache_clear()
    live.forget()
    torch.set_num_threads(1)
    try:
        _warm(cell())
    except CellUnavailable:
        pass  # logged; the next wake-up tries again
    except Exception:
        log.exception("process.not_warm")


def cell() -> Cell:
    """This process's cell, opened where there is none. Raises CellUnavailable after a while."""
    global _cell
    deadline = time.monotonic() + PATIENCE_S
    pause = _FIRST_PAUSE_S
    while _cell is None:
        try:
            _cell = open_cell(settings())
            log.info("cell.warm", layers=_cell.layers)
        except CellUnavailable as error:
            log.error("cell.unavailable", reason=str(error))
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
    return _cell


def stop() -> None:
    """Close the cell."""
    global _cell
    if _cell is not None:
        _cell.close()
        _cell = None


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that what is being graded is given back on the way out."""
    sys.exit(128 + signal.SIGTERM)


def _warm(opened: Cell) -> None:
    """Grade the starter file once: the first student shall not wait for what is done only once."""
    questions = plan(COURSE_TEXT, bytes(32))
    evidence = opened.run(questions.request, starter(COURSE_TEXT).encode())
    judge(questions, evidence, dict.fromkeys(COURSE_TEXT, 1.0))
