"""Hints in steps: what is wrong is told as the student asks for it, and each look is noted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from app.models import Course, Submission
from app.visibility import reports
from app.visibility.rules import Sight
from app.visibility.steps import Step, at_step
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.visibility.reports import CHECKS, exercise
from tests.visibility.test_rules import sights

GRADIENT = ("gradient", "gradient-x")


@pytest.fixture
def work(db: Session, cast: Cast, course: Course, student: Person) -> Submission:
    """An attempt at an assignment with hints in steps, whose one gradient is wrong."""
    sheet = cast.assignment(course, hints_in_steps=True, points={"sum": 10.0, "product": 10.0})
    wrong, right = exercise("sum", {GRADIENT}), exercise("product", [])
    return attempt(db, sheet, student, 0.5, reports={"sum": wrong, "product": right})


def test_first_that_something_is_wrong_then_where_then_the_hint_then_the_numbers() -> None:
    report = exercise("sum", {GRADIENT})
    told = [at_step(report, step) for step in Step]
    assert told[0]["summary"] == "Something is not right yet."
    assert told[1]["summary"] == told[2]["summary"] == "Something is not right in: Gradients."
    assert [one["diagnosis"] is not None for one in told] == [False, False, True, True]
    assert [bool(one["checks"]) for one in told] == [False, False, False, True]
    assert told[3] == report | {"step": "evidence"}


def test_without_a_known_misconception_the_hint_is_what_the_first_check_says() -> None:
    report = exercise("sum", {GRADIENT}) | {"diagnosis": None}
    assert at_step(report, Step.HINT)["summary"].endswith("What gradient-x says.")
    assert "says" not in at_step(report, Step.FAMILY)["summary"]


@given(
    sight=sights, failed=some.frozensets(some.sampled_from(CHECKS)), step=some.sampled_from(Step)
)
def test_no_step_tells_of_what_is_hidden(
    sight: Sight, failed: frozenset[tuple[str, str]], step: Step
) -> None:
    seen = reports.of_exercise(exercise("sum", failed), sight)
    told = at_step(seen, step)
    words = {check["message"] for check in exercise("sum", failed)["checks"] if check["message"]}
    assert {word for word in words if word in str(told)} <= {w for w in words if w in str(seen)}
    assert len(told["checks"]) <= len(seen["checks"])


def test_what_is_right_and_what_is_not_there_has_no_steps() -> None:
    assert at_step(exercise("sum", []), Step.WRONG)["step"] is None
    report = exercise("sum", {("contract", "entry")})
    report["checks"][0]["reason"] = "absent"
    assert at_step(report, Step.WRONG) == report | {"step": None}


def test_on_the_page_each_look_is_a_button_and_is_noted_for_student_and_staff(
    work: Submission, student: Person, assistant: Person
) -> None:
    at = f"/submissions/{work.id}"
    assert "Something is not right yet." in student.web.get(at).text
    for told in ("Something is not right in: Gradients.", "Look at gradient/", "What gradient-x"):
        assert told not in student.web.get(at).text
        assert press(student.web, at, f"{at}/looks").status_code == 303
        assert told in student.web.get(at).text
    page = assistant.web.get(at).text
    assert re.search(r"Looked at: where it is .* by Sam Student", page)
    assert f'action="{at}/looks"' not in page
    assert work.score == student.api.get(at).json()["score"]


def test_by_api_one_step_after_the_other_each_noted_once(work: Submission, student: Person) -> None:
    at = f"/submissions/{work.id}"

    def look(step: str, slug: str = "sum") -> int:
        path = f"{at}/exercises/{slug}/looks"
        return student.api.post(path, json={"step": step}).status_code

    assert look("hint") == 409
    assert [look("family"), look("family"), look("hint")] == [200, 200, 200]
    assert look("family", "product") == 409
    assert look("family", "none") == 404
    seen = student.api.get(at).json()
    looks = [(one["exercise"], one["step"]) for one in seen["looks"]]
    assert looks == [("sum", "family"), ("sum", "hint")]
    assert {one["by"]["id"] for one in seen["looks"]} == {student.user.id}
    assert [one["step"] for one in seen["exercises"]] == ["hint", None]
    assert seen["exercises"][0]["checks"] == []


def test_nobody_else_looks_for_a_student(
    work: Submission, instructor: Person, other_student: Person
) -> None:
    path, step = f"/submissions/{work.id}/exercises/sum/looks", {"step": "family"}
    assert instructor.api.post(path, json=step).status_code == 403
    assert other_student.api.post(path, json=step).status_code == 404


def test_staff_see_all_of_it_at_once(work: Submission, assistant: Person) -> None:
    verdict = assistant.api.get(f"/submissions/{work.id}").json()
    assert len(verdict["exercises"][0]["checks"]) == len(CHECKS)


def test_no_other_page_says_more_than_the_steps(work: Submission, student: Person) -> None:
    at = f"/assignments/{work.assignment_id}"
    pages = [f"{at}/grades/{student.user.id}", at, f"{at}/attempts", f"{at}/work", "/"]
    for page in pages:
        said = student.web.get(page).text
        assert "gradient-x" not in said


def test_in_an_archived_course_no_further_hint_is_noted(
    work: Submission, student: Person, instructor: Person
) -> None:
    course = f"/courses/{work.assignment.course_id}"
    press(instructor.web, f"{course}/settings", f"{course}/archive")
    refused = student.api.post(
        f"/submissions/{work.id}/exercises/sum/looks", json={"step": "family"}
    )
    assert refused.status_code == 409
    assert "archived" in refused.json()["detail"]
    assert student.api.get(f"/submissions/{work.id}").status_code == 200
