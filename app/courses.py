"""Owns courses and who is in them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import accounts, permissions
from app.auth import Actor
from app.errors import Conflict, NotFound, Problem, Unprocessable
from app.models import Course, Enrolment, Role, User
from app.permissions import Right


def add(session: Session, code: str, title: str, timezone: str = "UTC") -> Course:
    """Make a course; raises Conflict where the code is taken, Unprocessable for an unknown zone."""
    code, title = code.strip(), title.strip()
    if not code or not title:
        raise Unprocessable("A course needs a code and a title.")
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
    """The course with this code or id; raises NotFound."""
    course = session.scalar(select(Course).where(Course.code == code_or_id))
    if course is None and code_or_id.isdigit() and len(code_or_id) < 10:
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


def enrol(session: Session, course: Course, user: User, role: Role) -> Enrolment:
    """Put somebody into a course, or give them another role there."""
    enrolment = session.get(Enrolment, (course.id, user.id))
    if enrolment is None:
        enrolment = Enrolment(course_id=course.id, user_id=user.id, role=role)
        session.add(enrolment)
    enrolment.role, enrolment.active = role, True
    session.flush()
    return enrolment


def enrol_person(
    session: Session, actor: Actor, course_id: int, email: str, name: str, role: str
) -> tuple[User, bool]:
    """Put one person into a course by e-mail; the user, and whether the account is new.

    Raises Unprocessable for a bad e-mail or role.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    user = accounts.find(session, email)
    known = user is not None
    user = user or accounts.add(session, email, name)
    enrol(session, course, user, _role(role))
    return user, not known


def set_role(session: Session, actor: Actor, course_id: int, user_id: int, role: str) -> Enrolment:
    """Give somebody another role, or take them back who were removed. Raises NotFound, Conflict."""
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    if user_id == actor.user.id and _role(role) is not enrolment.role:
        raise Conflict("You cannot change your own role; ask another instructor.")
    return enrol(session, course, enrolment.user, _role(role))


def _role(word: str) -> Role:
    if word not in list(Role):
        raise Unprocessable(
            f"{word!r} is not a role; use student, assistant or instructor.",
            errors={"role": "unknown"},
        )
    return Role(word)


def remove(session: Session, actor: Actor, course_id: int, user_id: int) -> None:
    """Take somebody out of a course; their work and grades stay. Raises NotFound, Conflict."""
    permissions.course(session, actor, course_id, Right.MANAGE)
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    if enrolment.user_id == actor.user.id:
        raise Conflict("You cannot take yourself out of the course; ask another instructor.")
    enrolment.active = False


def roster(session: Session, actor: Actor, course_id: int) -> list[Enrolment]:
    """Everybody in the course, teaching staff first, then by name."""
    permissions.course(session, actor, course_id, Right.SEE_ALL_WORK)
    return list(
        session.scalars(
            select(Enrolment)
            .join(Enrolment.user)
            .where(Enrolment.course_id == course_id, Enrolment.active)
            .order_by(Enrolment.role, User.name, User.id)
        )
    )


@dataclass
class RosterImport:
    """What a roster file would do, or did: people by line, and what is wrong by line number."""

    added: list[str] = field(default_factory=list)
    enrolled: list[str] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)


def import_roster(session: Session, actor: Actor, course_id: int, text: str) -> RosterImport:
    """Enrol people from CSV with the columns `email,name,external_id,role` (only email is needed).

    Nothing is changed where any line has an error: the caller shows the errors and rolls back.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    reader = csv.DictReader(io.StringIO(text.strip().removeprefix("\ufeff")))
    outcome = RosterImport()
    if "email" not in (reader.fieldnames or []):
        outcome.errors[1] = "The first line must name the columns: email,name,external_id,role"
        return outcome
    for row in reader:
        try:
            _enrol_row(session, course, row, outcome)
        except Problem as problem:
            outcome.errors[reader.line_num] = problem.detail
    return outcome


def _enrol_row(
    session: Session, course: Course, row: dict[str, str | None], outcome: RosterImport
) -> None:
    cell = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    role = _role(cell.get("role") or Role.STUDENT.value)
    email, external_id = cell["email"], cell.get("external_id") or None
    user = (accounts.find(session, external_id) if external_id else None) or accounts.find(
        session, email
    )
    if user is None:
        user = accounts.add(session, email, cell.get("name", ""), external_id=external_id)
        outcome.added.append(user.email)
    enrol(session, course, user, role)
    outcome.enrolled.append(user.email)
