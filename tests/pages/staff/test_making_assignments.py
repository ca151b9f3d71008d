"""Making an assignment and changing it: what its form says is what it is."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from app.teaching import assignments
from tests.support.cast import Cast, Person

FORM = {
    "title": "Sheet 1",
    "statement": "Do *this*.",
    "take-sum": "on",
    "points-sum": "2,5",
    "place-sum": "2",
    "take-product": "on",
    "points-product": "5",
    "place-product": "1",
    "due_at": "2026-12-24T18:00",
    "max_attempts": "3",
    "counts": "latest",
    "published": "on",
    "rubric-contract": "0",
    "rubric-forward": "1",
    "rubric-gradient": "3",
    "rubric-requires_grad": "0",
    "rubric-robustness": "0",
}


def made(instructor: Person, course: Course, **changes: str) -> httpx.Response:
    return instructor.web.post(f"/courses/{course.id}/assignments/new", data=FORM | changes)


def test_an_assignment_is_made_as_its_form_says_in_the_courses_zone(
    db: Session, cast: Cast, admin: Person
) -> None:
    answer = admin.web.post(
        "/courses/new",
        data={"title": "In Berlin", "code": "berlin-zone", "timezone": "Europe/Berlin"},
    )
    course_id = int(answer.headers["location"].split("/")[2])
    answer = admin.web.post(f"/courses/{course_id}/assignments/new", data=FORM)
    assert answer.status_code == 303
    found = db.get(Assignment, int(answer.headers["location"].removeprefix("/assignments/")))
    assert found is not None
    assert list(found.points.items()) == [("product", 5.0), ("sum", 2.5)]
    assert found.due_at == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert (found.max_attempts, found.counts, found.published) == (3, "latest", True)
    assert found.rubric is not None
    assert found.rubric["gradient"] == 3.0
    page = admin.web.get(f"/assignments/{found.id}").text
    assert "Thursday 24 December 18:00" in page
    assert "<em>this</em>" in page
    form = admin.web.get(f"/assignments/{found.id}/edit").text
    assert 'value="2026-12-24T18:00"' in form
    assert 'value="2.5"' in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "needs a title"),
        ({"due_at": "Christmas"}, "Write the time like"),
        ({"closes_at": "2026-12-01T00:00"}, "close before it is due"),
        ({"opens_at": "2027-01-01T00:00"}, "be due or close before it opens"),
        (
            {"opens_at": "2026-12-25T00:00", "closes_at": "2026-12-31T00:00"},
            "be due or close before it opens",
        ),
        ({"points-sum": " "}, "0 where it is worth nothing"),
        ({"max_attempts": "2.9"}, "counted whole"),
        ({"points-sum": "many"}, "is not a number"),
        ({"points-sum": "-1"}, "between 0 and 1000"),
        ({"points-sum": "nan"}, "is not a number"),
        ({"max_attempts": "0"}, "at least one attempt"),
        ({"late_amount": "101"}, "lies between 0 and 100"),
        ({"late_amount": "x"}, "is not a number"),
        ({"late_amount": "10", "due_at": ""}, "without one nothing is late"),
        ({"late_amount": "10", "late_cap": "0"}, "0 would take nothing off"),
        ({"late_per": "week"}, "for each day or hour, or once"),
        ({"late_unit": "stars"}, "percent, points"),
        ({"grace_minutes": "20000"}, "which is a week"),
        ({"pause_minutes": "0.5"}, "counted whole"),
        ({"attempts_a_day": "0"}, "at least one attempt"),
        ({"counts": "worst"}, "What counts is one of"),
        ({"rubric-forward": "0", "rubric-gradient": "0"}, "one of them at least some"),
    ],
)
def test_what_does_not_go_together_is_said_at_its_field_and_all_is_kept(
    db: Session, instructor: Person, course: Course, changes: dict[str, str], words: str
) -> None:
    answer = made(instructor, course, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "nothing you typed is lost" in answer.text
    assert "Do *this*." in answer.text
    db.rollback()
    assert db.scalar(select(Assignment.id).where(Assignment.course_id == course.id)) is None


def test_an_assignment_can_be_changed(
    db: Session, instructor: Person, assignment: Assignment
) -> None:
    form = FORM | {"seen": assignments.version(db.get_one(Assignment, assignment.id))}
    answer = instructor.web.post(f"/assignments/{assignment.id}/edit", data=form)
    assert answer.status_code == 303
    db.rollback()
    found = db.get(Assignment, assignment.id)
    assert found is not None
    assert (found.title, list(found.points)) == ("Sheet 1", ["product", "sum"])


def test_html_in_a_statement_or_a_title_is_shown_and_not_run(
    instructor: Person, student: Person, course: Course
) -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(2))"
    answer = made(instructor, course, title=bad, statement=bad)
    for path in (answer.headers["location"], f"/courses/{course.id}", "/"):
        page = student.web.get(path).text
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page
