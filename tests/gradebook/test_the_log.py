"""The log of a course: searched, a page at a time, as CSV and over REST."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy.orm import Session

from app.gradebook import log
from app.models import Assignment, Course, Role
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press


@pytest.fixture
def changed(db: Session, assignment: Assignment, student: Person, instructor: Person) -> str:
    """The log of a course in which a grade was changed."""
    attempt(db, assignment, student, 0.5)
    here = f"/assignments/{assignment.id}/grades/{student.user.id}"
    press(instructor.web, here, here, score="60", reason="=A typing error of ours.")
    return f"/courses/{assignment.course_id}/log"


def test_it_says_who_changed_what_from_what_to_what_and_why(
    instructor: Person, student: Person, changed: str
) -> None:
    said = instructor.web.get(changed).text
    assert "Grade changed" in said
    assert "points: 35 → 60" in said
    assert "=A typing error of ours." in said
    assert student.user.name in said
    assert "Assignment made" in said


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"q": "typing"}, True),
        ({"q": "sam typing INES"}, True),
        ({"q": "100%"}, False),
        ({"q": "_yping"}, False),
        ({"action": "grade changed"}, True),
        ({"action": "role changed"}, False),
        ({"assignment": "2147483647"}, False),
        ({"assignment": "²"}, True),
    ],
)
def test_it_is_searched_by_words_by_what_was_done_and_by_assignment(
    instructor: Person, changed: str, search: dict[str, str], found: bool
) -> None:
    for path in (changed, f"{changed}.csv"):
        assert ("typing error" in instructor.web.get(path, params=search).text) is found


def test_as_csv_it_is_whole_and_runs_nothing_in_a_spreadsheet(
    instructor: Person, changed: str
) -> None:
    lines = list(csv.DictReader(io.StringIO(instructor.web.get(f"{changed}.csv").text[1:])))
    assert lines[0]["Why"] == "'=A typing error of ours."
    assert (lines[0]["Who"], lines[0]["By"]) == ("Ines Instructor", "page")
    assert {line["What"] for line in lines} >= {"course made", "assignment made", "role changed"}


def test_it_comes_in_pages_that_miss_nothing(
    cast: Cast, course: Course, instructor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(log.PAGE + 1):
        cast.person(f"Student {number:03}", course)
    page = instructor.web.get(f"/courses/{course.id}/log").text
    assert "Student 000" not in page
    older = page.partition('href="?before=')[2].partition('"')[0]
    assert "Student 000" in instructor.web.get(f"/courses/{course.id}/log?before={older}").text

    answer = instructor.api.get(f"/courses/{course.id}/log", params={"per_page": 100})
    first = {entry["id"] for entry in answer.json()}
    rest = instructor.api.get(answer.links["next"]["url"]).json()
    assert len(first) == 100
    assert not first & {entry["id"] for entry in rest}
    assert rest[-1]["action"] == "course made"


def test_another_course_has_a_log_of_its_own(cast: Cast, changed: str) -> None:
    other = cast.course("Another")
    teacher = cast.person("Otto", other, Role.INSTRUCTOR)
    assert "typing error" not in teacher.web.get(f"/courses/{other.id}/log").text
    assert teacher.web.get(changed).status_code == 404
