"""A request that only looks asks the database once, and sees what it has changed itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.http.dependencies import open_session
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import database, remembering
from app.models import Course, Enrolment, Role
from tests.support.cast import Person
from tests.support.processes.stack import Stack


def leave_by_the_orm(session: Session, enrolment: Enrolment) -> None:
    enrolment.active = False
    session.flush()


def leave_by_a_statement(session: Session, enrolment: Enrolment) -> None:
    ours = Enrolment.user_id == enrolment.user_id
    session.execute(update(Enrolment).where(ours).values(active=False))


def test_a_session_that_only_looks_keeps_what_it_was_told(
    db: Session, course: Course, student: Person
) -> None:
    remembering.begin(db)
    actor = Actor(student.user)
    before = permissions.rights_in(db, actor, course.id)
    everybody = update(Enrolment).where(Enrolment.course_id == course.id)
    db.connection().execute(everybody.values(active=False))  # past the session
    assert permissions.rights_in(db, actor, course.id) == before != frozenset()
    db.rollback()


@pytest.mark.parametrize("leave", [leave_by_the_orm, leave_by_a_statement])
def test_what_it_changes_itself_it_sees(
    db: Session, course: Course, student: Person, leave: Callable[[Session, Enrolment], None]
) -> None:
    remembering.begin(db)
    actor = Actor(student.user)
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    leave(db, db.get_one(Enrolment, (course.id, student.user.id)))
    assert permissions.rights_in(db, actor, course.id) == frozenset()
    db.rollback()
    assert Right.SEE in permissions.rights_in(db, actor, course.id)


def test_after_a_commit_it_asks_anew(db: Session, course: Course, student: Person) -> None:
    remembering.begin(db)
    actor = Actor(student.user)
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    with database.session() as other:
        leave_by_the_orm(other, other.get_one(Enrolment, (course.id, student.user.id)))
        other.commit()
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    db.commit()
    assert permissions.rights_in(db, actor, course.id) == frozenset()


def test_what_is_changed_and_not_yet_sent_counts(
    db: Session, course: Course, student: Person
) -> None:
    remembering.begin(db)
    actor = Actor(student.user)
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    db.get_one(Enrolment, (course.id, student.user.id)).active = False
    assert permissions.rights_in(db, actor, course.id) == frozenset()
    db.rollback()


@pytest.mark.parametrize(("method", "asked"), [("GET", 1), ("POST", 2)])
def test_the_session_of_a_request_remembers_where_that_only_looks(
    stack: Stack, course: Course, student: Person, method: str, asked: int
) -> None:
    async def asks_twice() -> None:
        async for session in open_session(Request({"type": "http", "method": method})):
            for _ in range(2):
                assert permissions.rights_in(session, Actor(student.user), course.id)

    sent: list[str] = []

    def note(_: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        asyncio.run(asks_twice())
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
    assert len(sent) == asked


def test_no_other_session_is_told_what_one_remembers(
    db: Session, course: Course, student: Person
) -> None:
    actor = Actor(student.user)
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    everybody = update(Enrolment).where(Enrolment.course_id == course.id)
    db.connection().execute(everybody.values(role=Role.TUTOR))
    assert Right.SEE_GRADEBOOK in permissions.rights_in(db, actor, course.id)
    db.rollback()
