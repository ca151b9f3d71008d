"""A request that only looks asks the database once, and sees what it has changed itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import remembering
from app.models import Course, Enrolment, Role
from tests.support.cast import Person


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
    db.connection().execute(update(Enrolment).values(active=False))  # past the session
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


def test_no_other_session_is_told_what_one_remembers(
    db: Session, course: Course, student: Person
) -> None:
    actor = Actor(student.user)
    assert Right.SEE in permissions.rights_in(db, actor, course.id)
    db.connection().execute(update(Enrolment).values(role=Role.TUTOR))
    assert Right.SEE_GRADEBOOK in permissions.rights_in(db, actor, course.id)
    db.rollback()
