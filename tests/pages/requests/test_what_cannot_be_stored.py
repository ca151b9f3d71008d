"""What a database cannot hold, or refuses: told in words, on a page, and nobody else suffers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from tests.pages.staff.test_making_assignments import made
from tests.support.cast import Person


def is_a_page(answer: httpx.Response) -> bool:
    return (
        answer.headers["content-type"] == "text/html; charset=utf-8"
        and "content-security-policy" in answer.headers
        and "Chainrule</title>" in answer.text
    )


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("America/New_York", "9999-12-31T23:59"),
        ("Asia/Tokyo", "0001-01-01T00:00"),
        ("UTC", "2200-01-01T00:00"),
        ("UTC", "1999-12-31T23:59"),
    ],
)
def test_a_time_centuries_away_is_asked_about(
    zone: str, time: str, db: Session, instructor: Person, course: Course
) -> None:
    db.merge(course).timezone = zone
    db.commit()
    for name in ("opens_at", "due_at", "closes_at"):
        answer = made(instructor, course, **{"due_at": "", name: time})
        assert answer.status_code == 422
        assert "The year must be from 2000 to 2199." in answer.text
    assert instructor.web.get(f"/courses/{course.id}").status_code == 200


def test_the_database_takes_no_such_time_either(db: Session, assignment: Assignment) -> None:
    with pytest.raises(IntegrityError, match="ck_assignments_times"):
        db.execute(
            text("UPDATE assignments SET due_at = '9999-12-31' WHERE id = :id"),
            {"id": assignment.id},
        )


def test_a_character_that_no_text_can_have_is_told_by_field(
    admin: Person, instructor: Person, course: Course, assignment: Assignment
) -> None:
    people = f"/courses/{course.id}/people"
    for person, path, field in [
        (instructor, f"/courses/{course.id}/assignments/new", "title"),
        (instructor, f"/assignments/{assignment.id}/edit", "statement"),
        (instructor, "/account/tokens", "name"),
        (instructor, people, "name"),
        (instructor, f"{people}/import", "text"),
        (admin, "/accounts", "email"),
        (admin, "/courses/new", "code"),
    ]:
        answer = person.web.post(path, data={field: "a\0b"})
        assert answer.status_code == 422, path
        assert f"“{field}” holds a NUL character" in answer.text, path
        assert is_a_page(answer)
    answer = admin.web.get("/accounts", params={"search": "a\0b"})
    assert (answer.status_code, is_a_page(answer)) == (422, True)


def test_a_text_that_is_too_long_is_told_by_field_and_kept(
    admin: Person, instructor: Person, course: Course
) -> None:
    long = "x" * 10_000
    for person, path, form, words in [
        (admin, "/courses/new", {"code": long, "title": "T"}, "code has 10000 letters"),
        (admin, "/courses/new", {"code": "T", "title": long}, "title has 10000 letters"),
        (admin, "/accounts", {"email": "a@b.example", "name": long}, "name has 10000 letters"),
        (instructor, f"/courses/{course.id}/assignments/new", {"title": long}, "200 is the most"),
    ]:
        answer = person.web.post(path, data=form)
        assert answer.status_code == 422, (path, answer.text)
        assert words in answer.text
        assert long in answer.text
        assert is_a_page(answer)


def test_two_who_do_the_same_at_once_are_told_and_greeted(admin: Person, course: Course) -> None:
    form = {"email": f"twice.{course.id}@race.example", "name": "Twin"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: admin.web.post("/accounts", data=form), range(8)))
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert all(is_a_page(answer) and "Ada Admin" in answer.text for answer in answers)


def test_a_number_that_no_id_has_is_an_unknown_address(
    instructor: Person,
) -> None:
    for number in (str(2**31), str(2**63), "9" * 5000):
        for path in (f"/courses/{number}", f"/assignments/{number}", f"/assignments/{number}/edit"):
            answer = instructor.web.get(path)
            assert (answer.status_code, is_a_page(answer)) == (404, True)
