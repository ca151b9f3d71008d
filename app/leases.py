"""Owns the work of a submission: claimed under a lease, settled once, given back, never lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.models import ExerciseResult, Status, Submission
from app.settings import settings


def claim(session: Session) -> Submission | None:
    """Take the submission whose turn it is, with a fresh lease; None when nothing waits.

    The message that woke the worker names no particular one: a lost, late or doubled message
    can then neither lose a submission nor have one graded twice.
    """
    moment = now()
    next_in_turn = (
        select(Submission.id)
        .where(Submission.status == Status.QUEUED)
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
            leased_until=moment + timedelta(seconds=settings().lease_seconds),
            claims=Submission.claims + 1,
            started_at=moment,
        )
        .returning(Submission)
    )


def settle(
    session: Session,
    submission_id: uuid.UUID,
    lease: uuid.UUID,
    report: Mapping[str, Any],
    timings_ms: Mapping[str, float],
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
        timings_ms=dict(timings_ms),
        failure=None,
    ):
        return False
    session.execute(delete(ExerciseResult).where(ExerciseResult.submission_id == submission_id))
    session.add_all(
        ExerciseResult(
            submission_id=submission_id,
            slug=exercise["slug"],
            position=place,
            score=exercise["score"],
            max_score=exercise["max_score"],
            report=exercise,
        )
        for place, exercise in enumerate(report["exercises"])
    )
    session.flush()
    return True


def give_back(
    session: Session, submission_id: uuid.UUID, lease: uuid.UUID | None, reason: str
) -> Status | None:
    """Return a claimed submission after a fault of ours: to the queue, or `failed` at the cap.

    The new status, or None when the lease was no longer the newest.
    """
    claims = session.scalar(select(Submission.claims).where(Submission.id == submission_id)) or 0
    spent = claims >= settings().max_claims
    values: dict[str, Any] = (
        {"status": Status.FAILED, "graded_at": now(), "failure": reason}
        if spent
        else {"status": Status.QUEUED}
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
        .where(Submission.status == Status.RUNNING, Submission.leased_until < now())
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


def unannounced(session: Session, older_than_s: float) -> Sequence[uuid.UUID]:
    """Queued submissions whose wake-up message is missing or old; marks them as sent."""
    before = now() - timedelta(seconds=older_than_s)
    return list(
        session.scalars(
            update(Submission)
            .where(
                Submission.status == Status.QUEUED,
                Submission.queued_at < before,
                or_(Submission.published_at.is_(None), Submission.published_at < before),
            )
            .values(published_at=now())
            .returning(Submission.id)
        )
    )
