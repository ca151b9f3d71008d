"""Owns the way of one submission: claim, plan, cell, judge, settle, publish.

No transaction is open while student code runs. A student's fault ends as a grade; a fault of ours
gives the submission back, and never becomes a zero.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from app.exports.prepared import writing
from app.infrastructure import database, pubsub, queue
from app.models import Status
from app.regrades import rescoring
from app.scheduling import fair_shares, leases, progress, visitor_turns
from app.scheduling.leases import Work
from app.settings import settings
from graders.judging.counted_once import counted_once, exercises_counted_once
from graders.model.exercise import DEFAULT_RUBRIC
from graders.probes.plan import draw_plan
from worker.judging import Judging, Tell
from worker.lease_renewal import renewed
from worker.preemption import GaveWay, giving_way
from worker.processes.pool_process import count
from worker.sandbox import Cell, CellFault, Limits
from worker.stopwatch import Stopwatch

PAUSE_S = 1.0
"""How long a submission rests after its first fault of ours; after the second twice as long."""
OUR_FAULT = (
    "The grader broke down on this file, each time for a reason that lies with us and not with "
    "your work. Nothing is lost; your instructor can have it graded again."
)
log = structlog.get_logger(__name__)


def grade_next(cell: Cell) -> bool:
    """Grade the submission whose turn it is; False when none waits.

    Faults of ours are logged, and the submission is given back. Raises CellFault after that, for
    such a cell should see no other.
    """
    watch = Stopwatch()
    work = _claim(watch)
    if work is None:
        return False
    with bound_contextvars(submission=str(work.id), claim=work.claims):
        try:
            pubsub.publish(work.id)
            _grade(work, cell, watch)
        except GaveWay:
            log.info("submission.gave_way")
            _yield_turn(work)
        except Exception as fault:
            log.exception("submission.fault")
            count("fault cell" if isinstance(fault, CellFault) else "fault grading")
            _return_after_fault(work)
            if isinstance(fault, CellFault):
                raise
        except BaseException:  # told to end at once
            log.warning("submission.returned")
            _return_after_fault(work)
            raise
    return True


def limits() -> Limits:
    """What the settings allow one submission."""
    return Limits(
        wall_s=settings().cell_wall_seconds,
        cpu_s=settings().cell_cpu_seconds,
        memory_mb=settings().cell_memory_mb,
    )


def _claim(watch: Stopwatch) -> Work | None:
    with watch.phase("claim"), database.session() as session:
        work = leases.claim(session)
        session.commit()
    if work is not None:
        waited = (work.started_at - work.queued_at).total_seconds()
        watch.ms["queued"] = round(max(0.0, waited) * 1000, 3)
    return work


def _grade(work: Work, cell: Cell, watch: Stopwatch) -> None:
    with renewed(work.id, work.lease):
        gives_way = giving_way(partial(fair_shares.must_give_way, submission_id=work.id))
        told = _Progress(work)
        report = _rescored(work, watch) or graded(work, cell, watch, limits(), gives_way, told.tell)
        if work.none_counts_once:
            report = counted_once(report)
        settled = _settle(work, report, watch, has_told=told.has_told)
    wake_for_the_next()
    if settled:
        pubsub.publish(work.id)
        log.info("submission.graded", score=report["score"], ms=watch.ms)
    else:
        log.warning("submission.superseded", ms=watch.ms)


def _rescored(work: Work, watch: Stopwatch) -> dict[str, Any] | None:
    """The report, where it takes no run."""
    if work.runs is not False:
        return None
    with watch.phase("judge"), database.session() as session:
        return rescoring.rescored(session, work)


class _Progress:
    """Tells the page of a submission that takes its time which exercises are judged already."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.has_told = False
        self._exercises: list[dict[str, Any]] = []

    def tell(self, reports: list[dict[str, Any]]) -> None:
        """Keep these, and say that there is news; where Postgres is away, the page waits."""
        self.has_told = True
        if self._work.none_counts_once:
            self._exercises = exercises_counted_once([*self._exercises, *reports])
            reports = self._exercises[-len(reports) :]
        try:
            with database.session() as session:
                progress.store(session, self._work.id, self._work.lease, reports)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("progress.unreachable", error=str(error))
            return
        pubsub.publish(self._work.id)


def graded(
    work: Work,
    cell: Cell,
    watch: Stopwatch,
    limits: Limits,
    beside: AbstractContextManager[None],
    tell: Tell | None = None,
) -> dict[str, Any]:
    """The report on a claimed file as JSON; `beside` goes on while it runs.

    `tell` hears what is judged before the end, where that is not soon.

    Raises CellFault, OutOfBounds, and what `beside` does.
    """
    with watch.phase("plan"):
        plan = draw_plan(list(work.points), work.seed)
    judging = Judging(plan, work.points, work.rubric or DEFAULT_RUBRIC, tell)
    with watch.phase("cell"), beside:
        evidence = cell.run(plan.requests, work.source, limits, name=str(work.id), observer=judging)
    log.info("cell.run", ending=evidence.ending.kind, runs=cell.runs, answers=len(evidence.probes))
    with watch.phase("judge"):
        return judging.report(evidence)


def _settle(work: Work, report: dict[str, Any], watch: Stopwatch, *, has_told: bool) -> bool:
    timings = watch.started("store")
    with database.session() as session:
        settled = leases.settle(session, work.id, work.lease, report, timings)
        if settled and has_told:
            progress.forget(session, work.id)
        session.commit()
    return settled


def wake_for_the_next() -> None:
    """Wake a worker where something waits that none could have before: places have become free.

    Whose message came while they had no place is not told of them again.
    """
    with database.session() as session:
        database.read_without_transaction(session)
        waiting = leases.due(session, 1) or visitor_turns.due(session) or writing.due(session)
        session.commit()
    for waiting_id in waiting:
        queue.announce(waiting_id)


def _yield_turn(work: Work) -> None:
    """Return what gave way; where Postgres is away, its lease runs out instead."""
    try:
        with database.session() as session:
            leases.yield_turn(session, work.id, work.lease)
            session.commit()
        wake_for_the_next()
    except SQLAlchemyError as error:
        log.warning("submission.left_to_its_lease", error=str(error))
        return
    pubsub.publish(work.id)


def _return_after_fault(work: Work) -> None:
    """Return it to the queue; where Postgres is away, its lease runs out instead."""
    pause_s = PAUSE_S * work.claims
    try:
        with database.session() as session:
            status = leases.return_after_fault(
                session, work.id, work.lease, OUR_FAULT, pause_s=pause_s
            )
            session.commit()
    except SQLAlchemyError as error:
        log.warning("submission.left_to_its_lease", error=str(error))
        return
    pubsub.publish(work.id)
    if status is Status.FAILED:
        log.error("submission.failed", claims=work.claims)
    elif status is Status.QUEUED:
        queue.announce(work.id, after_s=pause_s)
