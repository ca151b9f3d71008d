"""The table of a course: who is looked for, in which order, in pages, in few questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.gradebook import book
from app.gradebook.table import columns, view
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Assignment, Course
from tests.gradebook.conftest import Term
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person

if TYPE_CHECKING:
    from playwright.sync_api import Page


EVERYBODY = "Ada Ben Cem Dee Eve Fay Gus"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, EVERYBODY),
        ({"q": "cast.example"}, EVERYBODY),
        ({"q": "ee"}, "Dee"),
        ({"q": "late BEN"}, "Ben"),
        ({"q": "cem.missing"}, "Cem"),
        ({"q": "%"}, ""),
        ({"mark": "missing"}, "Cem"),
        ({"mark": "late"}, "Ben"),
        ({"mark": "failing"}, "Ada Ben Cem Gus"),
        ({"mark": "changed"}, "Dee"),
        ({"mark": "excused"}, "Eve"),
        ({"mark": "ungraded"}, "Fay"),
        ({"mark": "none"}, "Ben Cem Dee Eve Fay"),
        ({"mark": "recent"}, "Ada Ben Gus"),
        ({"mark": "absent"}, "Cem"),
        ({"mark": "stuck"}, "Gus"),
        ({"mark": ["late", "failing"]}, "Ben"),
        ({"mark": ["late", "missing"]}, ""),
        ({"mark": "nonsense"}, EVERYBODY),
        ({"below": "30"}, "Ben Cem"),
        ({"below": "50", "mark": "late"}, "Ben"),
        ({"below": "nonsense"}, EVERYBODY),
        ({"below": "-1"}, EVERYBODY),
    ],
)
def test_students_are_looked_for_by_words_and_by_what_holds_of_a_grade(
    term: Term, query: dict[str, object], found: str
) -> None:
    assert term.shown(**query) == found


def test_what_is_looked_for_may_be_asked_of_one_assignment(term: Term) -> None:
    assert term.shown(mark="failing", assignment=term.open.id) == "Ada Gus"
    assert term.shown(mark="failing", assignment=term.past.id) == "Ben Cem"
    assert term.shown(mark="failing", assignment="²") == "Ada Ben Cem Gus"


def test_an_address_says_what_is_looked_for_and_cells_go_on_from_there(term: Term) -> None:
    query = f"mark=failing&assignment={term.past.id}&sort=-total"
    page = term.teacher.web.get(f"/courses/{term.course.id}/gradebook?{query}").text
    assert 'value="failing" checked' in page
    link = re.search(rf'href="(/assignments/{term.past.id}/grades/[^"]*)"', page)
    assert link is not None
    grade = term.teacher.web.get(link[1].replace("&amp;", "&")).text
    assert "1 of 2" in grade
    assert 'rel="next"' in grade


def test_the_api_finds_the_same(term: Term) -> None:
    def found(**query: str) -> str:
        answer = term.teacher.api.get(f"/courses/{term.course.id}/gradebook", params=query)
        assert answer.status_code == 200, answer.text
        return " ".join(sorted(row["student"]["name"][:3] for row in answer.json()["students"]))

    assert found(marks="late,failing") == "Ben"
    assert found(below="30", assignment=str(term.past.id)) == "Ben Cem"
    assert found(q="ee") == "Dee"
    path = f"/courses/{term.course.id}/gradebook"
    assert term.teacher.api.get(path, params={"marks": "wrong"}).status_code == 422


def test_a_column_says_how_many_handed_in_and_the_median(term: Term) -> None:
    page = term.teacher.web.get(f"/courses/{term.course.id}/gradebook").text
    assert 'title="4 students with a score, 5 of 6 handed in">65 ' in page


def test_a_total_has_only_what_students_can_see_and_the_column_says_so(term: Term) -> None:
    page = term.teacher.web.get(f"/courses/{term.course.id}/gradebook").text
    assert "in no sum: not published" in page
    assert ">of 140<" in page
    assert re.search(rf'/grades/{term.people["Ada"].user.id}" title="[^"]*">98</a>', page)


def test_a_long_list_comes_in_pages_or_on_request_in_one(
    cast: Cast,
    course: Course,
    assignment: Assignment,
    instructor: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(book.PAGE + 2):
        cast.person(f"Student {number:03}", course)
    path = f"/courses/{course.id}/gradebook"

    def shown(**query: str) -> list[str]:
        page = instructor.web.get(path, params=query).text
        return re.findall(r">Student (\d+)<", page)

    assert shown()[0] == "000"
    assert len(shown()) == book.PAGE
    assert shown(rows="2") == shown(rows="99999") == ["100", "101"]
    assert shown(rows="nonsense") == shown(rows="0") == shown()
    assert len(shown(rows="all")) == book.PAGE + 2
    assert shown(sort="-name", rows="2") == ["001", "000"]
    assert len(instructor.web.get(f"{path}.csv").text.splitlines()) == book.PAGE + 4


@contextmanager
def questions() -> Iterator[list[str]]:
    """What Postgres is asked meanwhile."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    yield asked
    event.remove(database.engine(), "before_cursor_execute", note)


def test_a_hundred_students_take_no_more_questions_than_one(
    db: Session, cast: Cast, course: Course, instructor: Person
) -> None:
    def asked() -> int:
        db.rollback()
        db.expunge_all()
        with questions() as made:
            book.of_course(db, Actor(instructor.user), course.id)
        return len(made)

    first = cast.assignment(course)
    attempt(db, first, cast.person("Ann", course), 0.5)
    few = asked()
    for number in range(4):
        later = cast.assignment(course, title=f"Sheet {number}")
        for name in ("Bob", "Cat"):
            attempt(db, later, cast.person(name, course), 0.5)
    assert asked() == few
    assert few <= 12


def test_the_table_follows_as_one_types(term: Term, sign_in: Callable[[Person], Page]) -> None:
    page = sign_in(term.teacher)
    page.goto(f"/courses/{term.course.id}/gradebook")
    page.get_by_label("Student", exact=True).press_sequentially("dee")
    page.locator("#gradebook tbody tr").nth(1).wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "q"
    assert "q=dee" in page.url
    page.get_by_label("changed by hand").check()
    page.wait_for_url("**mark=changed**")
    page.locator("td > a").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('td').className") == "total"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**/grades/**mark=changed**")
    assert "Dee Changed" in page.inner_text("h1")


def test_what_is_said_of_a_column_is_the_same_for_a_page_and_for_everybody_at_once(
    term: Term, db: Session
) -> None:
    whole = book.of_course(db, Actor(term.teacher.user), term.course.id)
    asked = columns.findings(db, term.course.id)
    assert asked == {one.id: view.finding(whole.rows, one) for one in whole.columns}
    assert len({one.median for one in asked.values()}) > 1


def test_the_first_view_asks_for_the_grades_that_it_shows(
    db: Session, cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> None:
    people = [cast.person(f"Student {number:03}", course) for number in range(book.PAGE + 1)]
    attempt(db, assignment, people[-1], 1.0)
    first = book.of_course(db, Actor(instructor.user), course.id, page=1)
    last = book.of_course(db, Actor(instructor.user), course.id, page=7)
    assert [len(first.rows), len(last.rows)] == [book.PAGE, 1]
    assert (first.students, last.students) == (book.PAGE + 1, book.PAGE + 1)
    assert last.rows[0].total.points == assignment.max_score
