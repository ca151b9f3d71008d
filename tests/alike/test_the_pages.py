"""Staff are shown pairs as a question, and two files beside each other."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from tests.alike.made_class import made_class
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person


@pytest.fixture
def class_(db: Session, cast: Cast, course: Course, assignment: Assignment) -> list[Person]:
    """Twelve students, of whom the second has the first one's file."""
    files, _ = made_class(1003, 12, copies=1)
    people = [cast.person(f"Student {place}", course) for place in range(12)]
    for file in files:
        attempt(db, assignment, people[file.owner], 0.5, source=file.text.encode())
    return people


def test_a_pair_leads_to_both_files_with_what_they_share_marked(
    class_: list[Person], assignment: Assignment, assistant: Person
) -> None:
    at = f"/assignments/{assignment.id}/alike"
    seen = assistant.web.get(at).text
    assert "no verdict" in seen
    (pair,) = assistant.api.get(at).json()["pairs"]
    assert [one["student"]["name"] for one in pair["attempts"]] == ["Student 0", "Student 1"]
    one, other = (each["submission_id"] for each in pair["attempts"])
    assert f'href="{at}/{one}/{other}"' in seen
    beside = assistant.web.get(f"{at}/{one}/{other}").text
    assert beside.count('<li class="marked">') > 20


def test_two_attempts_of_different_work_are_not_put_beside_each_other(
    db: Session, class_: list[Person], assignment: Assignment, assistant: Person, cast: Cast,
    course: Course,
) -> None:  # fmt: skip
    one = attempt(db, assignment, class_[0], 0.5)
    other = attempt(db, cast.assignment(course), class_[1], 0.5)
    answer: httpx.Response = assistant.web.get(
        f"/assignments/{assignment.id}/alike/{one.id}/{other.id}"
    )
    assert answer.status_code == 404


def test_a_small_class_is_told_that_it_is_one(
    db: Session, assignment: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, assignment, student, 0.5)
    assert "nobody can say yet" in instructor.web.get(f"/assignments/{assignment.id}/alike").text
