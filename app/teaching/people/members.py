"""Owns who is in a course, with their sections, for who sees the whole class."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.errors import NotFound
from app.grading import sections as narrowing
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, Role, Section, User
from app.teaching import courses, sections


@dataclass(frozen=True)
class Member:
    """Somebody's place in a course, and the titles of their sections."""

    enrolment: Enrolment
    sections: list[str]


@dataclass(frozen=True)
class Search:
    """Who is looked for; nothing narrows nothing, and `left` adds who was taken out."""

    role: Role | None = None
    section_id: int | None = None
    left: bool = False


def of_course(
    session: Session,
    actor: Actor,
    course_id: int,
    search: Search,
    *,
    after: int | None = None,
    limit: int,
) -> list[Member]:
    """Who is in the course, by number, from beyond that of `after`. Raises NotFound, Forbidden."""
    permissions.course(session, actor, course_id, Right.SEE_CLASS)
    rows = (
        select(Enrolment)
        .join(Enrolment.user)
        .options(contains_eager(Enrolment.user))
        .where(Enrolment.course_id == course_id)
        .order_by(Enrolment.user_id)
        .limit(limit)
    )
    if not search.left:
        rows = rows.where(Enrolment.active)
    if search.role is not None:
        rows = rows.where(Enrolment.role == search.role)
    if search.section_id is not None:
        within = narrowing.people(session, course_id, search.section_id)
        rows = rows.where(Enrolment.user_id.in_(within))
    if after is not None:
        # Of both tables, or Postgres may read all people before these to join them.
        rows = rows.where(Enrolment.user_id > after, User.id > after)
    found = session.scalars(rows).all()
    held = sections.of_people(session, course_id, [one.user_id for one in found])
    return [Member(one, [section.title for section in held.get(one.user_id, [])]) for one in found]


def of_section(session: Session, actor: Actor, section_id: int) -> tuple[Section, list[int]]:
    """A section that the actor sees, and the numbers of those who are in it; raises NotFound."""
    found = session.get(Section, section_id)
    try:
        seen = sections.seen(session, actor, found.course_id) if found else []
    except NotFound:
        seen = []
    for section, people in seen:
        if section.id == section_id:
            return section, people
    raise NotFound("There is no such section, or it is not one of yours.")


def one(
    session: Session, actor: Actor, course_id: int, user_id: int, *, held: bool = False
) -> Member:
    """Somebody who is or was in the course; nobody else changes it until the commit, where `held`.

    Raises NotFound, Forbidden.
    """
    permissions.course(session, actor, course_id, Right.SEE_CLASS)
    if held:
        courses.hold_teaching(session, course_id)
    enrolment = session.get(Enrolment, (course_id, user_id), populate_existing=held)
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    mine = sections.of_people(session, course_id, [user_id]).get(user_id, [])
    return Member(enrolment, [section.title for section in mine])
