"""Owns the work of a submission: claimed under a lease, settled once, given back, never lost.

Leases run by the database's clock, so that workers on several hosts need not agree on the time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.infrastructure.clock import now
from app.models import Assignment, AttemptMember, Status, Submission, Via
from app.scheduling import fair_shares, lease_statements
from app.settings import settings

_SWEEP = 726_174
"""Any number that no other advisory lock of ours has (migrations/env.py has one)."""


@dataclass(frozen=True)
class Work:
    """A claimed submission: all that grading it takes, so that nothing need be asked for besides.

    `points` are those of its assignment by exercise, in order, or of a regrade; `rubric` None is
    the graders' own. A preview is of the attempt `of_id`; its file is run unless `runs` is False.
    """

    id: uuid.UUID
    lease: uuid.UUID
    leased_until: datetime
    claims: int
    queued_at: datetime
    started_at: datetime
    source: bytes
    seed: bytes
    rubric: dict[str, float] | None
    none_counts_once: bool
    points: dict[str, float]
    of_id: uuid.UUID | None = None
    runs: bool | None = None


def claim(session: Session) -> Work | None:
    """Take the submission whose turn it is, with a fresh lease; None when nothing waits.

    The message that woke the worker names no particular one: a lost, late or doubled message
    can then neither lose a submission nor have one graded twice. The commit need not wait for
    the disk: a claim that a crash of Postgres takes along is simply made again.
    """
    session.execute(fair_shares.GATE)
    given = {"moment": now(), "lasting": timedelta(seconds=settings().lease_seconds)}
    found = session.execute(lease_statements.CLAIM, given).one_or_none()
    if found is None:
        return None
    columns = found._asdict()
    columns["points"] = {slug: float(number) for slug, number in columns["points"] or ()}
    return Work(**{field.name: columns[field.name] for field in fields(Work)})


def renew(session: Session, submission_id: uuid.UUID, lease: uuid.UUID) -> bool:
    """Extend a lease that is still the newest; False when it is not, or the work is done."""
    done = session.execute(
        update(Submission)
        .where(
            Submission.id == submission_id,
            Submission.lease == lease,
            Submission.status == Status.RUNNING,
        )
        .values(leased_until=func.now() + timedelta(seconds=settings().lease_seconds))
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def settle(
    session: Session,
    submission_id: uuid.UUID,
    lease: uuid.UUID,
    report: Mapping[str, Any],
    timings: Callable[[], Mapping[str, float]] = dict,
) -> bool:
    """Store a report, if the lease is still the newest; False (and nothing stored) when it is not.

    `report` is what `graders.results.report.Report.to_json` gives. `timings` is asked at the end
    for how many milliseconds each phase took.
    """
    held = {"submission_id": submission_id, "lease": lease}
    found = session.execute(lease_statements.HOLD, held).one_or_none()
    if found is None:
        return False
    if found.score not in (None, report["score"]):
        _record(session, found, report)
    if report["exercises"]:
        results = {"graded_id": submission_id, "exercises": report["exercises"]}
        session.execute(lease_statements.RESULTS, results)
    return _release(
        session,
        submission_id,
        lease,
        status=Status.GRADED,
        graded_at=now(),
        score=report["score"],
        max_score=report["max_score"],
        grader_version=report["grader_version"],
        ran_with=report.get("ran_with") or None,
        notes=report["notes"],
        remarks=report["remarks"],
        timings_ms=dict(timings()),
        failure=None,
    )


def _record(session: Session, held: Any, report: Mapping[str, Any]) -> None:
    """Log that an attempt has another score than an earlier grading gave it, for each of a team."""
    members = select(AttemptMember.user_id).where(AttemptMember.submission_id == held.id)
    for user_id in session.scalars(members.order_by(AttemptMember.user_id)).all():
        audit.record(
            session,
            Via.GRADER,
            Action.SCORE,
            assignment=session.get_one(Assignment, held.assignment_id),
            user_id=user_id,
            submission_id=held.id,
            before={"score": held.score},
            after={"score": report["score"], "graders": report["grader_version"]},
        )


def return_after_fault(
    session: Session,
    submission_id: uuid.UUID,
    lease: uuid.UUID | None,
    reason: str,
    *,
    pause_s: float = 0.0,
) -> Status | None:
    """Return a claimed submission after a fault of ours: to the queue, or `failed` at the cap.

    In the queue nobody takes it before `pause_s` seconds have passed. The new status, or None
    when the lease was no longer the newest.
    """
    claims = session.scalar(select(Submission.claims).where(Submission.id == submission_id)) or 0
    spent = claims >= settings().max_claims
    values: dict[str, Any] = (
        {"status": Status.FAILED, "graded_at": now(), "failure": reason}
        if spent
        else {"status": Status.QUEUED, "retry_at": func.now() + timedelta(seconds=pause_s)}
    )
    if not _release(session, submission_id, lease, **values):
        return None
    return Status(values["status"])


def yield_turn(session: Session, submission_id: uuid.UUID, lease: uuid.UUID) -> bool:
    """Return to the queue a submission that gives way; that is no fault, so it costs no claim."""
    again = {"status": Status.QUEUED, "claims": Submission.claims - 1}
    return _release(session, submission_id, lease, **again)


def _release(
    session: Session, submission_id: uuid.UUID, lease: uuid.UUID | None, **values: Any
) -> bool:
    """End a claim, and charge its owner with the time; False when the lease is not the newest."""
    released = session.execute(
        update(Submission)
        .where(
            Submission.id == submission_id,
            Submission.lease == lease,
            Submission.status == Status.RUNNING,
        )
        .values(lease=None, leased_until=None, **values)
        .returning(Submission.user_id, Submission.priority, Submission.started_at)
        .execution_options(synchronize_session=False)  # no session here has loaded it
    ).one_or_none()
    if released is None:
        return False
    user_id, priority, started_at = released
    if (
        priority < fair_shares.REGRADE and started_at is not None
    ):  # a regrade is not its owner's doing
        fair_shares.charge(session, user_id, max(0.0, (now() - started_at).total_seconds()))
    return True


def reclaim_expired(session: Session) -> list[uuid.UUID]:
    """Put back what was leased too long (its worker died), or fail it at the cap of claims."""
    expired = session.execute(lease_statements.EXPIRED).all()
    for submission_id, lease in expired:
        return_after_fault(
            session,
            submission_id,
            lease,
            "The machine that graded this file stopped each time. Nothing is lost; "
            "your instructor can have it graded again.",
        )
    return [submission_id for submission_id, _ in expired]


def due(session: Session, limit: int) -> Sequence[uuid.UUID]:
    """The submissions that a worker could take now, up to `limit`, in the order of their turn."""
    found = list(session.scalars(lease_statements.LIVE, {"most": limit}))
    if len(found) < limit:
        found += session.scalars(lease_statements.BEHIND, {"most": limit - len(found)})
    return found


def alone(session: Session) -> bool:
    """Whether no other transaction is sweeping; none can begin to until this one ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_SWEEP))))
