"""Owns whose sight of a student's work reaches how far: what the actor may see of it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from app.grading.rules import terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment
from app.timing.windows import Window
from app.visibility.rules import WHOLE, Sight

Sights = Callable[[int, int], Sight]
"""What a student sees of their own work, by user and assignment id."""


def of(session: Session, actor: Actor, assignment: Assignment) -> Sight:
    """What the actor may see of somebody's work in an assignment; staff see everything.

    Whoever is no staff sees their own alone, a team's among it, by their own times.
    """
    if not assignment.visibility.hide or is_staff(session, actor, assignment.course_id):
        return WHOLE
    return of_student(session, assignment, actor.user.id)


def of_student(session: Session, assignment: Assignment, user_id: int) -> Sight:
    """What a student may see of their own work, whoever asks."""
    if not assignment.visibility.hide:
        return WHOLE
    return _within(assignment, terms.of(session, assignment, user_id).window)


def of_course(
    session: Session,
    actor: Actor,
    assignments: Iterable[Assignment],
    user_id: int,
    windows: Mapping[int, Window] | None = None,
) -> dict[int, Sight]:
    """What the actor may see of somebody's work, by assignment id; those of which they see all are
    left out.

    The assignments are of one course, and `windows` has the times of the student's extensions.
    """
    hiding = [one for one in assignments if one.visibility.hide]
    if not hiding or is_staff(session, actor, hiding[0].course_id):
        return {}
    if windows is None:
        windows = terms.windows_of(session, hiding[0].course_id, user_id)
    sights = {one.id: _within(one, windows.get(one.id, one.window)) for one in hiding}
    return {number: sight for number, sight in sights.items() if not sight.is_whole}


def of_students(
    session: Session, assignments: Sequence[Assignment], user_id: int | None = None
) -> Sights:
    """What students may see of their own work, of everybody or of one of them; in one question.

    The assignments are of one course.
    """
    usual = {one.id: _within(one, one.window) for one in assignments if one.visibility.hide}
    if not usual:
        return lambda user_id, assignment_id: WHOLE
    hiding = {one.id: one for one in assignments if one.id in usual}
    windows = terms.windows(session, assignments[0].course_id, user_id)
    others = {
        (whose, number): _within(hiding[number], window)
        for (whose, number), window in windows.items()
        if number in hiding
    }
    return lambda user_id, assignment_id: others.get(
        (user_id, assignment_id), usual.get(assignment_id, WHOLE)
    )


def is_staff(session: Session, actor: Actor, course_id: int) -> bool:
    """Whether the actor sees a course as staff do."""
    return Right.SEE_GRADEBOOK in permissions.rights_in(session, actor, course_id)


def _within(assignment: Assignment, window: Window) -> Sight:
    released = assignment.released_at is not None
    return assignment.visibility.sight(window, released=released, moment=now())
