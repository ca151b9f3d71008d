"""Workers are woken when a file's transaction is committed, once, and not where it is not."""

from __future__ import annotations

import pytest

from app.grading import handing_in
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database, queue
from app.models import Assignment, Course
from tests.support.cast import Cast, Person
from tests.worker.handing_in import EMPTY

FILE = Upload("work.py", EMPTY)


@pytest.fixture
def course(quiet: Cast) -> Course:
    return quiet.course()


@pytest.fixture
def assignment(quiet: Cast, course: Course) -> Assignment:
    return quiet.assignment(course)


@pytest.fixture
def person(quiet: Cast, course: Course) -> Person:
    return quiet.person("Sam", course)


def test_a_file_that_is_committed_wakes_one_worker(person: Person, assignment: Assignment) -> None:
    before = queue.announced()
    with database.session() as session:
        handing_in.hand_in(session, Actor(person.user), assignment.id, FILE)
        assert queue.announced() == before
        session.commit()
        session.commit()
    assert queue.announced() == before + 1


def test_a_file_that_is_not_kept_after_all_wakes_nobody(
    person: Person, assignment: Assignment
) -> None:
    before = queue.announced()
    with database.session() as session:
        handing_in.hand_in(session, Actor(person.user), assignment.id, FILE)
        session.rollback()
        session.commit()
    assert queue.announced() == before


def test_what_is_sent_again_wakes_nobody_again(person: Person, assignment: Assignment) -> None:
    before = queue.announced()
    taken = set()
    for _ in range(3):
        with database.session() as session:
            actor = Actor(person.user)
            made = handing_in.hand_in(session, actor, assignment.id, FILE, key="one")
            taken.add(made.id)
            session.commit()
    assert len(taken) == 1
    assert queue.announced() == before + 1
