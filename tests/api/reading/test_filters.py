"""Lists are narrowed by what there is, and what there is not is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Status, Submission
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.matching import put


@pytest.fixture
def monday(course: Course, instructor: Person, student: Person) -> int:
    """A section with the student in it."""
    made = instructor.api.post(f"/courses/{course.id}/sections", json={"title": "Monday"})
    at = f"/courses/{course.id}/people/{student.user.id}"
    assert put(instructor.api, f"{at}/sections", at, sections=["Monday"]).status_code == 200
    return int(made.json()["id"])


def test_submissions_by_student_section_status_and_since(
    db: Session,
    assignment: Assignment,
    student: Person,
    other_student: Person,
    instructor: Person,
    monday: int,
) -> None:
    old, lately = now() - timedelta(days=2), (now() - timedelta(days=1)).isoformat()
    first = attempt(db, assignment, student, 0.5, at=old)
    again = attempt(db, assignment, other_student, 0.5, at=old)
    for one, graded in ((first, old), (again, now())):
        db.get_one(Submission, one.id).graded_at = graded
    db.commit()
    waits = attempt(db, assignment, student, None, status=Status.FAILED)

    def found(**asked: str | int) -> set[str]:
        path = f"/assignments/{assignment.id}/submissions"
        answer = instructor.api.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return {one["id"] for one in answer.json()}

    mine, theirs, last = (str(one.id) for one in (first, again, waits))
    assert found() == {mine, theirs, last}
    assert found(section=monday) == {mine, last}
    assert found(status="failed") == {last}
    assert found(since=lately) == {theirs, last}
    assert found(since=lately, section=monday, status="graded") == set()
    assert found(student=student.email, status="graded") == {mine}


def test_people_by_role_and_section_a_page_at_a_time(
    course: Course, student: Person, other_student: Person, instructor: Person, monday: int
) -> None:
    path = f"/courses/{course.id}/people"
    first = instructor.api.get(path, params={"role": "student", "per_page": 1})
    rest = instructor.api.get(first.links["next"]["url"])
    assert "next" not in rest.links
    numbers = [one["id"] for one in first.json() + rest.json()]
    assert numbers == [student.user.id, other_student.user.id]
    within = instructor.api.get(path, params={"section": monday}).json()
    assert [one["id"] for one in within] == [student.user.id]


def test_the_log_by_student_assignment_and_since(
    course: Course, assignment: Assignment, student: Person, instructor: Person, monday: int
) -> None:
    grade = f"/assignments/{assignment.id}/grades/{student.user.id}"
    match = {"If-Match": instructor.api.get(grade).headers["etag"]}
    change = {"score": 1, "reason": "Oral."}
    assert instructor.api.patch(grade, json=change, headers=match).status_code == 200

    def entries(**asked: str | int) -> list[dict[str, Any]]:
        answer = instructor.api.get(f"/courses/{course.id}/log", params=asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    every = entries()
    about = [one for one in every if one["student"] and one["student"]["id"] == student.user.id]
    assert 2 <= len(about) < len(every)
    assert entries(student=student.user.id) == about
    of_it = [one for one in every if one["assignment_id"] == assignment.id]
    assert 1 <= len(of_it) < len(every)
    assert entries(assignment=assignment.id) == of_it
    assert entries(since=(now() + timedelta(hours=1)).isoformat()) == []
    assert entries(since=(now() - timedelta(hours=1)).isoformat()) == every


@pytest.mark.parametrize("since", ["2026-11-27T14:00:00", "yesterday", ""])
def test_a_time_without_an_offset_is_refused(
    since: str, course: Course, assignment: Assignment, instructor: Person
) -> None:
    for path in (f"/assignments/{assignment.id}/submissions", f"/courses/{course.id}/log"):
        answer = instructor.api.get(path, params={"since": since})
        assert (answer.status_code, [*answer.json()["errors"]]) == (422, ["since"])


def test_a_section_of_another_course_is_not_told_of(
    cast: Cast,
    course: Course,
    assignment: Assignment,
    student: Person,
    outsider: Person,
    monday: int,
) -> None:
    (elsewhere,) = outsider.api.get("/courses").json()
    sheet = cast.assignment(Course(id=elsewhere["id"]))
    for path in (f"/courses/{elsewhere['id']}/people", f"/assignments/{sheet.id}/submissions"):
        assert outsider.api.get(path, params={"section": monday}).status_code == 404
