"""A trial is graded like any file, and is no attempt."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, Unprocessable
from app.gradebook import book, grades
from app.grading import listings, submissions, trials
from app.grading.showing import seen
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course, Kind, Status, Submission
from app.regrades import making
from app.regrades.making import Selection
from app.scheduling import queue_position
from graders.exercises import COURSE_TEXT, starter
from tests.support.cast import Cast, Person
from tests.support.waiting import wait_for

FILE = Upload("work.py", starter(COURSE_TEXT).encode())


@pytest.fixture
def try_file(db: Session) -> Callable[[Person, Assignment], Submission]:
    """Tries a file as a person, and waits for the verdict."""

    def tried(person: Person, assignment: Assignment) -> Submission:
        made = trials.accept(db, Actor(person.user), assignment.id, FILE)
        db.commit()
        return settled(db, made.id)

    return tried


def settled(db: Session, submission_id: uuid.UUID) -> Submission:
    def look() -> Submission | None:
        db.expire_all()
        found = db.get(Submission, submission_id)
        return found if found is not None and found.is_settled else None

    return wait_for(look, "a verdict")


Try = Callable[[Person, Assignment], Submission]


def test_it_is_graded_with_every_check(
    try_file: Try, student: Person, assignment: Assignment
) -> None:
    made = try_file(student, assignment)
    assert made.status is Status.GRADED
    assert made.max_score == 70
    assert [result.slug for result in made.results] == list(COURSE_TEXT)


def test_it_is_in_no_list_of_attempts_and_in_no_gradebook(
    db: Session,
    try_file: Try,
    student: Person,
    instructor: Person,
    course: Course,
    assignment: Assignment,
) -> None:
    try_file(student, assignment)
    actor, teacher = Actor(student.user), Actor(instructor.user)
    assert submissions.attempts(db, actor, assignment.id) == []
    assert seen.kept(db, assignment, student.user.id) is None
    assert listings.of_assignment(db, teacher, assignment.id, listings.Search(), limit=9) == []
    assert grades.of_person(db, course.id, student.user.id) == {}
    [row] = [
        row
        for row in book.of_course(db, teacher, course.id).rows
        if row.student.id == student.user.id
    ]
    assert (row.grades, row.total.points) == ({}, 0)


def test_it_takes_no_number_from_the_attempts(
    db: Session, try_file: Try, student: Person, assignment: Assignment
) -> None:
    try_file(student, assignment)
    actor = Actor(student.user)
    first = submissions.accept(db, actor, assignment.id, FILE)
    try_file(student, assignment)
    second = submissions.accept(db, actor, assignment.id, FILE)
    db.commit()
    assert (first.attempt, second.attempt) == (1, 2)


def test_it_works_when_all_attempts_are_used(
    db: Session, cast: Cast, try_file: Try, course: Course, student: Person
) -> None:
    assignment = cast.assignment(course, max_attempts=1)
    submissions.accept(db, Actor(student.user), assignment.id, FILE)
    db.commit()
    assert try_file(student, assignment).status is Status.GRADED


def test_it_is_not_taken_when_the_assignment_is_closed(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    closed = cast.assignment(course, closes_at=now() - timedelta(hours=1))
    with pytest.raises(Conflict, match="closed"):
        trials.accept(db, Actor(student.user), closed.id, FILE)


def test_it_waits_behind_what_is_handed_in(
    db: Session, student: Person, other_student: Person, assignment: Assignment
) -> None:
    first = trials.accept(db, Actor(student.user), assignment.id, FILE)
    second = submissions.accept(db, Actor(other_student.user), assignment.id, FILE)
    assert queue_position.position(db, first.id) == 1 + queue_position.position(db, second.id)
    db.rollback()


def test_waiting_trials_do_not_set_back_what_the_same_person_hands_in(
    db: Session, student: Person, other_student: Person, assignment: Assignment
) -> None:
    trials.accept(db, Actor(student.user), assignment.id, FILE)
    mine = submissions.accept(db, Actor(student.user), assignment.id, FILE)
    theirs = submissions.accept(db, Actor(other_student.user), assignment.id, FILE)
    assert queue_position.position(db, mine.id) < queue_position.position(db, theirs.id)
    db.rollback()


def test_the_file_that_was_tried_can_be_handed_in(
    db: Session, try_file: Try, student: Person, assignment: Assignment
) -> None:
    made = try_file(student, assignment)
    handed_in = trials.hand_in(db, Actor(student.user), made.id)
    db.commit()
    assert (handed_in.kind, handed_in.attempt) == (Kind.ATTEMPT, 1)
    assert (handed_in.source, handed_in.filename) == (made.source, made.filename)
    assert handed_in.id != made.id


def test_only_whoever_tried_it_hands_it_in(
    db: Session,
    try_file: Try,
    student: Person,
    other_student: Person,
    assistant: Person,
    assignment: Assignment,
) -> None:
    made = try_file(student, assignment)
    for person in (other_student, assistant):
        with pytest.raises(NotFound):
            trials.hand_in(db, Actor(person.user), made.id)


def test_it_is_not_graded_again(
    db: Session, try_file: Try, student: Person, instructor: Person, assignment: Assignment
) -> None:
    made = try_file(student, assignment)
    alone = Selection(submission_id=made.id)
    with pytest.raises(Unprocessable, match="No attempt"):
        making.make(db, Actor(instructor.user), assignment.id, alone)


def test_it_goes_away_after_a_day_and_a_hand_in_stays(
    db: Session, try_file: Try, student: Person, assignment: Assignment
) -> None:
    old, young = try_file(student, assignment).id, try_file(student, assignment).id
    kept = submissions.accept(db, Actor(student.user), assignment.id, FILE).id
    past = now() - trials.KEPT - timedelta(minutes=1)
    db.execute(update(Submission).where(Submission.id.in_([old, kept])).values(submitted_at=past))
    db.commit()

    def is_gone() -> bool:
        db.expire_all()
        return db.get(Submission, old) is None

    wait_for(is_gone, "the sweeper to forget a trial")
    assert db.get(Submission, young) is not None
    assert db.get(Submission, kept) is not None
