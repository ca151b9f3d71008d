"""Owns late days: a student has so many in a course, and spends them where they need time.

A late day puts one's own due date off by a day on the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict, Stale, Unprocessable
from app.grading.rules import admission, lateness, terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Course, LateDays

MOST = 100


@dataclass(frozen=True)
class Purse:
    """A student's late days: spent here, left in the course, the most that may be spent here."""

    spent: int
    left: int
    most: int

    @property
    def can_spend(self) -> bool:
        """Whether one more may be spent here."""
        return self.left > 0 and self.spent < self.most


def purse(session: Session, assignment: Assignment, user_id: int) -> Purse:
    """A student's late days, as one assignment sees them."""
    rows = (
        select(LateDays.assignment_id, LateDays.days)
        .join(Assignment, Assignment.id == LateDays.assignment_id)
        .where(Assignment.course_id == assignment.course_id, LateDays.user_id == user_id)
    )
    spent = {row[0]: row[1] for row in session.execute(rows)}
    left = max(0, assignment.course.late_days - sum(spent.values()))
    return Purse(spent.get(assignment.id, 0), left, assignment.late_days)


def of_course(session: Session, actor: Actor, course_id: int) -> dict[int, int]:
    """How many late days were spent in a course, by user id, by those whose work the actor sees."""
    rights = permissions.require(session, actor, Right.SEE_GRADEBOOK, course_id)
    spent = func.sum(LateDays.days)
    rows = (
        select(LateDays.user_id, spent)
        .join(Assignment, Assignment.id == LateDays.assignment_id)
        .where(Assignment.course_id == course_id)
        .group_by(LateDays.user_id)
        .having(spent > 0)
    )
    if (seen := permissions.seen(rights, actor, course_id)) is not None:
        rows = rows.where(LateDays.user_id.in_(seen))
    return {row[0]: row[1] for row in session.execute(rows)}


def budget(
    session: Session, actor: Actor, course_id: int, days: int, *, seen: int | None = None
) -> Course:
    """Let each student spend so many late days in a course; what is spent stays so.

    `seen` is how many they were when the actor looked. Raises NotFound, Forbidden, Unprocessable,
    Stale.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    session.refresh(course, with_for_update={"key_share": True})
    if seen is not None and seen != course.late_days:
        raise Stale(f"Somebody else has changed it meanwhile: by now it is {course.late_days}.")
    if not 0 <= days <= MOST:
        said = f"Late days lie between 0 and {MOST}."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"days": said})
    before, course.late_days = course.late_days, days
    audit.record(
        session,
        actor,
        Action.LATE_DAYS_OF_COURSE,
        course_id=course_id,
        before={"days": before},
        after={"days": days},
    )
    session.flush()
    return course


def spend(session: Session, actor: Actor, assignment_id: int, days: int) -> Purse:
    """Have spent so many of one's own late days on an assignment, until it is closed even so.

    Fewer than before gives some back; what was handed in is measured anew. Raises NotFound,
    Forbidden, Conflict (closed, none left).
    """
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    admission.lock_uploads(session, actor.user.id)
    held = purse(session, assignment, actor.user.id)
    most = assignment.late_days if assignment.due_at is not None else 0
    if not 0 <= days <= max(most, held.spent):
        raise Conflict(f"At most {most} late days may be spent here, so nothing was changed.")
    if days - held.spent > held.left:
        raise Conflict(f"You have {held.left} late days left, so nothing was changed.")
    row = session.get(LateDays, (assignment_id, actor.user.id))
    if row is None:
        row = LateDays(assignment_id=assignment_id, user_id=actor.user.id)
        session.add(row)
    row.days = days
    session.flush()
    if terms.of(session, assignment, actor.user.id).window.has_closed(now()):
        raise Conflict("It would be closed for you even so, so nothing was changed.")
    lateness.follow(session, assignment, [actor.user.id])
    audit.record(
        session,
        actor,
        Action.LATE_DAYS,
        assignment=assignment,
        user_id=actor.user.id,
        before={"days": held.spent},
        after={"days": days},
    )
    return purse(session, assignment, actor.user.id)
