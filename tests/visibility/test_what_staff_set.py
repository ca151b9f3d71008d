"""What staff set by hand of a grade comes to light with the whole score, and by no way sooner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, AuditEntry, Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.visibility.test_nothing_leaks import BY_CHANCE

DAY = timedelta(days=1)


@pytest.fixture
def over(cast: Cast, course: Course) -> Assignment:
    """Due yesterday; the score waits for release."""
    shown = {"score": "after release"}
    return cast.assignment(course, due_at=now() - DAY, shown=shown, meanwhile="none")


def change(staff: Person, sheet: Assignment, student: Person, **wanted: object) -> None:
    at = f"/assignments/{sheet.id}/grades/{student.user.id}"
    match = {"If-Match": staff.api.get(at).headers["etag"]}
    answer = staff.api.patch(at, json=wanted | {"reason": "A fire."}, headers=match)
    assert answer.status_code == 200


def test_who_is_exempt_and_has_points_set_reads_that_they_are_exempt(
    instructor: Person, student: Person, over: Assignment, db: Session
) -> None:
    attempt(db, over, student, 0.5)
    change(instructor, over, student, on_time=True)
    change(instructor, over, student, excused=True)
    change(instructor, over, student, exercises={"sum": 1.0})
    page = student.web.get(f"/assignments/{over.id}/grades/{student.user.id}")
    assert page.status_code == 200
    assert "why is told with the whole score" in page.text
    assert "A fire." not in page.text


def test_points_of_who_handed_in_nothing_are_not_told_while_the_score_is_not(
    instructor: Person, student: Person, over: Assignment, course: Course
) -> None:
    grade = f"/assignments/{over.id}/grades/{student.user.id}"
    pages = [grade, f"/assignments/{over.id}", f"/courses/{course.id}/grades/{student.user.id}"]

    def told() -> list[bytes]:
        found = [student.web.get(page).content for page in pages]
        found += [student.api.get(path).content for path in (grade, pages[-1])]
        return [BY_CHANCE.sub(b"", one) for one in found]

    before = told()
    assert b"It counts as 0" not in before[0]
    assert student.api.get(grade).json()["state"] == "not shown yet"
    change(instructor, over, student, score=5.0)
    assert [one == other for one, other in zip(before, told(), strict=True)] == [True] * 5
    instructor.api.post(f"/assignments/{over.id}/release")
    assert student.api.get(grade).json()["score"] == 5.0


def test_while_there_is_time_a_grade_that_was_set_is_not_listed(
    instructor: Person, student: Person, over: Assignment, course: Course, db: Session
) -> None:
    db.get_one(Assignment, over.id).due_at = now() + DAY
    db.commit()
    grade = f"/assignments/{over.id}/grades/{student.user.id}"
    change(instructor, over, student, score=5.0)
    assert student.api.get(grade).json()["state"] == "nothing yet"
    listed = student.api.get(f"/courses/{course.id}/grades/{student.user.id}").json()
    assert listed["grades"] == []


def test_the_number_of_a_change_in_the_address_tells_a_student_nothing(
    instructor: Person, student: Person, over: Assignment, db: Session
) -> None:
    attempt(db, over, student, 0.5)
    change(instructor, over, student, score=5.0)
    number = db.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert number is not None
    grade = f"/assignments/{over.id}/grades/{student.user.id}"
    assert student.web.get(f"{grade}?changed={number.id}").text == student.web.get(grade).text
    assert "The grade is changed." in instructor.web.get(f"{grade}?changed={number.id}").text
