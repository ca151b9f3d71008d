"""Where an assignment's points change, whoever keeps grades is told of them as they are then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.models import Assignment, Course, EventType, StoredGrade, Submission
from app.teaching import assignments
from app.teaching.drafts import Draft
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.webhooks.conftest import Hook, Hooks


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, points={"sum": 5.0, "product": 10.0})


def change(db: Session, by: Person, sheet: Assignment, **points: float) -> None:
    """Have the exercises be worth so much; not committed."""
    found = assignments.lock(db, Actor(by.user), sheet.id)
    draft = replace(Draft.of(found), points=points)
    assignments.save(db, Actor(by.user), sheet.course_id, draft, sheet.id)


def newest(hook: Hook, number: int) -> tuple[float, float]:
    """The score that was told of last, and of how many, once so many messages have come."""
    grade = hook.verified(number)[-1]["data"]["grade"]
    assert len(hook.deliveries()) == number
    return grade["score"], grade["max_score"]


def test_a_score_that_changes_with_the_points_is_told_with_the_new_maximum(
    db: Session,
    hooks: Hooks,
    sheet: Assignment,
    course: Course,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADE)
    made = attempt(db, sheet, student, 1.0)
    assert newest(hook, 1) == (15.0, 15.0)
    of = update(Submission).where(Submission.id == made.id)
    db.execute(of.values(score=20.0, max_score=20.0))  # as a regrade does, before it saves points
    change(db, instructor, sheet, sum=12.0, product=8.0)
    db.commit()
    assert newest(hook, 2) == (20.0, 20.0)


def test_who_keeps_their_score_is_told_of_the_new_maximum(
    db: Session,
    hooks: Hooks,
    sheet: Assignment,
    course: Course,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADE, EventType.GRADED)
    made = attempt(db, sheet, student, 0.2)
    hook.come(2)
    db.execute(update(Submission).where(Submission.id == made.id).values(max_score=25.0))
    change(db, instructor, sheet, sum=5.0, product=20.0)
    db.commit()
    told = [one["data"] for one in hook.verified(4)[2:]]
    told_of = {kind: one[kind] for one in told for kind in ("grade", "submission") if kind in one}
    assert {(one["score"], one["max_score"]) for one in told_of.values()} == {(3.0, 25.0)}
    assert set(told_of) == {"grade", "submission"}
    assert len(hook.deliveries()) == 4, "who has no grade yet is not told of"


def test_an_exercise_that_is_taken_out_takes_what_was_given_for_it(
    db: Session,
    hooks: Hooks,
    sheet: Assignment,
    course: Course,
    student: Person,
    instructor: Person,
) -> None:
    attempt(db, sheet, student, 0.0)
    of = StoredGrade.user_id == student.user.id, StoredGrade.assignment_id == sheet.id
    db.execute(
        update(StoredGrade).where(*of).values(given_by_exercise={"sum": 2.0, "product": 4.0})
    )
    db.commit()
    hook = hooks.make(instructor, course, EventType.GRADE)
    change(db, instructor, sheet, product=10.0)
    db.commit()
    assert newest(hook, 1) == (4.0, 10.0)


def test_other_words_and_another_order_are_not_told_of(
    db: Session,
    hooks: Hooks,
    sheet: Assignment,
    course: Course,
    student: Person,
    instructor: Person,
) -> None:
    attempt(db, sheet, student, 0.5)
    hook = hooks.make(instructor, course, EventType.GRADE)
    change(db, instructor, sheet, product=10.0, sum=5.0)
    db.commit()
    assert hook.deliveries() == []
