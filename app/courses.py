"""Owns courses and who is in them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app import accounts, auth, permissions
from app.auth import Actor
from app.errors import Conflict, NotFound, Unprocessable
from app.models import Course, Enrolment, Role, User
from app.models.lengths import fitting
from app.permissions import Right
from app.spelling import spellings, spelt


def add(session: Session, code: str, title: str, timezone: str = "UTC") -> Course:
    """Make a course; raises Conflict where the code is taken, Unprocessable for an unknown zone."""
    code, title = spelt(code.strip()), spelt(title.strip())
    if not code or not title:
        raise Unprocessable("A course needs a code and a title.")
    if not (code + title).isprintable():
        raise Unprocessable("A course's code and title have printable letters only.")
    fitting("code", code)
    fitting("title", title)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Unprocessable(
            f"{timezone!r} is not a time zone; one looks like Europe/Berlin.",
            errors={"timezone": "unknown"},
        ) from None
    if session.scalar(select(Course.id).where(Course.code == code)):
        raise Conflict(f"There is a course with the code {code} already.")
    course = Course(code=code, title=title, timezone=timezone)
    session.add(course)
    session.flush()
    return course


def get(session: Session, code_or_id: str) -> Course:
    """The course with this code, or else with this id; raises NotFound."""
    course = session.scalar(select(Course).where(Course.code.in_(spellings(code_or_id))))
    if course is None and re.fullmatch(r"[0-9]{1,9}", code_or_id):
        course = session.get(Course, int(code_or_id))
    if course is None:
        raise NotFound(f"There is no course with the code or id {code_or_id!r}.")
    return course


def mine(session: Session, actor: Actor) -> list[tuple[Course, Role | None]]:
    """The courses that the actor may see, with their role; None for an administrator not in it."""
    permissions.require_scope(actor, "courses:read")
    own = (Enrolment.course_id == Course.id) & (Enrolment.user_id == actor.user.id)
    rows = select(Course, Enrolment.role).join(
        Enrolment, own & Enrolment.active, isouter=actor.user.is_admin
    )
    if actor.course_id is not None:
        rows = rows.where(Course.id == actor.course_id)
    rows = rows.where(Course.archived_at.is_(None)).order_by(Course.title, Course.id)
    return [(course, role) for course, role in session.execute(rows)]


def member(session: Session, actor: Actor, course_id: int, user_id: int | None = None) -> User:
    """Whose work is asked for: the actor for None, else somebody who is or was in the course.

    Raises NotFound for anybody else: who has an account is not for the staff of a course to know.
    """
    if user_id is None or user_id == actor.user.id:
        return actor.user
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("There is no such student in this course.")
    return enrolment.user


def enrol(
    session: Session, course: Course, user: User, role: Role, actor: Actor | None = None
) -> Enrolment:
    """Put somebody into a course, or give them another role there; raises Conflict as `seat` does.

    There is no `actor` where the operator does it.
    """
    teaching = hold_teaching(session, course.id)
    enrolment = session.get(Enrolment, (course.id, user.id), populate_existing=True)
    if enrolment is None:
        enrolment = Enrolment(course_id=course.id, user_id=user.id, role=role, active=True)
        session.add(enrolment)
    else:
        seat(actor, enrolment, role, teaching)
    session.flush()
    return enrolment


def hold_teaching(session: Session, course_id: int) -> set[int]:
    """Who teaches a course; until the commit, nobody else changes who is in it."""
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))
    rows = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id, Enrolment.active, Enrolment.role == Role.INSTRUCTOR
    )
    return set(session.scalars(rows))


def seat(actor: Actor | None, enrolment: Enrolment, role: Role | None, teaching: set[int]) -> None:
    """Give somebody in a course another role, or None to take them out of it.

    Raises Conflict where it is the actor's own role, or that of the last one in `teaching`; keeps
    `teaching` up to date.
    """
    held = enrolment.role if enrolment.active else None
    if role is held:
        return
    person = enrolment.user_id
    if held and actor is not None and person == actor.user.id:
        raise Conflict(
            "You cannot take your own role, or yourself out of the course; ask another instructor."
        )
    if held is Role.INSTRUCTOR and teaching == {person}:
        raise Conflict(
            f"{enrolment.user.email} is the course's last instructor. "
            "Make somebody else instructor first."
        )
    enrolment.active = role is not None
    enrolment.role = role or enrolment.role
    teaching.discard(person)
    if role is Role.INSTRUCTOR:
        teaching.add(person)


def enrol_person(
    session: Session, actor: Actor, course_id: int, email: str, name: str, role: str
) -> tuple[User, str | None]:
    """Put one person into a course by e-mail; the user, and a new account's first password.

    Raises Unprocessable for a bad e-mail, name or role, Conflict.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    given = role_named(role)
    user = auth.by_email(session, email)
    password = None
    if user is None:
        user = accounts.add(session, email, name)
        ((_, password),) = accounts.first_passwords([user])
    enrol(session, course, user, given, actor)
    return user, password


def set_role(session: Session, actor: Actor, course_id: int, user_id: int, role: str) -> Enrolment:
    """Give somebody another role, or take them back who were removed. Raises NotFound, Conflict."""
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    return enrol(session, course, enrolment.user, role_named(role), actor)


def role_named(word: str) -> Role:
    """The role of this name, in any case; raises Unprocessable."""
    if (name := word.strip().lower()) not in list(Role):
        raise Unprocessable(
            f"{word[:40]!r} is not a role; use student, assistant or instructor.",
            errors={"role": "unknown"},
        )
    return Role(name)


def remove(session: Session, actor: Actor, course_id: int, user_id: int) -> None:
    """Take somebody out of a course; their work and grades stay. Raises NotFound, Conflict."""
    permissions.course(session, actor, course_id, Right.MANAGE)
    leave(session, course_id, user_id, actor)


def leave(session: Session, course_id: int, user_id: int, actor: Actor | None = None) -> None:
    """Like `remove`; there is no `actor` where the operator does it."""
    teaching = hold_teaching(session, course_id)
    enrolment = session.get(Enrolment, (course_id, user_id), populate_existing=True)
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    seat(actor, enrolment, None, teaching)


def roster(
    session: Session, actor: Actor, course_id: int, *, active: bool = True
) -> list[Enrolment]:
    """Everybody in the course, or who was removed; teaching staff first, then by name."""
    permissions.course(session, actor, course_id, Right.SEE_ALL_WORK)
    return list(
        session.scalars(
            select(Enrolment)
            .join(Enrolment.user)
            .options(contains_eager(Enrolment.user))
            .where(Enrolment.course_id == course_id, Enrolment.active == active)
            .order_by(Enrolment.role, User.name, User.id)
        )
    )
