"""Handing in over REST for somebody else: who may, for whom, and how the student is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, User
from tests.api.handing_in.test_handing_in import GOOD, hand_in
from tests.support.cast import Cast, Person


def test_an_instructor_hands_in_for_a_student(
    instructor: Person, student: Person, assignment: Assignment
) -> None:
    receipt = hand_in(instructor, assignment, student=student.email.upper())
    assert receipt.status_code == 202
    found = student.api.get(f"/submissions/{receipt.json()['id']}").json()
    assert found["student"]["email"] == student.email
    assert found["submitted_by"]["email"] == instructor.email
    (listed,) = student.api.get(f"/assignments/{assignment.id}/submissions").json()
    assert listed["submitted_by"]["email"] == instructor.email
    assert f"by {instructor.user.name}" in student.web.get(f"/submissions/{found['id']}").text


def test_an_lms_names_the_student_by_its_own_id(
    instructor: Person, student: Person, assignment: Assignment
) -> None:
    number = uuid4().hex
    with database.session() as session:
        session.get_one(User, student.user.id).external_id = number
        session.commit()
    for name in (number, f"sis_user_id:{number}"):
        receipt = hand_in(instructor, assignment, student=name)
        assert receipt.status_code == 202
        assert student.api.get(receipt.headers["location"].removeprefix("/api/v1")).is_success


def test_an_address_is_its_holders_even_where_it_is_an_external_id_of_somebody_else(
    instructor: Person, student: Person, other_student: Person, assignment: Assignment
) -> None:
    with database.session() as session:
        session.get_one(User, other_student.user.id).external_id = student.email
        session.commit()
    receipt = hand_in(instructor, assignment, student=student.email)
    assert student.api.get(receipt.headers["location"].removeprefix("/api/v1")).is_success


@pytest.mark.parametrize("who", ["nobody@cast.example", "\0", "a\nb", "x" * 301])
def test_a_student_that_cannot_be_is_told(
    who: str, instructor: Person, assignment: Assignment
) -> None:
    answer = hand_in(instructor, assignment, student=who)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["student"]


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param({"opens_at": now() + timedelta(days=1)}, id="before it opens"),
        pytest.param({"published": False}, id="before it is published"),
        pytest.param({"closes_at": now() - timedelta(days=1)}, id="after it closed"),
        pytest.param({"max_attempts": 1}, id="after the last attempt"),
    ],
)
def test_it_is_taken_when_the_student_could_not_hand_in(
    draft: dict[str, Any], instructor: Person, student: Person, course: Course, cast: Cast
) -> None:
    assignment = cast.assignment(course, **draft)
    for _ in range(draft.get("max_attempts", 0)):
        assert hand_in(student, assignment).status_code == 202
    assert hand_in(student, assignment).status_code in (404, 409)
    assert hand_in(instructor, assignment, student=student.email).status_code == 202


def test_somebody_elses_student_cannot_be_handed_in_for(
    instructor: Person, outsider: Person, assignment: Assignment
) -> None:
    answer = hand_in(instructor, assignment, student=outsider.email)
    assert answer.status_code == 422
    assert "Nobody in this course" in answer.json()["detail"]


def test_a_student_cannot_hand_in_for_another(
    student: Person, other_student: Person, assignment: Assignment
) -> None:
    api = student.api_with("submissions:write", "submissions:behalf")
    answer = api.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", GOOD)},
        data={"student": other_student.email},
    )
    assert answer.status_code == 403
