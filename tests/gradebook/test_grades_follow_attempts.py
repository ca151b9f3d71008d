"""What is kept of a student's grade follows whatever happens to the attempts."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.gradebook.grades import NOTHING, Grade
from app.grading.showing import seen
from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, Kind, Status, Submission
from app.regrades import editing
from app.teaching.drafts import Draft
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person


def grade(db: Session, assignment: Assignment, person: Person) -> Grade:
    db.rollback()
    found = grades.of_person(db, assignment.course_id, person.user.id)
    return found.get(assignment.id, NOTHING)


def counting(db: Session, assignment: Assignment, person: Person) -> uuid.UUID:
    db.rollback()
    found = grades.counting(db, assignment.course_id, [person.user.id])
    return found[person.user.id, assignment.id].submission_id


@pytest.mark.parametrize(("counts", "first", "second"), [("best", 70, 70), ("latest", 70, 35)])
def test_the_best_or_the_latest_graded_attempt_counts(
    db: Session, cast: Cast, course: Course, student: Person, counts: str, first: int, second: int
) -> None:
    assignment = cast.assignment(course, counts=counts)
    assert grade(db, assignment, student) == NOTHING
    attempt(db, assignment, student, 1.0)
    assert grade(db, assignment, student).score == first
    attempt(db, assignment, student, 0.5)
    attempt(db, assignment, student, None, status=Status.FAILED)
    found = grade(db, assignment, student)
    assert (found.score, found.computed, found.attempts) == (second, second, 3)
    assert not found.changed


def test_another_rule_of_what_counts_is_followed_at_once(
    db: Session, assignment: Assignment, student: Person
) -> None:
    for share in (1.0, 0.5):
        attempt(db, assignment, student, share)
    db.execute(update(Assignment).where(Assignment.id == assignment.id).values(counts="latest"))
    db.commit()
    assert grade(db, assignment, student).score == 35


def test_another_score_of_an_attempt_is_followed_as_is_its_end(
    db: Session, assignment: Assignment, student: Person
) -> None:
    first, second = (attempt(db, assignment, student, share) for share in (0.25, 0.5))
    db.execute(update(Submission).where(Submission.id == first.id).values(score=60.0))
    db.commit()
    assert counting(db, assignment, student) == first.id
    db.execute(delete(Submission).where(Submission.id == first.id))
    db.commit()
    assert counting(db, assignment, student) == second.id
    assert grade(db, assignment, student).attempts == 1


def test_of_equal_attempts_the_first_counts_as_it_came_earlier(
    db: Session, assignment: Assignment, student: Person
) -> None:
    first = attempt(db, assignment, student, 0.5)
    attempt(db, assignment, student, 0.5)
    assert counting(db, assignment, student) == first.id
    shown = seen.kept(db, assignment, student.user.id)
    assert shown is not None
    assert shown.id == first.id


def test_what_waits_is_counted_while_it_does_and_a_trial_never(
    db: Session, assignment: Assignment, student: Person
) -> None:
    waiting = attempt(db, assignment, student, None, status=Status.RUNNING)
    assert grade(db, assignment, student).pending == 1
    values = {"status": Status.FAILED}
    db.execute(update(Submission).where(Submission.id == waiting.id).values(values))
    db.commit()
    found = grade(db, assignment, student)
    assert (found.pending, found.has_failed) == (0, True)
    trial = attempt(db, assignment, student, 1.0)
    db.execute(
        update(Submission).where(Submission.id == trial.id).values(kind=Kind.TRIAL, attempt=0)
    )
    db.execute(delete(Submission).where(Submission.id == waiting.id))
    db.commit()
    assert grade(db, assignment, student).score is None


def test_late_follows_the_due_date_as_it_is_now(
    db: Session, assignment: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, assignment, student, 1.0)
    for due, late in ((now() - timedelta(hours=1), True), (now() + timedelta(hours=1), False)):
        draft = replace(Draft.of(assignment), due_at=due)
        editing.change(db, Actor(instructor.user), assignment.id, draft)
        db.commit()
        assert grade(db, assignment, student).late is late


def test_two_verdicts_at_the_same_moment_leave_the_better_one(
    db: Session, assignment: Assignment, student: Person
) -> None:
    made = [attempt(db, assignment, student, None, status=Status.RUNNING) for _ in range(8)]

    def settle(place: int) -> None:
        with database.session() as session:
            session.execute(
                update(Submission)
                .where(Submission.id == made[place].id)
                .values(score=float(place), status=Status.GRADED)
            )
            session.commit()

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(settle, range(8)))
    assert grade(db, assignment, student).score == 7
    assert counting(db, assignment, student) == made[7].id
