"""Who asked for it is told what happened, signed as Standard Webhooks has it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from standardwebhooks import Webhook, WebhookVerificationError

from app.gradebook import changes, grades
from app.gradebook.changes import ByHand
from app.identity.authentication import Actor
from app.models import Assignment, Course, EventType, Kind, Status, StoredGrade, Submission, User
from app.settings import settings
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.webhooks.conftest import Hooks


def test_a_graded_submission_is_told_of_with_its_score_and_where_it_is(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    db.execute(update(User).where(User.id == student.user.id).values(external_id=student.email))
    db.get_one(Assignment, assignment.id).external_id = "week-1-of-this"
    db.commit()
    hook = hooks.make(instructor, course, EventType.GRADED)
    made = attempt(db, assignment, student, 0.5)
    (told,) = hook.verified()
    assert told["type"] == "submission.graded"
    assert told["data"] == {
        "course": {"id": course.id, "sis_course_id": course.code},
        "assignment": {
            "id": assignment.id,
            "sis_assignment_id": "week-1-of-this",
            "url": f"{settings().base_url}/api/v1/assignments/{assignment.id}",
        },
        "students": [{"id": student.user.id, "sis_user_id": student.email}],
        "submission": {
            "id": str(made.id),
            "attempt": 1,
            "status": "graded",
            "score": 35.0,
            "max_score": 70.0,
            "late": False,
            "url": f"{settings().base_url}/api/v1/submissions/{made.id}",
        },
        "student_sees": "whole",
    }
    assert instructor.api.get(f"/submissions/{made.id}").url == told["data"]["submission"]["url"]


def test_a_message_that_was_changed_on_its_way_or_is_old_is_known_for_it(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    attempt(db, assignment, student, 0.5)
    (message,) = hook.come()
    verifier = Webhook(hook.secret)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(message.body.replace(b"35", b"70"), message.headers)
    old = {**message.headers, "webhook-timestamp": "1700000000"}
    with pytest.raises(WebhookVerificationError):
        verifier.verify(message.body, old)
    assert not {"authorization", "cookie"} & set(message.headers)


def test_a_submission_that_failed_is_told_of_without_a_score(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course)
    attempt(db, assignment, student, None, status=Status.FAILED)
    (told,) = hook.verified()
    assert (told["type"], told["data"]["submission"]["score"]) == ("submission.failed", None)


def test_graded_again_is_told_of_where_the_score_is_another_one(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED, EventType.FAILED)
    made = attempt(db, assignment, student, 0.5)
    again(db, made, Status.GRADED, 35.0)
    again(db, made, Status.GRADED, 70.0)
    again(db, made, Status.FAILED, 70.0)
    again(db, made, Status.GRADED, 70.0)
    told = [one["data"]["submission"] for one in hook.verified(4)]
    assert [(one["status"], one["score"]) for one in told] == [
        ("graded", 35.0),
        ("graded", 70.0),
        ("failed", None),
        ("graded", 70.0),
    ]
    assert len(hook.deliveries()) == 4


def test_a_trial_is_told_of_once_it_is_handed_in(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    trial = attempt(db, assignment, student, 0.5)
    trial.kind, trial.attempt = Kind.TRIAL, 0
    db.commit()
    hook = hooks.make(instructor, course, EventType.GRADED)
    trial.score = 14.0
    db.commit()
    assert hook.deliveries() == []
    trial.kind, trial.attempt = Kind.ATTEMPT, 1
    db.commit()
    assert [one["data"]["submission"]["score"] for one in hook.verified()] == [14.0]


def again(db: Session, made: Submission, status: Status, score: float) -> None:
    """Grade an attempt again, as a worker does."""
    of = update(Submission).where(Submission.id == made.id)
    db.execute(of.values(status=Status.QUEUED))
    db.execute(of.values(status=Status.RUNNING))
    db.commit()
    db.execute(of.values(status=status, score=score))
    db.commit()


def test_whatever_changes_the_grade_that_counts_is_told_of_as_it_is_then(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADE)
    attempt(db, assignment, student, 0.5)
    first = by_hand(db, instructor, assignment, student, ByHand(60.0))
    by_hand(db, instructor, assignment, student, ByHand(exercises={"sum": 1.0}))
    by_hand(db, instructor, assignment, student, ByHand(excused=True))
    changes.undo(db, Actor(instructor.user), assignment.id, student.user.id, first)
    db.commit()
    told = [one["data"]["grade"] for one in hook.verified(5)]
    assert [(one["score"], one["changed_by_hand"], one["excused"]) for one in told] == [
        (35.0, False, False),
        (60.0, True, False),
        (31.0, True, False),
        (35.0, False, True),
        (35.0, False, False),
    ]
    assert len(hook.deliveries()) == 5


def by_hand(
    db: Session, teacher: Person, assignment: Assignment, student: Person, wanted: ByHand
) -> int:
    """Change a grade, and check that what is told is what the gradebook has."""
    actor, whose = Actor(teacher.user), student.user.id
    made = changes.change(db, actor, assignment.id, whose, wanted, "So it is.")
    db.commit()
    of = StoredGrade.assignment_id == assignment.id, StoredGrade.user_id == whose
    assert db.scalar(select(grades.counted()).where(*of)) == made.after["points"]  # type: ignore[index]
    return made.id


def test_several_steps_of_one_change_are_told_of_once_as_they_end(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADE)
    of = update(StoredGrade).where(StoredGrade.user_id == student.user.id)
    attempt(db, assignment, student, 0.5)
    hook.come()
    for score in (10.0, 20.0, 30.0):
        db.execute(of.values(given=score))
    db.commit()
    last = hook.verified(2)[-1]
    assert (last["data"]["grade"]["score"], len(hook.deliveries())) == (30.0, 2)


def test_a_change_that_is_not_made_is_not_told_of(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADE)
    attempt(db, assignment, student, 0.5)
    hook.come()
    db.execute(update(StoredGrade).where(StoredGrade.user_id == student.user.id).values(given=1.0))
    db.rollback()
    assert len(hook.deliveries()) == 1


def test_each_hears_of_its_own_course_and_of_what_it_asked_for_alone(
    db: Session,
    hooks: Hooks,
    cast: Cast,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    outsider: Person,
    admin: Person,
) -> None:
    other = cast.course()
    cast.person("Tea Teacher", other)
    of_course = hooks.make(instructor, course, EventType.GRADED)
    of_failures = hooks.make(instructor, course, EventType.FAILED)
    of_site = hooks.make(admin, None, EventType.GRADED)
    elsewhere = hooks.make(admin, other)
    attempt(db, assignment, student, 0.5)
    ids = {one.come()[0].id for one in (of_course, of_site)}
    assert len(ids) == 1, "one thing that happened has one id, whoever is told"
    assert not of_failures.deliveries() + elsewhere.deliveries()


def test_nobody_is_named_and_nothing_secret_is_told(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course)
    attempt(db, assignment, student, 0.5, source=b"a_name_in_the_file = 1\n")
    said = " ".join(json.dumps(one.told) for one in hook.come(2))
    for kept in (student.user.name, student.email, "a_name_in_the_file", "mine.py", "whsec_"):
        assert kept not in said


def test_what_students_are_not_shown_yet_is_marked(
    db: Session, hooks: Hooks, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    hidden = cast.assignment(course, shown={"score": "after release"}, meanwhile="none")
    hook = hooks.make(instructor, course)
    attempt(db, hidden, student, 0.5)
    assert {one["data"]["student_sees"] for one in hook.verified(2)} == {"none"}
