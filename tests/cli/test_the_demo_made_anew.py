"""`chainrule demo` makes the demo anew, and touches nothing that may be somebody's real course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.audit import Action
from app.errors import Conflict
from app.identity import accounts
from app.models import Assignment, AuditEntry, Course, Enrolment, Submission
from cli.failure import Failure
from cli.stack.demo import course as demo
from cli.stack.demo import credentials, students
from cli.stack.folder import DataFolder
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.processes.stack import Stack

CODE = "demo-anew"


@pytest.fixture
def folder(
    stack: Stack, tmp_path: Path, db: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DataFolder]:
    """A folder of the running stack, whose demo is a course of this test's own, without a class."""
    monkeypatch.setattr(demo, "CODE", CODE)
    monkeypatch.setattr(students, "make", lambda *_: None)
    here = DataFolder(tmp_path)
    credentials.write(here, stack.demo)
    with here.environment_shared(stack.environment):
        yield here
    db.rollback()
    if there := db.scalar(select(Course).where(Course.code == CODE)):
        there.title = demo.TITLE
        demo.forget(db, CODE)
        db.commit()


def courses(db: Session) -> list[int]:
    db.rollback()
    return list(db.scalars(select(Course.id).where(Course.code == CODE)))


def test_a_course_with_somebody_else_in_it_is_left_alone(
    db: Session, cast: Cast, folder: DataFolder
) -> None:
    first = demo.reset(folder)
    guest = cast.person("Gus Guest", db.get_one(Course, first.course_id))
    with pytest.raises(Conflict, match="may be a real one: nothing was changed"):
        demo.reset(folder)
    assert courses(db) == [first.course_id]
    db.execute(delete(Enrolment).where(Enrolment.user_id == guest.user.id))
    db.commit()


def test_what_was_done_is_gone_and_people_sign_in_as_before(
    db: Session, folder: DataFolder
) -> None:
    first = demo.reset(folder)
    sheet = db.get_one(Assignment, first.assignment_id)
    sam = Person(accounts.get(db, "student@demo.example"), first.url, [], ExitStack())
    number = attempt(db, sheet, sam, 1.0).id
    again = demo.reset(folder)
    assert courses(db) == [again.course_id]
    assert again.course_id != first.course_id
    db.expire_all()
    assert db.get(Submission, number) is None
    assert (again.users, again.tokens) == (first.users, first.tokens)
    assert credentials.read(folder) == again
    gone = (AuditEntry.course_id == first.course_id) & (AuditEntry.action == Action.COURSE_DELETED)
    assert db.scalar(select(func.count()).where(gone)) == 1


def test_on_another_database_than_the_folders_no_demo_is_made(
    db: Session, folder: DataFolder, tmp_path: Path
) -> None:
    elsewhere = DataFolder(tmp_path / "elsewhere")
    elsewhere.path.mkdir()
    with pytest.raises(Conflict, match="none was made here"):
        demo.reset(elsewhere)
    assert courses(db) == []
    assert not elsewhere.demo.exists()


def test_where_no_file_can_be_written_nothing_is_changed(
    db: Session, folder: DataFolder, tmp_path: Path
) -> None:
    first = demo.reset(folder)
    with pytest.raises(Failure, match="nothing was changed"):
        demo.reset(DataFolder(tmp_path / "none"))
    assert courses(db) == [first.course_id]


def test_a_course_of_this_code_with_another_title_is_left_alone(
    db: Session, folder: DataFolder
) -> None:
    first = demo.reset(folder)
    db.get_one(Course, first.course_id).title = "Demonstrations of power"
    db.commit()
    with pytest.raises(Conflict, match="is not called"):
        demo.reset(folder)
    assert courses(db) == [first.course_id]
