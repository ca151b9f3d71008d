"""An assignment may have trials for nothing, as attempts, or not at all."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.grading import submissions, trials
from app.grading.rules import admission, terms
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course, Submission
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.waiting import wait_for

FILE = Upload("work.py", b"x = 1\n")
CODE = {"code": "x = 1\n"}


@pytest.fixture
def counted(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, trials="counted", max_attempts=2)


@pytest.fixture
def without(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, trials="off")


def left(db: Session, assignment: Assignment, person: Person) -> int | None:
    found = db.get_one(Assignment, assignment.id)
    rules = terms.of(db, found, person.user.id)
    return admission.allowance(db, found, person.user.id, rules).left


def test_a_counted_trial_uses_up_an_attempt(
    db: Session, student: Person, other_student: Person, counted: Assignment
) -> None:
    actor = Actor(student.user)
    trials.accept(db, actor, counted.id, FILE)
    assert left(db, counted, student) == 1
    assert submissions.accept(db, actor, counted.id, FILE).attempt == 1
    assert left(db, counted, student) == 0
    for take in (trials.accept, submissions.accept):
        with pytest.raises(Conflict, match="trials among them"):
            take(db, actor, counted.id, FILE)
    assert left(db, counted, other_student) == 2
    db.rollback()


def test_handing_in_a_counted_trial_is_the_attempt_that_it_has_used_up(
    db: Session, student: Person, cast: Cast, course: Course
) -> None:
    once = cast.assignment(course, trials="counted", max_attempts=1)
    tried = student.web.post(f"/assignments/{once.id}/trial", data=CODE).headers["location"]
    assert "uses up none more" in student.web.get(tried).text
    answer = student.web.post(f"{tried}/hand-in")
    assert (answer.status_code, answer.headers["location"]) == (303, tried)
    found = db.get_one(Submission, uuid.UUID(tried.removeprefix("/submissions/")))
    assert (found.kind, found.attempt) == ("attempt", 1)
    assert student.web.post(f"{tried}/hand-in").status_code == 409
    assert student.web.post(f"/assignments/{once.id}/trial", data=CODE).status_code == 409
    wait_for(
        lambda: student.api.get(tried).json()["status"] == "graded", "the score of the attempt"
    )


def test_counted_trials_are_not_forgotten_and_others_are(
    db: Session, student: Person, assignment: Assignment, counted: Assignment
) -> None:
    actor = Actor(student.user)
    made = [trials.accept(db, actor, one.id, FILE).id for one in (assignment, counted)]
    db.execute(
        update(Submission)
        .where(Submission.id.in_(made))
        .values(submitted_at=now() - timedelta(days=2))
    )
    trials.forget(db)
    db.expire_all()
    assert [db.get(Submission, one) is not None for one in made] == [False, True]
    db.rollback()


def test_where_trials_are_off_none_is_taken_and_the_page_offers_none(
    db: Session, student: Person, without: Assignment
) -> None:
    answer = student.web.post(f"/assignments/{without.id}/trial", data=CODE)
    assert answer.status_code == 409
    assert "cannot be tried without handing them in" in answer.text
    page = student.web.get(f"/assignments/{without.id}/work").text
    assert f"/assignments/{without.id}/trial" not in page
    assert "Hand in" in page


def test_the_page_says_what_a_trial_costs(
    student: Person, assignment: Assignment, counted: Assignment
) -> None:
    free = student.web.get(f"/assignments/{assignment.id}/work").text
    assert "a trial is no attempt and counts nowhere" in free
    assert "it uses up an attempt" in student.web.get(f"/assignments/{counted.id}/work").text
    tried = student.web.post(f"/assignments/{counted.id}/trial", data=CODE)
    banner = student.web.get(tried.headers["location"]).text
    assert "it has used up an attempt" in banner


def test_the_instructor_chooses_it_in_the_form_and_the_api_tells(
    db: Session, instructor: Person, student: Person, assignment: Assignment
) -> None:
    page = f"/assignments/{assignment.id}/edit"
    for choice in ("off", "counted", "free"):
        saved = press(instructor.web, page, page, trials=choice)
        assert saved.status_code == 303, saved.text
        assert f'value="{choice}" selected' in instructor.web.get(page).text
        assert student.api.get(f"/assignments/{assignment.id}").json()["trials"] == choice
    wrong = press(instructor.web, page, page, trials="sometimes")
    assert wrong.status_code == 422
    assert "Trials are one of" in wrong.text


def test_the_api_tells_a_trial_from_an_attempt(student: Person, assignment: Assignment) -> None:
    address = f"/assignments/{assignment.id}"
    tried = student.web.post(f"{address}/trial", data=CODE).headers["location"]
    handed_in = student.api.post(f"{address}/submissions", files={"file": ("a.py", b"x = 1")})
    trial = student.api.get(tried).json()
    assert (trial["kind"], trial["attempt"]) == ("trial", None)
    submission = student.api.get(f"/submissions/{handed_in.json()['id']}").json()
    assert (submission["kind"], submission["attempt"]) == ("submission", 1)
    listed = student.api.get(f"{address}/submissions").json()
    assert [(one["kind"], one["id"]) for one in listed] == [("submission", submission["id"])]
