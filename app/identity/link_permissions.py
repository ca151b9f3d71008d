"""Owns who may see and make the password link of whom. Whoever has one can have the account.

The rule, of which docs/security.md has the table and a test each row:

- A site administrator may, for everybody, unless their token is for one course only.
- An instructor may for somebody in a course that they teach whose account was made there, or in
  another course, and is no administrator's, if the link opens nothing beyond what they teach:
  - who never had a password has no role but student, and no work, in any course of others, and
    where mail is set up, by which everybody gets their link, no place in one at all;
  - who has one is, and was, a student in courses that the instructor teaches and in none else,
    and mail is not set up. Where it is, the mail has the link, and may be sent to all in a course.
- A service account may what an instructor of its courses may; none is a site administrator here.
- Nobody else may. An account that was made otherwise may be waiting for somebody who is to do more.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.errors import Forbidden
from app.identity import permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.rights import Right
from app.models import Assignment, Enrolment, Role, Submission, User
from app.settings import settings

SCOPE = "links:write"
NOT_THEIRS = (
    "A link would open more of this account than you look after: it has another role or work "
    "elsewhere, or was made otherwise. A site administrator can give one."
)


def seen(session: Session, actor: Actor, course_id: int, users: Iterable[User]) -> set[int]:
    """The ids of those among a course's people whose links the actor may see and make.

    Raises NotFound, Forbidden where the actor does not look after the course.
    """
    permissions.require(session, actor, Right.MANAGE, course_id)
    people = list(users)
    found = harmless(session, actor, course_id, people)
    if settings().sends_mail and not _is_site_admin(actor):
        found -= {one.id for one in people if one.password_hash is not None}
    return found


def harmless(session: Session, actor: Actor, course_id: int, users: Iterable[User]) -> set[int]:
    """The ids of those among a course's people whose accounts open nothing more to the actor."""
    permissions.require_scope(actor, SCOPE)
    people = {user.id: user for user in users}
    if _is_site_admin(actor):
        return set(people)
    own = site_permissions.taught(actor)
    if actor.course_id is not None:
        own = own.where(Enrolment.course_id == actor.course_id)
    others = [one for one in people.values() if not one.is_admin and one.id != actor.user.id]
    new = {one.id for one in others if one.password_hash is None}
    known = {one.id for one in others} - new
    here = _ids(session, _made_in_courses(course_id, new | known))
    elsewhere = _elsewhere if settings().sends_mail else _with_more
    return here - _ids(session, elsewhere(own, new)) - _ids(session, _not_only_theirs(own, known))


def _is_site_admin(actor: Actor) -> bool:
    is_admin = isinstance(actor.user, User) and actor.user.is_admin
    return is_admin and actor.course_id is None


def require(session: Session, actor: Actor, course_id: int, user: User) -> None:
    """Raise NotFound or Forbidden unless the actor may see and make this person's link."""
    if user.id not in seen(session, actor, course_id, [user]):
        raise Forbidden(NOT_THEIRS)


def _ids(session: Session, rows: Select[int]) -> set[int]:
    return set(session.scalars(rows))


def _made_in_courses(course_id: int, ids: set[int]) -> Select[int]:
    """Who is in the course, and got their account together with their first place in any."""
    places = aliased(Enrolment)
    first = select(func.min(places.created_at)).where(places.user_id == User.id).scalar_subquery()
    here = (Enrolment.course_id == course_id) & Enrolment.active
    rows = select(User.id).join(Enrolment, (Enrolment.user_id == User.id) & here)
    return rows.where(User.id.in_(ids), User.created_at >= first)


def _elsewhere(own: Select[int], ids: set[int]) -> Select[int]:
    """Who is, or was, in a course that is not `own`."""
    elsewhere = Enrolment.course_id.not_in(own)
    return select(Enrolment.user_id).where(Enrolment.user_id.in_(ids), elsewhere)


def _with_more(own: Select[int], ids: set[int]) -> Select[int]:
    """Who has more than an empty student's place in a course that is not `own`."""
    work = select(Submission.id).where(
        Submission.user_id == Enrolment.user_id,
        Submission.assignment_id == Assignment.id,
        Assignment.course_id == Enrolment.course_id,
    )
    return select(Enrolment.user_id).where(
        Enrolment.user_id.in_(ids),
        Enrolment.course_id.not_in(own),
        or_(Enrolment.role != Role.STUDENT, work.exists()),
    )


def _not_only_theirs(own: Select[int], ids: set[int]) -> Select[int]:
    """Who is, or was, anything but a student of `own` courses."""
    return select(Enrolment.user_id).where(
        Enrolment.user_id.in_(ids),
        or_(Enrolment.course_id.not_in(own), Enrolment.role != Role.STUDENT),
    )
