"""A student spends late days of the course where they need time, and takes them back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.infrastructure.clock import now
from app.models import Assignment, Course, Role
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.matching import put

DAY = timedelta(days=1)
CODE = {"code": "x = 1\n"}


@pytest.fixture
def past(db: Session, cast: Cast, course: Course) -> Assignment:
    """Due and closed an hour ago; a day costs half, and two of the course's three may be spent."""
    db.execute(update(Course).where(Course.id == course.id).values(late_days=3))
    db.commit()
    moment = now() - timedelta(hours=1)
    return cast.assignment(
        course, title="Past", due_at=moment, closes_at=moment, late_amount=50.0, late_days=2
    )


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def spend(person: Person, assignment: Assignment, days: int) -> int:
    path = f"/assignments/{assignment.id}/late-days"
    return put(person.api, path, days=days).status_code


def test_one_puts_the_due_date_off_by_a_day_and_opens_it_again(
    past: Assignment, student: Person, other_student: Person
) -> None:
    here = f"/assignments/{past.id}"
    assert press(student.web, here, f"{here}/late-days").status_code == 303
    said = words(student.web.get(here).text)
    assert "1 spent here, 2 left in the course" in said
    for person, status in ((student, 303), (other_student, 409)):
        assert person.web.post(f"{here}/submissions", data=CODE).status_code == status
    made = student.api.get(f"{here}/submissions").json()
    assert [one["late"] for one in made] == [False]
    state = student.api.get(f"{here}/grades/{student.user.id}").json()["state"]
    assert state == "being graded" or state == "scored"


def test_what_was_handed_in_follows_what_is_spent_and_what_is_taken_back(
    db: Session, cast: Cast, course: Course, past: Assignment, student: Person
) -> None:
    sheet = cast.assignment(course, due_at=now() - DAY / 2, late_amount=50.0, late_days=1)
    attempt(db, sheet, student, 1.0)

    def score() -> float | None:
        db.rollback()
        return grades.of_person(db, course.id, student.user.id)[sheet.id].score

    assert score() == 35
    assert spend(student, sheet, 1) == 200
    assert score() == 70
    assert spend(student, sheet, 0) == 200
    assert score() == 35
    said = words(student.web.get(f"/assignments/{sheet.id}/grades/{student.user.id}").text)
    assert said.count("Late days spent") == 2


def test_no_more_are_spent_than_the_assignment_and_the_course_allow(
    cast: Cast, course: Course, past: Assignment, student: Person
) -> None:
    other = cast.assignment(course, title="Other", due_at=now() + DAY, late_days=2)
    none = cast.assignment(course, title="None", due_at=now() + DAY)
    assert spend(student, past, 3) == 409
    assert spend(student, past, 2) == 200
    assert spend(student, other, 2) == 409
    assert spend(student, other, 1) == 200
    assert spend(student, none, 1) == 409
    told = student.api.get(f"/assignments/{other.id}/late-days").json()
    assert told == {"spent": 1, "left": 0, "most": 2}
    assert spend(student, other, 0) == 200
    assert student.api.get(f"/assignments/{past.id}/late-days").json()["left"] == 1


def test_what_is_closed_even_so_takes_none(
    cast: Cast, course: Course, past: Assignment, student: Person
) -> None:
    long_ago = now() - 5 * DAY
    closed = cast.assignment(course, due_at=long_ago, closes_at=long_ago, late_days=2)
    assert spend(student, closed, 1) == 409
    assert "Spend one" not in student.web.get(f"/assignments/{closed.id}").text
    assert spend(student, past, 1) == 200
    assert spend(student, past, 0) == 409  # it would be closed again


def test_where_more_is_shown_after_the_due_date_none_is_spent_once_it_is_past(
    cast: Cast, course: Course, past: Assignment, student: Person, instructor: Person
) -> None:
    shown = {"feedback": "after due"}
    sheet = cast.assignment(course, due_at=now() - DAY / 2, late_days=2, shown=shown)
    here = f"/assignments/{sheet.id}"
    assert spend(student, sheet, 1) == 409
    page = student.web.get(here).text
    assert "spent here before your due date only" in page
    assert "Spend one" not in page
    later = {"student": student.user.id, "due_at": (now() + DAY).isoformat(), "reason": "Ill."}
    assert instructor.api.post(f"{here}/extensions", json=later).status_code == 201
    assert spend(student, sheet, 1) == 200
    assert spend(student, sheet, 0) == 200
    form = instructor.web.get(f"{here}/grades/{student.user.id}").text
    assert "whose is past already may have read it" in form


def test_a_day_that_is_taken_back_after_the_usual_due_date_is_not_spent_again(
    cast: Cast, course: Course, past: Assignment, student: Person, db: Session
) -> None:
    sheet = cast.assignment(
        course, due_at=now() + DAY, late_days=1, shown={"score": "after due"}, points={"sum": 10.0}
    )
    made = attempt(db, sheet, student, 1.0)
    assert spend(student, sheet, 1) == 200
    db.execute(update(Assignment).where(Assignment.id == sheet.id).values(due_at=now() - DAY / 2))
    db.commit()
    seen = f"/submissions/{made.id}"
    assert student.api.get(seen).json()["score_shown"] == "part"
    assert spend(student, sheet, 0) == 200
    assert student.api.get(seen).json()["score_shown"] == "whole"
    assert spend(student, sheet, 1) == 409


def test_the_instructor_says_how_many_there_are_and_sees_who_has_spent_some(
    past: Assignment, course: Course, student: Person, instructor: Person, assistant: Person
) -> None:
    here = f"/courses/{course.id}/late-days"
    assert "Nobody yet." in instructor.web.get(here).text
    spend(student, past, 2)
    assert press(instructor.web, here, here, days="5").status_code == 303
    said = words(assistant.web.get(here).text)
    assert "Each student may spend 5 late days" in said
    assert "Sam Student 2 of 5" in said
    for typed, told in (("1.5", "counted whole"), ("101", "between 0 and 100")):
        refused = press(instructor.web, here, here, days=typed)
        assert refused.status_code == 422
        assert told in refused.text
        assert f'value="{typed}"' in refused.text
    stale = instructor.web.post(here, data={"days": "9", "seen": "3"})
    assert stale.status_code == 409
    assert "by now it is 5" in stale.text


def test_a_tutor_sees_those_of_their_students(
    cast: Cast, course: Course, past: Assignment, student: Person
) -> None:
    tutor = cast.person("Timo Tutor", course, Role.TUTOR)
    spend(student, past, 1)
    assert "Sam Student" not in tutor.web.get(f"/courses/{course.id}/late-days").text
