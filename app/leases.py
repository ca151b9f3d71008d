"""Owns the work of a submission: claimed under a lease, settled once, given back, never lost.

Leases run by the database's clock, so that workers on several hosts need not agree on the time.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from app.clock import now
from app.models import ExerciseResult, Status, Submission
from app.settings import settings

_SWEEP = 726_174
"""Any number that no other advisory lock of ours has (migrations/env.py has one)."""


def claim(session: Session) -> Submission | None:
    """Take the submission whose turn it is, with a fresh lease; None when nothing waits.

    The message that woke the worker names no particular one: a lost, late or doubled message
    can then neither lose a submission nor have one graded twice. The commit need not wait for
    the disk: a claim that a crash of Postgres takes along is simply made again.
    """
    session.execute(text("SET LOCAL synchronous_commit = off"))
    next_in_turn = (
        select(Submission.id)
        .where(_due())
        .order_by(Submission.priority, Submission.turn, Submission.queued_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.scalar(
        update(Submission)
        .where(Submission.id == next_in_turn, Submission.status == Status.QUEUED)
        .values(
            status=Status.RUNNING,
            lease=uuid.uuid4(),
            leased_until=_lease_end(),
            claims=Submission.claims + 1,
            started_at=now(),
            retry_at=None,
        )
        .returning(Submission)
    )


def renew(session: Session, submission_id: uuid.UUID, lease: uuid.UUID) -> bool:
    """Extend a lease that is still the newest; False when it is not, or the work is done."""
    done = session.execute(
        update(Submission)
        .where(
            Submission.id == submission_id,
            Submission.lease == lease,
            Submission.status == Status.RUNNING,
        )
        .values(leased_until=_lease_end())
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def settle(
    session: Session, submission_id: uuid.UUID, lease: uuid.UUID, report: Mapping[str, Any]
) -> bool:
    """Store a report, if the lease is still the newest; False (and nothing stored) when it is not.

    `report` is `graders.judge.Report.to_json()`.
    """
    if not _release(
        session,
        submission_id,
        lease,
        status=Status.GRADED,
        graded_at=now(),
        score=report["score"],
        max_score=report["max_score"],
        grader_version=report["grader_version"],
        notes=report["notes"],
        failure=None,
    ):
        return False
    session.execute(delete(ExerciseResult).where(ExerciseResult.submission_id == submission_id))
    rows = [
        {
            "submission_id": submission_id,
            "slug": exercise["slug"],
            "position": place,
            "score": exercise["score"],
            "max_score": exercise["max_score"],
            "report": exercise,
        }
        for place, exercise in enumerate(report["exercises"])
    ]
    if rows:
        session.execute(insert(ExerciseResult), rows)
    return True


def record_timings(
    session: Session, submission_id: uuid.UUID, timings_ms: Mapping[str, float]
) -> None:
    """Keep how long each phase took; for the transaction that settles."""
    session.execute(
        update(Submission)
        .where(Submission.id == submission_id)
        .values(timings_ms=dict(timings_ms))
        .execution_options(synchronize_session=False)
    )


def give_back(
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


def _release(
    session: Session, submission_id: uuid.UUID, lease: uuid.UUID | None, **values: Any
) -> bool:
    done = session.execute(
        update(Submission)
        .where(
            Submission.id == submission_id,
            Submission.lease == lease,
            Submission.status == Status.RUNNING,
        )
        .values(lease=None, leased_until=None, **values)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def reclaim_expired(session: Session) -> list[uuid.UUID]:
    """Put back what was leased too long (its worker died), or fail it at the cap of claims."""
    expired = session.execute(
        select(Submission.id, Submission.lease)
        .where(Submission.status == Status.RUNNING, Submission.leased_until < func.now())
        .with_for_update(skip_locked=True)
    ).all()
    for submission_id, lease in expired:
        give_back(
            session,
            submission_id,
            lease,
            "The machine that graded this file stopped each time. Nothing is lost; "
            "your instructor can have it graded again.",
        )
    return [submission_id for submission_id, _ in expired]


def due(session: Session, limit: int) -> Sequence[uuid.UUID]:
    """The submissions that a worker could take now, up to `limit`, in the order of their turn."""
    return session.scalars(
        select(Submission.id)
        .where(_due())
        .order_by(Submission.priority, Submission.turn, Submission.queued_at)
        .limit(limit)
    ).all()


def alone(session: Session) -> bool:
    """Whether no other transaction is sweeping; none can begin to until this one ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_SWEEP))))


def _due() -> ColumnElement[bool]:
    ready = or_(Submission.retry_at.is_(None), Submission.retry_at <= func.now())
    return (Submission.status == Status.QUEUED) & ready


def _lease_end() -> ColumnElement[Any]:
    return func.now() + timedelta(seconds=settings().lease_seconds)
