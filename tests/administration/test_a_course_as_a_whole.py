"""A course is changed and deleted only as whoever does it has seen it, and only when empty."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import Assignment, AuditEntry, Course, Role, Submission
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import Forms, press


def save(person: Person, course: Course, **typed: str) -> httpx.Response:
    at = f"/courses/{course.id}/settings"
    return press(person.web, at, at, **typed)


def test_title_code_term_and_zone_are_changed(
    db: Session, course: Course, instructor: Person
) -> None:
    answer = save(
        instructor,
        course,
        title="Autograd",
        code=f"auto-{course.id}",
        term="Winter 2026/27",
        timezone="Europe/Berlin",
    )
    assert answer.status_code == 303
    found = db.get_one(Course, course.id, populate_existing=True)
    got = (found.title, found.code, found.term, found.timezone)
    assert got == ("Autograd", f"auto-{course.id}", "Winter 2026/27", "Europe/Berlin")
    assert "Winter 2026/27" in instructor.web.get("/").text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"title": " "}, 422, "needs a title"),
        ({"code": ""}, 422, "needs a code"),
        ({"term": "x" * 61}, 422, "60 is the most"),
        ({"timezone": "Mars/Olympus"}, 422, "is not a time zone"),
        ({"title": "a\x07b"}, 422, "printable"),
    ],
    ids=["title", "code", "term", "zone", "bell"],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    course: Course, instructor: Person, typed: dict[str, str], status: int, said: str
) -> None:
    answer = save(instructor, course, **{"term": "Spring", **typed})
    assert answer.status_code == status
    assert said in answer.text
    if "term" not in typed:
        assert 'value="Spring"' in answer.text


def test_a_code_that_another_course_has_is_not_taken(
    cast: Cast, course: Course, instructor: Person
) -> None:
    other = cast.course()
    answer = save(instructor, course, code=other.code)
    assert answer.status_code == 409
    assert "already" in answer.text


def test_the_second_of_two_is_told_and_undoes_nothing(
    db: Session, course: Course, instructor: Person
) -> None:
    at = f"/courses/{course.id}/settings"
    seen = instructor.web.get(at).text
    assert save(instructor, course, title="First").status_code == 303
    stale = seen.partition('name="seen" value="')[2].partition('"')[0]
    typed = {"title": "Second", "code": course.code, "timezone": "UTC", "seen": stale}
    answer = instructor.web.post(at, data=typed)
    assert answer.status_code == 409
    assert "Somebody else has changed this course" in answer.text
    assert db.get_one(Course, course.id, populate_existing=True).title == "First"


def test_a_course_in_which_nothing_is_can_be_deleted_and_its_log_stays(
    db: Session, cast: Cast
) -> None:
    course = cast.course("Made by mistake")
    teacher = cast.person("Tess", course, Role.INSTRUCTOR)
    at = f"/courses/{course.id}"
    assert press(teacher.web, f"{at}/settings", f"{at}/delete").status_code == 303
    db.expire_all()
    assert db.get(Course, course.id) is None
    log = db.scalars(select(AuditEntry.action).where(AuditEntry.course_id == course.id)).all()
    assert "course deleted" in log


def test_one_with_students_or_assignments_cannot_and_says_why(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    at = f"/courses/{course.id}"
    for said in ("It has students", "It has assignments"):
        answer = instructor.web.post(f"{at}/delete", data={"seen": ""})
        assert answer.status_code == 409
        assert said in instructor.web.get(f"{at}/settings").text
        etag = instructor.api.get(at).headers["etag"]
        answer = instructor.api.delete(at, headers={"if-match": etag})
        assert (answer.status_code, said in answer.json()["detail"]) == (409, True)
        cast.assignment(course)
    assert db.get(Course, course.id) is not None


def test_an_assignment_without_work_can_be_deleted_and_one_with_work_cannot(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    idle, used = cast.assignment(course), cast.assignment(course)
    attempt(db, used, student, 0.5)
    for one, status in ((idle, 303), (used, 409)):
        at = f"/assignments/{one.id}"
        seen = "" if one is used else None
        data = {} if seen is None else {"seen": seen}
        answer = (
            instructor.web.post(f"{at}/delete", data=data)
            if one is used
            else press(instructor.web, f"{at}/copy", f"{at}/delete")
        )
        assert answer.status_code == status
    db.expire_all()
    assert db.get(Assignment, idle.id) is None
    assert "cannot be deleted" in instructor.web.get(f"/assignments/{used.id}/copy").text
    etag = instructor.api.get(f"/assignments/{used.id}").headers["etag"]
    refused = instructor.api.delete(f"/assignments/{used.id}", headers={"if-match": etag})
    assert (refused.status_code, "has handed in" in refused.json()["detail"]) == (409, True)
    assert db.get(Assignment, used.id) is not None


def test_an_administrators_program_makes_a_course_and_nobody_elses_does(
    admin: Person, instructor: Person, course: Course
) -> None:
    code = f"made-{course.id}"
    wanted = {"code": code, "title": "Made", "timezone": "Asia/Tokyo", "term": "2027"}
    assert instructor.api.post("/courses", json=wanted).status_code == 403
    bound = admin.api_with("courses:read", "courses:write", course_id=course.id)
    assert bound.post("/courses", json=wanted).status_code == 403
    made = admin.api.post("/courses", json=wanted)
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/courses/{made.json()['id']}"
    assert admin.api.post("/courses", json=wanted).status_code == 409


def test_a_program_makes_an_assignment_once_and_unpublished(
    db: Session, course: Course, instructor: Person
) -> None:
    at, headers = f"/courses/{course.id}/assignments", {"idempotency-key": "one"}
    sheet = {
        "title": "Week 1",
        "due_at": "2027-01-11T23:59:00Z",
        "exercises": [{"slug": "sum", "points": 3}],
    }
    first, second = (instructor.api.post(at, json=sheet, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    other = instructor.api.post(at, json=sheet | {"published": True}, headers=headers)
    assert other.status_code == 422  # the key came with something else
    made = db.get_one(Assignment, first.json()["id"])
    assert (made.published, made.points) == (False, {"sum": 3.0})
    assert instructor.api.post(at, json={"title": "No exercise"}).status_code == 422


def test_late_work_is_measured_by_the_days_of_another_time_zone(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    due = datetime(2026, 3, 28, 12, tzinfo=UTC)
    sheet = cast.assignment(course, due_at=due, late_amount=10.0)
    made = attempt(db, sheet, student, 1.0)
    came = datetime(2026, 3, 29, 11, 30, tzinfo=UTC)  # in Berlin clocks went on in between
    db.execute(update(Submission).where(Submission.id == made.id).values(submitted_at=came))
    db.commit()
    for zone, counted in (("Europe/Berlin", 56.0), ("Etc/UTC", 63.0)):
        assert save(instructor, course, timezone=zone).status_code == 303
        db.expire_all()
        assert db.get_one(Submission, made.id).counted == counted


def test_a_form_that_was_filled_in_by_another_clock_is_not_read_by_the_new_one(
    db: Session, cast: Cast, course: Course, instructor: Person
) -> None:
    sheet = cast.assignment(course, due_at=datetime(2027, 3, 1, 22, 59, tzinfo=UTC))
    at = f"/assignments/{sheet.id}/edit"
    shown = Forms(at, instructor.web.get(at).text).found
    (fields,) = (fields for _, where, fields in shown if where == at)
    assert save(instructor, course, timezone="America/New_York").status_code == 303
    assert instructor.web.post(at, data=fields | {"title": "New"}).status_code == 409
    assert db.get_one(Assignment, sheet.id, populate_existing=True).due_at == sheet.due_at


def test_what_staff_gave_or_said_keeps_an_assignment_from_being_deleted(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    sheet = cast.assignment(course)
    said = f"/assignments/{sheet.id}/grades/{student.user.id}/comments"
    assert instructor.api.post(said, json={"text": "Ill; a new date is agreed."}).status_code == 201
    assert "cannot be deleted" in instructor.web.get(f"/assignments/{sheet.id}/copy").text
