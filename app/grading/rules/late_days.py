"""Owns late days: a student has so many in a course, and spends them where they need time.

A late day puts one's own due date off by a day on the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from app.models import Assignment, Course, LateDays, User

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
    here, elsewhere = _spent(session, assignment, whose.users)
    spent = max(here.values())
    most = assignment.course.late_days - max(elsewhere.values())
    return Purse(spent, max(0, most - spent), assignment.late_days)


def _spent(
    session: Session, assignment: Assignment, users: Sequence[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """How many days each has spent here, and how many in the rest of the course, by user id."""
    rows = (
        select(LateDays.user_id, LateDays.assignment_id, LateDays.days)
        .join(Assignment, Assignment.id == LateDays.assignment_id)
        .where(Assignment.course_id == assignment.course_id, LateDays.user_id.in_(users))
    )
    here, elsewhere = dict.fromkeys(users, 0), dict.fromkeys(users, 0)
    for user_id, number, days in session.execute(rows):
        (here if number == assignment.id else elsewhere)[user_id] += days
    return here, elsewhere


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
    is_seen = terms.show_more_when_due(session, assignment, whose)
    before = [_put(session, assignment, user_id, days) for user_id in whose.users]
    if is_seen and any(days > was for was in before):
        raise Conflict(
            "The due date is past, and what is shown after it can be seen: no more late days can "
            "be spent here, so nothing was changed."
        )
    session.flush()
    if terms.of(session, assignment, actor.user.id).window.has_closed(now()):
        raise Conflict("It would be closed for you even so, so nothing was changed.")
    if days < held.spent:
        _require_unshared(session, assignment, whose, days)
    lateness.follow(session, assignment, whose.users)
    for user_id, was in zip(whose.users, before, strict=True):
        _record(session, actor, assignment, user_id, was, days)
    return _purse(session, assignment, whose)


def share(session: Session, actor: Actor, assignment: Assignment, users: Sequence[int]) -> None:
    """Have each of those who are to be one team have spent what one of them has.

    So a day that moves the due date of several is paid by each. Whoever calls holds the
    assignment's rules to change them. Raises Conflict where somebody has not so many left.
    """
    admission.lock_uploads(session, *users)
    here, elsewhere = _spent(session, assignment, users)
    days = max(here.values())
    few = [one for one in users if here[one] < days]
    for user_id in few:
        if assignment.course.late_days - elsewhere[user_id] < days:
            who = session.get_one(User, user_id).name
            raise Conflict(
                f"In this team {days} late days would be spent here by each, and {who} has not so "
                "many left in the course, so nothing was changed."
            )
    for user_id in few:
        was = _put(session, assignment, user_id, days)
        _record(session, actor, assignment, user_id, was, days)
    if few:
        lateness.follow(session, assignment, few)


def _require_unshared(session: Session, assignment: Assignment, whose: Members, days: int) -> None:
    """Raise Conflict where an attempt stays as much in time as it is without the days that are
    given back: somebody has spent them for it who is no longer in the team."""
    attempts = lateness.held(session, assignment.id, whose.users)
    members_of = members.of_attempts(session, attempts)
    with_all = terms.of_everybody(session, assignment)
    without = terms.of_everybody(session, assignment, late_days=days)
    for one in attempts:
        those, moment = members_of[one.id], one.submitted_at
        is_apart = not set(those.users) <= set(whose.users)
        if is_apart and with_all(those).lateness(moment) != without(those).lateness(moment):
            raise Conflict(
                "An attempt that was handed in together with somebody who is not in the team now "
                "needs these late days, so they stay spent, and nothing was changed."
            )


def _record(
    session: Session, actor: Actor, assignment: Assignment, user_id: int, was: int, days: int
) -> None:
    audit.record(
        session,
        actor,
        Action.LATE_DAYS,
        assignment=assignment,
        user_id=user_id,
        before={"days": was},
        after={"days": days},
    )


def _put(session: Session, assignment: Assignment, user_id: int, days: int) -> int:
    """Have somebody have spent so many; returns how many they had."""
    row = session.get(LateDays, (assignment.id, user_id))
    if row is None:
        row = LateDays(assignment_id=assignment.id, user_id=user_id, days=0)
        session.add(row)
    before, row.days = row.days, days
    return before
