"""Scores that go out of a course say so where their student is not shown them yet."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.grading import status
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course
from app.visibility.rules import Shown
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person

UNSEEN = "not shown to the student yet"


@pytest.fixture
def sheet(
    db: Session,
    cast: Cast,
    course: Course,
    instructor: Person,
    student: Person,
    other_student: Person,
) -> Assignment:
    """Due an hour ago, with a score that is shown then; one of two students has more time."""
    due = now() - timedelta(hours=1)
    points = {"sum": 10.0}
    made = cast.assignment(course, due_at=due, shown={"score": "after due"}, points=points)
    for person in (student, other_student):
        attempt(db, made, person, 1.0, at=due - timedelta(hours=1))
    later = {"student": student.user.id, "due_at": (now() + timedelta(days=1)).isoformat()}
    given = instructor.api.post(f"/assignments/{made.id}/extensions", json=later | {"reason": "I"})
    assert given.status_code == 201
    return made


def test_each_line_of_an_export_says_it(
    sheet: Assignment, instructor: Person, student: Person, other_student: Person
) -> None:
    at = f"/courses/{sheet.course_id}/grades"
    found = csv.DictReader(io.StringIO(instructor.web.get(f"{at}.csv").text))
    said = {(row["Email"], row["Exercise"]): row["Status"] for row in found}
    for exercise in ("", "sum"):
        assert said[student.email, exercise] == f"graded, {UNSEEN}"
        assert said[other_student.email, exercise] == "graded"
    by_api = instructor.api.get(at).json()
    unseen = {line["student"]["id"] for line in by_api if UNSEEN in line["statuses"]}
    assert unseen == {student.user.id}


def test_the_preview_of_a_filled_file_warns_until_they_are_shown(
    sheet: Assignment, instructor: Person, student: Person, other_student: Person, db: Session
) -> None:
    lines = [f"{one.user.name},{one.email},," for one in (student, other_student)]
    content = "\r\n".join([f"Full name,Email address,{sheet.title},Other", *lines, ""]).encode()

    def preview() -> str:
        files = {"file": ("grades.csv", content)}
        at = f"/courses/{sheet.course_id}/exports/preview"
        return instructor.web.post(at, files=files).text

    said = preview()
    assert "1 score not shown to the students here yet" in said
    assert "Whoever sees them in Moodle sees them there first." in said
    db.get_one(Assignment, sheet.id).shown = {}
    db.commit()
    assert "not shown to the students here" not in preview()


def test_an_event_says_of_which_checks_its_score_is(
    sheet: Assignment, student: Person, other_student: Person, db: Session
) -> None:
    said = {}
    for person in (student, other_student):
        (made,) = person.api.get(f"/assignments/{sheet.id}/submissions").json()
        said[person] = status.look(db, Actor(person.user), uuid.UUID(made["id"])).score_shown
    assert said == {student: Shown.PART, other_student: Shown.WHOLE}


def test_the_api_says_to_staff_what_each_student_sees(
    sheet: Assignment, instructor: Person, student: Person, other_student: Person
) -> None:
    book = instructor.api.get(f"/courses/{sheet.course_id}/gradebook").json()
    told = {row["student"]["id"]: row["scores"][0]["student_sees"] for row in book["students"]}
    assert told == {student.user.id: "part", other_student.user.id: "whole"}
    one = instructor.api.get(f"/assignments/{sheet.id}/grades/{student.user.id}").json()
    assert (one["student_sees"], one["hidden"], one["score"]) == ("part", False, 10.0)
    own = instructor.api.get(f"/courses/{sheet.course_id}/grades/{student.user.id}").json()
    assert [grade["student_sees"] for grade in own["grades"]] == ["part"]
