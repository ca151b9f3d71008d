"""What happens to one submission, or to one grade, is told in its order; the rest does not wait."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import (
    Assignment,
    Course,
    DeliveryState,
    EventType,
    Status,
    StoredGrade,
    Submission,
    WebhookDelivery,
)
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.waiting import wait_for
from tests.webhooks.conftest import Hook, Hooks


def scores(hook: Hook, made: Submission) -> list[float | None]:
    """What came of a submission, in order, each message once."""
    told = {one.id: one.told["data"]["submission"] for one in hook.receiver.at(hook.path)}
    return [one["score"] for one in told.values() if uuid.UUID(one["id"]) == made.id]


def test_later_news_of_a_submission_waits_for_the_earlier_and_others_do_not(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    hook.receiver.answer(hook.path, 500)
    made = attempt(db, assignment, student, 0.1)
    hook.tried()
    regraded(db, made, 14.0)
    hook.receiver.answer(hook.path, 200)
    other = attempt(db, assignment, other_student, 0.5)
    wait_for(lambda: scores(hook, other) == [35.0], "news of the other")
    assert scores(hook, made) == [7.0], "the later news came before the earlier"
    hook.hasten()
    wait_for(lambda: scores(hook, made) == [7.0, 14.0], "all news")
    wait_for(lambda: set(hook.states()) == {DeliveryState.DELIVERED}, "that all is delivered")


def regraded(db: Session, made: Submission, score: float) -> None:
    db.execute(update(Submission).where(Submission.id == made.id).values(score=score))
    db.commit()


def test_once_the_earlier_is_given_up_the_later_goes(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    hook.receiver.answer(hook.path, 500)
    made = attempt(db, assignment, student, 0.1)
    hook.tried()
    regraded(db, made, 14.0)
    first = hook.deliveries()[0].id
    db.execute(update(WebhookDelivery).where(WebhookDelivery.id == first).values(tries=9))
    db.commit()
    hook.hasten()
    wait_for(lambda: hook.states()[0] is DeliveryState.FAILED, "that it is given up")
    hook.receiver.answer(hook.path, 200)
    hook.hasten()
    wait_for(lambda: hook.states() == [DeliveryState.FAILED, DeliveryState.DELIVERED], "the later")


def test_grades_of_one_student_are_told_in_order_with_all_that_is_of_the_submission(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course)
    attempt(db, assignment, student, 0.5)
    given = update(StoredGrade).where(StoredGrade.user_id == student.user.id)
    for score in range(1, 8):
        db.execute(given.values(given=float(score)))
        db.commit()
    wait_for(lambda: set(hook.states()) == {DeliveryState.DELIVERED}, "that all is delivered")
    told = [one.told for one in hook.come(9)]
    grades = [one["data"]["grade"]["score"] for one in told if one["type"] == "grade.changed"]
    assert grades == [35.0, *map(float, range(1, 8))]
    assert [one["timestamp"] for one in told] == sorted(one["timestamp"] for one in told)


def test_a_submission_that_fails_after_it_was_graded_is_told_of_last(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED, EventType.FAILED)
    made = attempt(db, assignment, student, 0.5)
    db.execute(update(Submission).where(Submission.id == made.id).values(status=Status.FAILED))
    db.commit()
    assert [one["type"] for one in hook.verified(2)] == ["submission.graded", "submission.failed"]
