"""Work is graded again as a preview: nothing changes before somebody says so."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Kind, StoredGrade, Submission
from tests.pages.conftest import RIGHT
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press
from tests.support.regrades import Regrades

EMPTY = b"x = 1\n"


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, points={"sum": 10.0})


@pytest.fixture
def regrades(instructor: Person, sheet: Assignment) -> Regrades:
    return Regrades(instructor, sheet)


def test_a_preview_changes_nothing_until_it_is_applied_and_then_the_student_reads_why(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 0.5, source=RIGHT)
    here = regrades.ready()
    assert regrades.score(made) == 5.0
    grade = f"/assignments/{sheet.id}/grades/{student.user.id}"
    assert "Graded again" not in student.web.get(f"/submissions/{made.id}").text
    shown = regrades.teacher.web.get(here).text
    assert "1 of 1 score changes: 1 up, 0 down" in shown
    assert "5 → <strong>10</strong>" in shown
    assert regrades.apply(here).status_code == 303
    assert regrades.score(made) == 10.0
    assert db.get_one(StoredGrade, (sheet.id, student.user.id)).score == 10.0
    for page in (f"/submissions/{made.id}", grade):
        text = student.web.get(page).text
        assert "The graders were wrong." in text
        assert regrades.teacher.user.name in text
    earlier = db.scalars(select(Submission).where(Submission.of_id == made.id)).one()
    assert (earlier.kind, earlier.score, earlier.grader_version) == (Kind.EARLIER, 5.0, "1")
    read = student.web.get(f"/submissions/{earlier.id}")
    assert read.status_code == 200
    assert "This is what attempt 1 had before it was graded again" in read.text
    assert "It is so." in read.text  # the summary of then
    assert "1 score changed" in regrades.teacher.web.get(here).text


def test_never_lower_leaves_whoever_would_lose_as_they_are(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person, other_student: Person
) -> None:
    gains = attempt(db, sheet, student, 0.5, source=RIGHT)
    loses = attempt(db, sheet, other_student, 0.7, source=EMPTY)
    here = regrades.ready()
    assert "2 of 2 scores change: 1 up, 1 down" in regrades.teacher.web.get(here).text
    assert regrades.apply(here, losses="none").status_code == 303
    assert (regrades.score(gains), regrades.score(loses)) == (10.0, 7.0)
    assert "Graded again" not in other_student.web.get(f"/submissions/{loses.id}").text
    assert (regrades.kinds(Kind.PREVIEW), regrades.kinds(Kind.EARLIER)) == (0, 1)


def test_what_is_cancelled_leaves_nothing_behind(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 0.5, source=RIGHT)
    here = regrades.begin()
    assert regrades.teacher.web.post(f"{here}/cancel").status_code == 303
    assert (regrades.score(made), regrades.kinds(Kind.PREVIEW)) == (5.0, 0)
    assert "Everything was left as it is" in regrades.teacher.web.get(here).text
    late = regrades.teacher.web.post(f"{here}/apply", data={"reason": "Too late."})
    assert late.status_code == 409
    assert "was cancelled already" in late.text


def test_a_preview_is_for_staff_alone(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person, assistant: Person
) -> None:
    attempt(db, sheet, student, 0.5, source=RIGHT)
    here = regrades.ready()
    new = db.scalars(select(Submission.id).where(Submission.kind == Kind.PREVIEW)).all()
    for one in new:
        for path in (f"/submissions/{one}", f"/submissions/{one}/events"):
            assert student.web.get(path).status_code == 404
            assert student.api.get(path).status_code == 404
        assert assistant.web.get(f"/submissions/{one}").status_code in (200, 404)
    assert student.web.get(here).status_code == 403
    assert "Change these scores" not in assistant.web.get(here).text
    assert assistant.web.post(f"{here}/apply", data={"reason": "I may not."}).status_code == 403
    assert assistant.web.post(f"{here}/cancel").status_code == 403
    attempts = student.api.get(f"/assignments/{sheet.id}/submissions").json()
    assert len(attempts) == 1


def test_those_that_count_and_those_of_a_filter_alone_are_graded_again(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person, other_student: Person
) -> None:
    attempt(db, sheet, student, 0.2)
    attempt(db, sheet, student, 0.8)
    attempt(db, sheet, other_student, 0.9)
    for look, which, number in (("", "all", 3), ("", "counting", 2), ("?below=85", "all", 2)):
        here = regrades.begin(look, attempts=which)
        assert regrades.teacher.api.get(here).json()["attempts"] == number
        regrades.teacher.web.post(f"{here}/cancel")
    alone = regrades.teacher.web.post(regrades.all, data={"submission": str(uuid.uuid4())})
    assert alone.status_code == 422


def test_pressed_twice_it_is_one_preview(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    attempt(db, sheet, student, 0.5)
    assert regrades.begin() == regrades.begin()


def test_of_two_previews_the_second_is_told_that_scores_have_changed(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 0.5, source=RIGHT)
    first, second = regrades.ready(attempts="all"), regrades.ready(attempts="counting")
    seen = filled(regrades.teacher.web, second, f"{second}/apply")
    assert regrades.apply(first).status_code == 303
    answer = regrades.teacher.web.post(f"{second}/apply", data=seen | {"reason": "Again."})
    assert answer.status_code == 409
    assert "Somebody else has changed some of these scores" in answer.text
    assert "No score changes" in answer.text
    assert regrades.score(made) == 10.0


def test_without_a_reason_nothing_is_applied(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 0.5, source=RIGHT)
    here = regrades.ready()
    answer = regrades.apply(here, reason=" ")
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert regrades.score(made) == 5.0


def test_a_grade_by_hand_stays_and_the_one_that_was_computed_follows(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    attempt(db, sheet, student, 0.5, source=RIGHT)
    grade = f"/assignments/{sheet.id}/grades/{student.user.id}"
    press(regrades.teacher.web, grade, grade, score="7", reason="So it is.")
    regrades.apply(regrades.ready())
    found = regrades.teacher.api.get(grade).json()
    assert (found["score"], found["computed"]) == (7.0, 10.0)


def test_the_api_says_who_gets_what_by_which_check_and_applies_it(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(
        db, sheet, student, 0.5, source=RIGHT,
        reports={"sum": {"checks": [{"family": "forward", "name": "values", "status": "failed"}]}},
    )  # fmt: skip
    api = regrades.teacher.api
    here = f"/regrades/{api.post(regrades.all, json={}).json()['id']}"
    regrades.worked_out(here)
    (change,) = api.get(f"{here}/changes").json()
    assert (change["submission_id"], change["before"], change["after"]) == (str(made.id), 5.0, 10.0)
    assert {"exercise": "sum", "name": "values", "passes": True} in change["checks"]
    version = api.get(here).json()["version"]
    told = api.post(f"{here}/apply", json={"reason": "Why not.", "version": "another"})
    assert told.status_code == 409
    done = api.post(f"{here}/apply", json={"reason": "So it is.", "version": version})
    assert (done.status_code, done.json()["state"]) == (200, "applied")
    assert regrades.score(made) == 10.0
    assert api.post(f"{here}/cancel").status_code == 409
