"""Owns the queue as those see it who wait in it: their place, and for how long."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.infrastructure.clock import now
from app.models import Submission, in_queue
from app.scheduling import fair_shares

_LATELY = timedelta(minutes=10)
_LATEST = 50
_UNKNOWN_S = 0.1
"""What a grading may take, where none was seen lately."""


_line = fair_shares.line()
_other = aliased(Submission)
_live = select(func.count()).where(in_queue(_other), fair_shares.is_live(_other))
_before = (
    select(func.count())
    .where(
        in_queue(_other),
        ~fair_shares.is_live(_other),
        tuple_(_other.priority, _other.queued_at, _other.id)
        < tuple_(Submission.priority, Submission.queued_at, Submission.id),
    )
    .correlate(Submission)
)
PLACE = case(
    (~in_queue(), 0),
    (
        fair_shares.is_live(),
        select(_line.c.place - 1)
        .where(_line.c.id == Submission.id)
        .correlate(Submission)
        .scalar_subquery(),
    ),
    else_=_live.scalar_subquery() + _before.scalar_subquery(),
)
"""How many submissions a worker takes before this one; 0 when it is next or no longer waits."""


def position(session: Session, submission_id: uuid.UUID) -> int:
    """The PLACE of a submission that is queued."""
    return session.scalar(select(PLACE).where(Submission.id == submission_id)) or 0


def expected_wait(session: Session, ahead: int) -> float:
    """How long a submission waits that has `ahead` others before it, in seconds.

    As many are graded a second as lately, however many workers that takes. While nothing is
    graded though something waits, the expectation grows.
    """
    return (ahead + 1) * _seconds_for_each(session)


def _seconds_for_each(session: Session) -> float:
    """How much time went by for each of the latest gradings.

    Only time in which there was something to do counts: for each grading from the one before it,
    or from when it was queued where that is later. The last such time is still going on.
    """
    latest = (
        select(Submission.graded_at, Submission.started_at, Submission.queued_at)
        .where(Submission.graded_at > now() - _LATELY)
        .order_by(Submission.graded_at.desc())
        .limit(_LATEST)
        .subquery()
    )
    before = func.lag(latest.c.graded_at).over(order_by=latest.c.graded_at)
    since = func.greatest(func.coalesce(before, latest.c.started_at), latest.c.queued_at)
    busy = latest.c.graded_at - since
    times = select(func.extract("epoch", busy).label("seconds")).subquery()
    total, number = session.execute(select(func.sum(times.c.seconds), func.count())).one()
    standstill = _standstill(session)
    return (float(total) + standstill) / number if number else max(_UNKNOWN_S, standstill)


def _standstill(session: Session) -> float:
    """For how many seconds nothing was graded though something waited; 0 where nothing waits."""
    last = select(func.max(Submission.graded_at)).scalar_subquery()
    oldest = select(func.min(Submission.queued_at)).where(in_queue()).scalar_subquery()
    since = func.extract("epoch", now() - func.greatest(last, oldest))
    found = session.scalar(select(since).where(oldest.is_not(None)))
    return max(0.0, float(found or 0.0))
