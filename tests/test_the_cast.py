"""People whom tests make at one stroke are what the domain would have made of them."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.identity import accounts, authentication
from app.models import ApiToken, AuditEntry, Course, Enrolment, Role, SignIn, User
from app.models.declarative import Base
from app.teaching import courses
from tests.support import rows
from tests.support.cast import Cast

_EACH_ITS_OWN = {"id", "at", "created_at", "expires_at", "digest", "hint", "email", "user_id"}
_numbers = itertools.count(1)
NAME, HASH = "Paul Painlevé", "no hash"
SCOPES = ["submissions:read", "courses:read"]


def facts(row: Base) -> dict[str, Any]:
    """What is the same of two rows that say the same of two people."""
    names = inspect(type(row)).columns.keys()
    found = {name: getattr(row, name) for name in names if name not in _EACH_ITS_OWN}
    if isinstance(row, AuditEntry) and row.after:
        found["after"] = {k: v for k, v in row.after.items() if k not in ("email", "ends with")}
    return found


def left_behind(session: Session, user_id: int) -> list[tuple[str, dict[str, Any]]]:
    """All rows about somebody."""
    found: list[Base] = [session.get_one(User, user_id)]
    for table in (Enrolment, SignIn, ApiToken, AuditEntry):
        found += session.scalars(select(table).where(table.user_id == user_id))
    return sorted(((type(row).__name__, facts(row)) for row in found), key=repr)


def by_the_domain(session: Session, course: Course | None, role: Role, *, is_admin: bool) -> int:
    """Somebody made by the calls that pages and commands make."""
    user = accounts.add(session, f"domain.{next(_numbers)}@cast.example", NAME, is_admin=is_admin)
    user.password_hash = HASH
    if course:
        courses.enrol(session, course, user, role)
    authentication.sign_in(session, user)
    authentication.issue_token(session, user, "test", SCOPES)
    session.flush()
    return user.id


def at_one_stroke(course: Course | None, role: Role, *, is_admin: bool) -> int:
    """The same, as the cast makes people."""
    course_id = course.id if course else None
    email = f"stroke.{next(_numbers)}@cast.example"
    user = rows.person(email, NAME, HASH, is_admin=is_admin, course_id=course_id, role=role)
    rows.sign_in(user.id)
    rows.token(user.id, SCOPES)
    return user.id


def test_members_of_a_course_are_the_same_rows(db: Session, course: Course) -> None:
    for role in Role:
        ours = left_behind(db, at_one_stroke(course, role, is_admin=False))
        assert ours == left_behind(db, by_the_domain(db, course, role, is_admin=False)), role


def test_an_administrator_is_the_same_rows(db: Session) -> None:
    ours = left_behind(db, at_one_stroke(None, Role.STUDENT, is_admin=True))
    assert ours == left_behind(db, by_the_domain(db, None, Role.STUDENT, is_admin=True))


def test_an_account_is_loaded_as_the_database_has_it(db: Session, cast: Cast) -> None:
    made = cast.person("Sam Student").user
    kept = db.get_one(User, made.id)
    names = inspect(User).columns.keys()
    assert {name: getattr(made, name) for name in names} == {
        name: getattr(kept, name) for name in names
    }
