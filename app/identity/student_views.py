"""Owns looking at a course as a student does: read-only, for whoever teaches it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import NotFound, Problem
from app.identity import authentication, permissions
from app.identity.authentication import Actor, StudentView
from app.identity.permissions import Right
from app.models import Enrolment, Role, User

_READS = frozenset({"courses:read", "submissions:read"})


def start(
    session: Session, actor: Actor, secret: str, course_id: int, user_id: int | None = None
) -> None:
    """Have the browser that holds `secret` look at a course as a student does.

    With `user_id` as this one, which the log has; else as one who has handed in nothing, but for
    the actor's own work. Raises NotFound, Forbidden.
    """
    _require(session, actor, course_id, user_id)
    authentication.set_student_view(session, secret, StudentView(course_id, user_id))
    if user_id is not None:
        audit.record(session, actor, Action.STUDENT_VIEW, course_id=course_id, user_id=user_id)


def end(session: Session, secret: str) -> None:
    """Have the browser look as whoever is signed in."""
    authentication.set_student_view(session, secret, None)


def as_seen(session: Session, actor: Actor) -> Actor:
    """Whoever the actor looks as, if they may still: somebody who reads in one course alone."""
    if actor.student_view is None:
        return actor
    course_id, user_id = actor.student_view
    try:
        _require(session, actor, course_id, user_id)
    except Problem:
        return actor
    user = actor.person if user_id is None else session.get_one(User, user_id)
    student = User(id=user.id, email=user.email, name=user.name, is_admin=False)
    return Actor(student, _READS, course_id, behind=actor.person, student_view=actor.student_view)


def _require(session: Session, actor: Actor, course_id: int, user_id: int | None) -> None:
    permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    if user_id is None:
        return
    enrolment = session.get(Enrolment, (course_id, user_id))
    permissions.course_of_student(session, actor, course_id, user_id)
    if enrolment is None or not enrolment.active or enrolment.role is not Role.STUDENT:
        raise NotFound("There is no such student in this course.")
