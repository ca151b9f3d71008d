"""Owns whose turn it is among visitors: one file at a time, and only while nobody else waits.

Leases are those of submissions, but are not renewed: a visitor's file is not given long.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Status, VisitorTrial
from app.scheduling import fair_shares, leases
from app.scheduling.leases import Work

MOST_CLAIMS = 2
_is_running = exists().where(VisitorTrial.status == Status.RUNNING)
_NEXT = (
    select(VisitorTrial.id)
    .where(VisitorTrial.status == Status.QUEUED, ~_is_running)
    .order_by(VisitorTrial.came_at)
    .limit(1)
)
_EXPIRED = select(VisitorTrial.id, VisitorTrial.lease, VisitorTrial.claims).where(
    VisitorTrial.status == Status.RUNNING, VisitorTrial.leased_until < func.now()
)


def claim(session: Session, points: Mapping[str, float], lasting_s: float) -> Work | None:
    """Take the visitor's file that has waited longest, for so many seconds.

    None while a submission could have this worker, or another visitor's file is being graded.
    """
    session.execute(fair_shares.GATE)
    if must_give_way(session) or session.scalar(select(_is_running)):
        return None
    first = (
        select(VisitorTrial.id)
        .where(VisitorTrial.status == Status.QUEUED)
        .order_by(VisitorTrial.came_at)
        .limit(1)
        .scalar_subquery()
    )
    taken = session.execute(
        update(VisitorTrial)
        .where(VisitorTrial.id == first, VisitorTrial.status == Status.QUEUED)
        .values(
            status=Status.RUNNING,
            lease=func.gen_random_uuid(),
            leased_until=func.now() + timedelta(seconds=lasting_s),
            claims=VisitorTrial.claims + 1,
        )
        .returning(
            *(VisitorTrial.id, VisitorTrial.lease, VisitorTrial.leased_until),
            *(VisitorTrial.claims, VisitorTrial.source, VisitorTrial.seed),
            VisitorTrial.came_at.label("queued_at"),
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    columns = taken._asdict() | {"started_at": now(), "points": dict(points)}
    columns |= {"rubric": None, "none_counts_once": False}
    return Work(**columns)


def must_give_way(session: Session) -> bool:
    """Whether a submission waits that could have a worker now."""
    return bool(leases.due(session, 1))


def due(session: Session) -> Sequence[uuid.UUID]:
    """The visitor's file that could be taken now, if nothing else is waiting."""
    return session.scalars(_NEXT).all()


def settle(session: Session, work: Work, report: Mapping[str, Any]) -> bool:
    """Store a report, if the lease is still the newest; False when it is not."""
    return _release(session, work.id, work.lease, status=Status.GRADED, report=dict(report))


def yield_turn(session: Session, work: Work) -> bool:
    """Return to the line a file that gives way, which costs it no claim."""
    again = {"status": Status.QUEUED, "claims": VisitorTrial.claims - 1}
    return _release(session, work.id, work.lease, **again)


def return_after_fault(session: Session, work: Work) -> bool:
    """Return it to the line after a fault of ours; the second time it is failed."""
    is_spent = work.claims >= MOST_CLAIMS
    return _release(
        session, work.id, work.lease, status=Status.FAILED if is_spent else Status.QUEUED
    )


def reclaim_expired(session: Session) -> int:
    """Return to the line what a dead worker had; fail what had been taken twice."""
    expired = session.execute(_EXPIRED).all()
    for trial_id, lease, claims in expired:
        status = Status.FAILED if claims >= MOST_CLAIMS else Status.QUEUED
        _release(session, trial_id, lease, status=status)
    return len(expired)


def _release(session: Session, trial_id: uuid.UUID, lease: uuid.UUID | None, **values: Any) -> bool:
    released = session.execute(
        update(VisitorTrial)
        .where(
            VisitorTrial.id == trial_id,
            VisitorTrial.lease == lease,
            VisitorTrial.status == Status.RUNNING,
        )
        .values(lease=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(released.rowcount == 1)  # type: ignore[attr-defined]
