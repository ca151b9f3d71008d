"""Owns telling that assignments have closed, each time once."""

from __future__ import annotations

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from app.models import Assignment, Course, EventType, ToldClosing
from app.webhooks import payloads

_AT_ONCE = 100
_CLOSED = (
    select(Assignment)
    .join(Assignment.course)
    .outerjoin(ToldClosing, ToldClosing.assignment_id == Assignment.id)
    .where(
        Assignment.published,
        Assignment.closes_at < func.now(),
        Assignment.closes_at > func.coalesce(ToldClosing.told_at, Assignment.created_at),
        Course.archived_at.is_(None),
    )
    .order_by(Assignment.closes_at, Assignment.id)
    .limit(_AT_ONCE)
    .with_for_update(of=Assignment, key_share=True, read=True, skip_locked=True)
)


def tell(session: Session) -> int:
    """Tell of those assignments that have closed and were not told of; how many they are.

    One that is moved on after it has closed closes once more, and is told of again. Where both
    times are past it was closed all along, and is not.
    """
    return sum([_tell(session, assignment) for assignment in session.scalars(_CLOSED).all()])


def _tell(session: Session, assignment: Assignment) -> bool:
    """Tell of one, where anybody wants that, unless another sweep has done so at this moment;
    whether it counts as told of now."""
    assert assignment.closes_at is not None
    told = insert(ToldClosing).values(assignment_id=assignment.id, told_at=func.now())
    once = told.on_conflict_do_update(
        index_elements=["assignment_id"],
        set_={"told_at": func.now()},
        where=ToldClosing.told_at < assignment.closes_at,
    )
    if session.scalar(once.returning(ToldClosing.assignment_id)) is None:
        return False
    facts = literal({"closed_at": payloads.written(assignment.closes_at)}, JSONB)
    about = EventType.CLOSED.value, assignment.id, None, None, facts
    wanted = func.webhooks_wanted(EventType.CLOSED.value, assignment.course_id)
    session.execute(select(func.tell_webhooks(*about)).where(wanted))
    return True
