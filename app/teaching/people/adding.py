"""Owns putting one person into a course, or giving them another role there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.identity import accounts, candidates, links, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, User
from app.teaching import courses


def add(
    session: Session, actor: Actor, course_id: int, email: str, name: str, role: str
) -> tuple[User, bool]:
    """Put one person into a course by e-mail; the user, and whether their account is new.

    Who has no password yet has an invitation afterwards. Raises Unprocessable for a bad e-mail,
    name or role, Conflict, also where they are in it with another role: whoever adds somebody has
    not seen that they would take one away.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    given = courses.role_named(role)
    user = candidates.by_email(session, email)
    is_new = user is None
    if user is None:
        user = accounts.add(session, email, name, by=actor)
    courses.hold_teaching(session, course_id)
    held = session.get(Enrolment, (course_id, user.id), populate_existing=True)
    if held is not None and held.active and held.role is not given:
        raise Conflict(
            f"{user.name} ({user.email}) is in the course already, as {held.role.value}, so "
            "nothing was changed. Their role can be changed in the list."
        )
    courses.enrol(session, course, user, given, actor)
    links.invite(session, [user], by=actor)
    return user, is_new


def set_role(
    session: Session,
    actor: Actor,
    course_id: int,
    user_id: int,
    role: str,
    *,
    seen: str | None = None,
) -> Enrolment:
    """Give somebody another role, or take them back who were removed.

    `seen` is the version of their enrolment that the actor has seen. Raises NotFound, Conflict,
    Stale.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    enrolment = courses.as_seen(session, course_id, user_id, seen)
    given = courses.role_named(role)
    enrolment = courses.enrol(session, course, enrolment.user, given, actor)
    links.invite(session, [enrolment.user], by=actor)
    return enrolment
