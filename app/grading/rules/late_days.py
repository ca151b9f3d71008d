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
from app.grading.rules import admission, lateness, members, terms
from app.grading.rules.members import Members
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
    """A student's late days, as one assignment sees them.

    A team has spent what any member has, and has left what each has.
    """
    return _purse(session, assignment, members.of(session, assignment, user_id))


def _purse(session: Session, assignment: Assignment, whose: Members) -> Purse:
    rows = (
        select(LateDays.user_id, LateDays.assignment_id, LateDays.days)
        .join(Assignment, Assignment.id == LateDays.assignment_id)
        .where(Assignment.course_id == assignment.course_id, LateDays.user_id.in_(whose.users))
    )
    here, elsewhere = dict.fromkeys(whose.users, 0), dict.fromkeys(whose.users, 0)
    for user_id, number, days in session.execute(rows):
        (here if number == assignment.id else elsewhere)[user_id] += days
    spent = max(here.values())
    most = assignment.course.late_days - max(elsewhere.values())
    return Purse(spent, max(0, most - spent), assignment.late_days)


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

    Each member of a team spends them. Fewer than before gives some back; what was handed in is
    measured anew. Where something is shown after the due date, none is spent then: who has seen it
    would be in time again. Raises NotFound, Forbidden, Conflict (closed, none left, past due).
    """
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    whose = members.of(session, assignment, actor.user.id)
    admission.lock_uploads(session, *whose.users)
    held = _purse(session, assignment, whose)
    most = assignment.late_days if assignment.due_at is not None else 0
    if not 0 <= days <= max(most, held.spent):
        raise Conflict(f"At most {most} late days may be spent here, so nothing was changed.")
    if days - held.spent > held.left:
        who = "You have" if len(whose.users) == 1 else "Somebody in your team has"
        raise Conflict(f"{who} {held.left} late days left, so nothing was changed.")
    is_seen = any(_may_be_seen(session, assignment, user_id) for user_id in whose.users)
    before = [_put(session, assignment, user_id, days) for user_id in whose.users]
    if is_seen and any(days > was for was in before):
        raise Conflict(
            "The due date is past, and what is shown after it can be seen: no more late days can "
            "be spent here, so nothing was changed."
        )
    session.flush()
    if terms.of(session, assignment, actor.user.id).window.has_closed(now()):
        raise Conflict("It would be closed for you even so, so nothing was changed.")
    lateness.follow(session, assignment, whose.users)
    for user_id, was in zip(whose.users, before, strict=True):
        audit.record(
            session,
            actor,
            Action.LATE_DAYS,
            assignment=assignment,
            user_id=user_id,
            before={"days": was},
            after={"days": days},
        )
    return _purse(session, assignment, whose)


def _put(session: Session, assignment: Assignment, user_id: int, days: int) -> int:
    """Have somebody have spent so many; returns how many they had."""
    row = session.get(LateDays, (assignment.id, user_id))
    if row is None:
        row = LateDays(assignment_id=assignment.id, user_id=user_id, days=0)
        session.add(row)
    before, row.days = row.days, days
    return before


def _may_be_seen(session: Session, assignment: Assignment, user_id: int) -> bool:
    """Whether a student may have seen by now what is shown after their due date."""
    if not assignment.visibility.anything_comes_when_due:
        return False
    return terms.of(session, assignment, user_id).window.is_late(now())
