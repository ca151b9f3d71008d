"""Over REST a file can be tried, read back, and handed in as it is, as on the pages."""

from __future__ import annotations

import uuid

import httpx
import pytest

from app.models import Assignment, Course
from tests.api.handing_in.test_handing_in import GOOD, graded, hand_in
from tests.support.cast import Cast, Person


def try_file(person: Person, sheet: Assignment, **headers: str) -> httpx.Response:
    return person.api.post(
        f"/assignments/{sheet.id}/trials", files={"file": ("mine.py", GOOD)}, headers=headers
    )


def attempts(person: Person, sheet: Assignment) -> int:
    return len(person.api.get(f"/assignments/{sheet.id}/submissions").json())


def test_a_trial_is_graded_and_counts_nowhere(student: Person, assignment: Assignment) -> None:
    tried = try_file(student, assignment)
    assert tried.status_code == 202, tried.text
    assert tried.headers["location"] == f"/api/v1/submissions/{tried.json()['id']}"
    assert tried.json()["kept_until"]
    assert graded(student, tried)["score"] == 10.0
    assert attempts(student, assignment) == 0


def test_what_was_tried_is_handed_in_byte_for_byte(student: Person, assignment: Assignment) -> None:
    tried = try_file(student, assignment)
    made = student.api.post(f"/submissions/{tried.json()['id']}/hand-in")
    assert made.status_code == 202, made.text
    assert graded(student, made)["score"] == 10.0
    assert student.api.get(f"/submissions/{made.json()['id']}/source").content == GOOD
    assert attempts(student, assignment) == 1
    again = student.api.post(f"/submissions/{made.json()['id']}/hand-in")
    assert again.status_code == 409
    assert "handed in already" in again.json()["detail"]


@pytest.mark.parametrize("what", ["trials", "hand-in"])
def test_sent_twice_with_one_key_it_is_one(
    student: Person, assignment: Assignment, what: str
) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = try_file(student, assignment, **(key if what == "trials" else {}))
    if what == "trials":
        second = try_file(student, assignment, **key)
    else:
        at = f"/submissions/{first.json()['id']}/hand-in"
        first, second = (student.api.post(at, headers=key) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert second.headers["idempotency-replayed"] == "true"


def test_where_there_are_no_trials_or_they_count_as_attempts_it_is_said(
    cast: Cast, course: Course, student: Person
) -> None:
    none = try_file(student, cast.assignment(course, trials="off"))
    assert (none.status_code, "Hand it in" in none.json()["detail"]) == (409, True)
    counted = cast.assignment(course, trials="counted", max_attempts=1)
    assert try_file(student, counted).json()["kept_until"] is None
    assert try_file(student, counted).status_code == 409


def test_a_field_that_a_trial_does_not_have_is_refused(
    instructor: Person, student: Person, assignment: Assignment
) -> None:
    answer = instructor.api.post(
        f"/assignments/{assignment.id}/trials",
        files={"file": ("mine.py", GOOD)},
        data={"student": student.email},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"student": "is not a field of this form; it has `file`"}


def test_the_file_to_begin_with_is_the_pages(student: Person, assignment: Assignment) -> None:
    at = f"/assignments/{assignment.id}/starter"
    assert student.api.get(at).content == student.web.get(f"{at}.py").content


def test_nobody_hands_in_or_reads_what_somebody_else_tried(
    student: Person, other_student: Person, instructor: Person, assignment: Assignment
) -> None:
    tried = try_file(student, assignment).json()["id"]
    for person in (other_student, instructor):
        assert person.api.post(f"/submissions/{tried}/hand-in").status_code == 404
    assert other_student.api.get(f"/submissions/{tried}/source").status_code == 404
    attempt = hand_in(student, assignment).json()["id"]
    assert instructor.api.get(f"/submissions/{attempt}/source").content == GOOD
