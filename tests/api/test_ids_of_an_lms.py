"""An LMS names courses and people by its own ids, wherever a path has ours."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course, User
from tests.support.cast import Person


@pytest.fixture
def external(db: Session, student: Person) -> str:
    """The student's external id."""
    found = f"S-{uuid.uuid4()} ü"
    db.get_one(User, student.user.id).external_id = found
    db.commit()
    return found


def test_a_course_and_a_person_are_found_by_their_own_ids(
    instructor: Person, student: Person, course: Course, external: str
) -> None:
    read = instructor.api.get
    by_code, by_id = f"/courses/sis_course_id:{course.code}", f"/courses/{course.id}"
    for path in ("", "/gradebook", "/people", "/groups", "/sections"):
        assert read(by_code + path).json() == read(by_id + path).json()
        assert read(by_code + path).status_code == 200
    assert read(f"{by_code}/people/sis_user_id:{external}").json()["id"] == student.user.id


def test_a_grade_is_changed_by_the_ids_of_the_lms(
    instructor: Person, assignment: Assignment, external: str
) -> None:
    at = f"/assignments/{assignment.id}/grades/sis_user_id:{external}"
    match = {"If-Match": instructor.api.get(at).headers["etag"]}
    changed = instructor.api.patch(at, json={"score": 7, "reason": "Oral."}, headers=match)
    assert changed.status_code == 200, changed.text
    assert changed.json()["score"] == 7
    overview = f"/courses/{assignment.course_id}/grades/sis_user_id:{external}"
    assert instructor.api.get(overview).status_code == 200


@pytest.mark.parametrize("which", ["sis_course_id:nowhere", "2147483647", "2147483648"])
def test_what_nobody_has_is_answered_as_what_one_may_not_know_of(
    instructor: Person, outsider: Person, course: Course, which: str
) -> None:
    hidden = outsider.api.get(f"/courses/sis_course_id:{course.code}")
    nothing = outsider.api.get(f"/courses/{which}")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.json()["detail"] == nothing.json()["detail"]


@pytest.mark.parametrize("broken", ["0", "-1", "abc", "1.5", str(10**12), "sis_course_id:", "1%00"])
def test_what_is_no_id_is_nothing_that_is_there(instructor: Person, broken: str) -> None:
    assert instructor.api.get(f"/courses/{broken}").status_code == 404
