"""Exports of a large course are made by workers, with progress, and fetched when they are ready."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.exports.prepared import asking
from app.models import Assignment, Course, Role
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.waiting import wait_for


@pytest.fixture
def work(db: Session, student: Person, other_student: Person, assignment: Assignment) -> Assignment:
    for person in (student, other_student):
        attempt(db, assignment, person, 0.5)
        attempt(db, assignment, person, 0.2)
    return assignment


def made(teacher: Person, course: int, **wanted: Any) -> httpx.Response:
    """The file of an export that was asked for and waited for."""
    asked = teacher.api.post(f"/courses/{course}/exports", json=wanted)
    assert asked.status_code == 202, asked.text
    at = f"/exports/{asked.json()['id']}"
    wait_for(lambda: teacher.api.get(at).json()["state"] == "ready", "the export")
    return teacher.api.get(f"{at}/file")


def test_an_archive_has_what_the_one_that_is_sent_at_once_has(
    instructor: Person, work: Assignment
) -> None:
    answer = made(instructor, work.course_id, what="hand-ins")
    direct = instructor.api.get(f"/courses/{work.course_id}/hand-ins")
    one, other = (ZipFile(io.BytesIO(found.content)) for found in (answer, direct))
    assert one.testzip() is None
    assert set(one.namelist()) == set(other.namelist())
    assert len(one.namelist()) == 5
    for name in one.namelist():
        assert one.read(name) == other.read(name)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"] == direct.headers["content-disposition"]


@pytest.mark.parametrize("counting", [True, False])
def test_of_an_assignment_or_of_what_counts_it_has_no_more(
    instructor: Person, work: Assignment, counting: bool
) -> None:
    wanted = {"what": "hand-ins", "assignment": work.id, "counting": counting}
    found = ZipFile(io.BytesIO(made(instructor, work.course_id, **wanted).content))
    assert len(found.namelist()) == (3 if counting else 5)


@pytest.mark.parametrize(
    ("what", "page"),
    [
        ({"what": "grades.csv"}, "grades.csv"),
        ({"what": "grades.csv", "habit": "comma"}, "grades.csv?habit=comma"),
        ({"what": "grades.json"}, "grades.json"),
    ],
)
def test_grades_are_to_the_byte_what_is_sent_at_once(
    instructor: Person, work: Assignment, what: dict[str, str], page: str
) -> None:
    direct = instructor.web.get(f"/courses/{work.course_id}/{page}")
    assert made(instructor, work.course_id, **what).content == direct.content


@pytest.mark.parametrize("what", ["hand-ins", "grades.csv", "grades.json"])
def test_an_empty_course_gives_an_empty_file(instructor: Person, course: Course, what: str) -> None:
    found = made(instructor, course.id, what=what).content
    if what == "hand-ins":
        assert ZipFile(io.BytesIO(found)).namelist() == ["manifest.csv"]
    else:
        assert found == instructor.web.get(f"/courses/{course.id}/{what}").content


def test_the_page_of_a_large_course_makes_it_and_says_when_it_is_ready(
    instructor: Person, work: Assignment
) -> None:
    here = f"/courses/{work.course_id}/exports"
    assert "hand-ins.zip" in instructor.web.get(here).text
    asked = instructor.web.post(here, data={"what": "hand-ins", "assignment": "", "habit": "point"})
    assert (asked.status_code, asked.headers["location"]) == (303, f"{here}#prepared")
    wait_for(lambda: "Save it" in instructor.web.get(f"{here}/panel").text, "the file")
    page = instructor.web.get(here).text
    link = page.partition('href="/exports/')[2].partition('"')[0]
    assert ZipFile(io.BytesIO(instructor.web.get(f"/exports/{link}").content)).testzip() is None
    assert instructor.web.post(f"/exports/{link}/delete").status_code == 303
    assert link not in instructor.web.get(here).text
    assert instructor.web.get(f"/exports/{link}").status_code == 404


def test_what_is_no_export_is_refused_with_what_there_is(
    instructor: Person, course: Course
) -> None:
    answer = instructor.web.post(f"/courses/{course.id}/exports", data={"what": "everything"})
    assert answer.status_code == 422
    assert "choose hand-ins or grades" in answer.text


def test_a_large_course_offers_no_file_that_would_take_a_minute(
    db: Session, monkeypatch: pytest.MonkeyPatch, work: Assignment
) -> None:
    assert asking.what_is_long(db, work.course_id) == set()
    monkeypatch.setattr(asking, "MOST_DIRECT", 3)
    assert asking.what_is_long(db, work.course_id) == {"hand-ins"}
    monkeypatch.setattr(asking, "MOST_DIRECT", 1)
    assert asking.what_is_long(db, work.course_id) == {"hand-ins", "grades"}


def test_a_token_lists_those_that_it_could_fetch(instructor: Person, course: Course) -> None:
    here = f"/courses/{course.id}/exports"
    for what in ("grades.csv", "hand-ins"):
        instructor.api.post(here, json={"what": what})
    for scopes, listed in (
        (["courses:read"], set()),
        (["courses:read", "gradebook:read"], {"grades.csv"}),
        (["courses:read", "submissions:read"], {"hand-ins"}),
    ):
        found = instructor.api_with(*scopes).get(here).json()
        assert {one["what"] for one in found} == listed


def test_nobody_else_may_have_it_and_who_asked_only_as_long_as_they_teach(
    cast: Cast, db: Session, instructor: Person, course: Course, admin: Person
) -> None:
    other = cast.person("Ida Instructor", course, Role.INSTRUCTOR)
    asked = instructor.api.post(f"/courses/{course.id}/exports", json={"what": "grades.csv"})
    at = f"/exports/{asked.json()['id']}"
    for person in (other, admin):
        for answer in (person.api.get(at), person.api.get(f"{at}/file"), person.api.delete(at)):
            assert answer.status_code == 404
    demote = "UPDATE enrolments SET role = 'student' WHERE user_id = :user AND course_id = :course"
    db.execute(text(demote), {"user": instructor.user.id, "course": course.id})
    db.commit()
    assert instructor.api.get(at).status_code == 403
    assert instructor.web.get(at).status_code == 403
