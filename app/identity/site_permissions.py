"""Owns who may do what reaches beyond one course: accounts, making courses, teaching at all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from app.errors import Forbidden
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.rights import SCOPES, Right, managing
from app.models import Course, Enrolment, Role, ServiceAccount


def require_admin(actor: Actor) -> None:
    """Raise Forbidden unless the actor is a site administrator in a browser."""
    if not actor.user.is_admin or actor.scopes is not None:
        raise Forbidden("Only a site administrator can do this.")


def require_course_maker(actor: Actor) -> None:
    """Raise Forbidden unless the actor may make courses: site administrators may, by token too."""
    if not actor.user.is_admin:
        raise Forbidden("Only a site administrator can do this.")
    permissions.require_scope(actor, SCOPES[Right.MANAGE])
    require_whole_site(actor)


def require_whole_site(actor: Actor) -> None:
    """Raise Forbidden for a token that is for one course only."""
    if actor.course_id is not None:
        raise Forbidden("This token is for one course, and reaches no other.")


def require_webhooks(
    session: Session, actor: Actor, course_id: int | None, *, of_archived: bool = False
) -> None:
    """Raise NotFound or Forbidden unless the actor looks after the webhooks of a course, or of the
    site where it is None; raises Conflict where the course is archived, unless that will do."""
    if course_id is not None:
        course = session.get(Course, course_id) if of_archived else None
        right = managing(course) if course else Right.MANAGE
        permissions.course(session, actor, course_id, right)
    elif not actor.user.is_admin:
        raise Forbidden("Only a site administrator can do this.")
    else:
        require_whole_site(actor)
    permissions.require_scope(actor, "webhooks:write")


def sees(actor: Actor) -> ColumnElement[bool]:
    """Which courses the actor is in, or looks after without being in them."""
    account = actor.user
    if account.is_admin:
        return true()
    if isinstance(account, ServiceAccount):
        return Course.id == account.course_id
    own = Enrolment.user_id == account.id, Enrolment.active
    return Course.id.in_(select(Enrolment.course_id).where(*own))


def taught(actor: Actor) -> Select[int]:
    """The ids of the courses that the actor is instructor of, or a service account looks after."""
    if isinstance(actor.user, ServiceAccount):
        return select(Course.id).where(sees(actor))
    return select(Enrolment.course_id).where(
        Enrolment.user_id == actor.user.id, Enrolment.role == Role.INSTRUCTOR, Enrolment.active
    )


def require_instructor(session: Session, actor: Actor) -> None:
    """Raise Forbidden unless the actor teaches some course, or is a site administrator."""
    if actor.scopes is not None or not (
        actor.user.is_admin or session.scalar(taught(actor).limit(1)) is not None
    ):
        raise Forbidden("This page is for instructors.")
