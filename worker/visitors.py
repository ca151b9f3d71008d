"""Owns the way of a visitor's file: graded for what it names, while nobody with an account waits.

It gets little time, gives way within a fraction of a second, and is never regraded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars

from app.infrastructure import database
from app.scheduling import visitor_turns
from app.scheduling.leases import Work
from app.settings import settings
from graders.exercises import EXERCISES
from graders.results.named import of_named
from worker import pipeline
from worker.preemption import GaveWay, giving_way
from worker.processes.pool_process import count
from worker.sandbox import Cell, CellFault, Limits
from worker.stopwatch import Stopwatch

SECONDS = 3.0
"""What a visitor's file may take, where the setting is no less."""
POINTS = 10.0
_LOOK_S = 0.2
_STARTING_S = 30.0
log = structlog.get_logger(__name__)


def grade_next(cell: Cell) -> bool:
    """Grade the visitor's file whose turn it is; False when there is none that may be graded now.

    Faults of ours are logged, and the file is tried once more. Raises CellFault after that.
    """
    work = _claim()
    if work is None:
        return False
    with bound_contextvars(visitor_trial=str(work.id), claim=work.claims):
        try:
            _grade(work, cell)
        except GaveWay:
            log.info("visitor.gave_way")
            _release(visitor_turns.yield_turn, work)
        except Exception as fault:
            log.exception("visitor.fault")
            count("fault cell" if isinstance(fault, CellFault) else "fault grading")
            _release(visitor_turns.return_after_fault, work)
            if isinstance(fault, CellFault):
                raise
        except BaseException:  # told to end at once
            _release(visitor_turns.yield_turn, work)
            raise
    return True


def _claim() -> Work | None:
    if not settings().visitor_trials:
        return None
    with database.session() as session:
        lasting_s = 2 * SECONDS + _STARTING_S
        work = visitor_turns.claim(session, dict.fromkeys(EXERCISES, POINTS), lasting_s)
        session.commit()
    return work


def _grade(work: Work, cell: Cell) -> None:
    watch = Stopwatch()
    beside = giving_way(visitor_turns.must_give_way, after_s=_LOOK_S)
    report = of_named(pipeline.graded(work, cell, watch, _limits(), beside))
    with database.session() as session:
        settled = visitor_turns.settle(session, work, report)
        session.commit()
    log.info("visitor.graded", settled=settled, score=report["score"], ms=watch.ms)
    pipeline.wake_for_the_next()


def _limits() -> Limits:
    most = pipeline.limits()
    return replace(most, wall_s=min(SECONDS, most.wall_s), cpu_s=min(int(SECONDS), most.cpu_s))


def _release(how: Callable[[Session, Work], bool], work: Work) -> None:
    """Return it to the line; where Postgres is away, its lease runs out instead."""
    try:
        with database.session() as session:
            how(session, work)
            session.commit()
    except SQLAlchemyError as error:
        log.warning("visitor.left_to_its_lease", error=str(error))
