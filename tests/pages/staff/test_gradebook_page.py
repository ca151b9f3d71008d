"""The gradebook: order, marks, links, CSV, and the keyboard."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.pages.conftest import MIXED, RIGHT, Desk
from tests.support.cast import Cast, Person
from tests.support.forms import press

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def names(
    cast: Cast, course: Course, assignment: Assignment, student: Person, desk: Desk
) -> list[str]:
    """Zoe has all points, Sam some, Anton nothing."""
    zoe = cast.person("Zoe Zander", course)
    cast.person("Anton Adler", course)
    desk.graded(zoe, assignment, RIGHT)
    desk.graded(student, assignment, MIXED)
    return ["Anton Adler", student.user.name, "Zoe Zander"]


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row" title="[^"]*">([^<]*)</th>', page)


def test_students_can_be_sorted_by_name_by_total_and_by_each_assignment(
    instructor: Person, course: Course, assignment: Assignment, names: list[str]
) -> None:
    book = f"/courses/{course.id}/gradebook"
    anton, sam, zoe = names
    for sort, expected in {
        "": names,
        "name": names,
        "-name": names[::-1],
        "total": [anton, sam, zoe],
        "-total": [zoe, sam, anton],
        str(assignment.id): [sam, zoe, anton],
        f"-{assignment.id}": [zoe, sam, anton],
        "nonsense": names,
        "²": names,
        "9" * 5000: names,
    }.items():
        page = instructor.web.get(book, params={"sort": sort} if sort else {})
        assert rows(page.text) == expected, sort
    assert 'aria-sort="descending"' in instructor.web.get(f"{book}?sort=-total").text


def test_each_cell_leads_to_that_students_grade(
    instructor: Person, student: Person, course: Course, assignment: Assignment, names: list[str]
) -> None:
    page = instructor.web.get(f"/courses/{course.id}/gradebook").text
    link = f"/assignments/{assignment.id}/grades/{student.user.id}"
    assert f'href="{link}"' in page
    assert student.user.name in instructor.web.get(link).text


def test_missing_late_and_pending_work_have_marks_of_their_own(
    cast: Cast, course: Course, instructor: Person, student: Person, desk: Desk
) -> None:
    past = cast.assignment(course, title="Past", due_at=now() - timedelta(days=1))
    cast.assignment(course, title="Future", due_at=now() + timedelta(days=1))
    cast.person("Mia Missing", course)
    desk.graded(student, past, RIGHT)
    page = instructor.web.get(f"/courses/{course.id}/gradebook").text
    of = {name: page[page.index(f">{name}</th>") :].split("</tr>")[0] for name in rows(page)}
    mine, hers = of[student.user.name], of["Mia Missing"]
    assert 'title="late"' in mine
    assert 'title="missing after the due date"' in hers
    assert 'title="nothing yet"' in hers
    assert 'title="missing after the due date"' not in mine


def test_the_csv_has_a_line_for_each_student_and_runs_nothing_in_a_spreadsheet(
    cast: Cast, instructor: Person, course: Course, names: list[str]
) -> None:
    cast.person("=1+1 Formula", course)
    answer = instructor.web.get(f"/courses/{course.id}/gradebook.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    students = {line[0]: line for line in lines[2:]}
    assert set(students) == {*names, "'=1+1 Formula"}
    assert students["Zoe Zander"][-1] == "70"
    assert students["Anton Adler"][-2:] == ["", "0"]


def test_the_csv_has_all_digits_of_many_points(
    cast: Cast, instructor: Person, course: Course
) -> None:
    for points in (567.89, 666.67):
        cast.assignment(course, points={"sum": points})
    lines = instructor.web.get(f"/courses/{course.id}/gradebook.csv").text.splitlines()
    assert lines[1].endswith(",567.89,666.67,1234.56")


def test_an_empty_gradebook_says_what_to_do_next(
    instructor: Person, assistant: Person, course: Course
) -> None:
    book = f"/courses/{course.id}/gradebook"
    assert f"/courses/{course.id}/assignments/new" in instructor.web.get(book).text
    assert "assignments/new" not in assistant.web.get(book).text


def test_arrows_move_enter_opens_and_tab_passes_the_table_in_one_step(
    sign_in: Callable[[Person], Page],
    instructor: Person,
    student: Person,
    course: Course,
    assignment: Assignment,
    names: list[str],
) -> None:
    page = sign_in(instructor)
    page.goto(f"/courses/{course.id}/gradebook")
    page.locator("td > a").first.focus()
    focused = "document.activeElement.closest('tr').querySelector('th').textContent"
    assert page.evaluate(focused) == names[0]
    for key, name in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowDown", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == names[name]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tbody')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == names[1]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/assignments/{assignment.id}/grades/{student.user.id}")


@pytest.mark.parametrize("width", [1280, 360])
def test_what_arrows_lead_to_is_never_behind_names_head_or_totals(
    sign_in: Callable[[Person], Page], cast: Cast, course: Course, instructor: Person, width: int
) -> None:
    for number in range(12):
        cast.assignment(course, title=f"Derivatives of composed functions, part {number}")
    for number in range(25):
        cast.person(f"Student with quite a long name {number:02}", course)
    page = sign_in(instructor)
    page.set_viewport_size({"width": width, "height": 500})
    page.goto(f"/courses/{course.id}/gradebook")
    page.locator("td > a").first.focus()
    keys = ["ArrowRight"] * 11 + ["ArrowDown"] * 24 + ["ArrowLeft"] * 11 + ["ArrowUp"] * 24
    for key in keys:
        page.keyboard.press(key)
        assert page.evaluate(_IS_IN_SIGHT), key


_IS_IN_SIGHT = """() => {
    const box = document.activeElement.getBoundingClientRect();
    const spots = [[box.left + 4, box.top + 4], [box.right - 4, box.bottom - 4]];
    return spots.every(([x, y]) => {
        if (y < 0 || y > innerHeight) return true;  // the page itself may be scrolled
        return document.activeElement.parentElement.contains(document.elementFromPoint(x, y));
    });
}"""


def test_who_has_left_is_shown_where_asked_for(
    instructor: Person, course: Course, assignment: Assignment, names: list[str], student: Person
) -> None:
    people, book = f"/courses/{course.id}/people", f"/courses/{course.id}/gradebook"
    assert "have left the course" not in instructor.web.get(book).text
    press(instructor.web, people, f"{people}/{student.user.id}/remove")
    page = instructor.web.get(book).text
    assert student.user.name not in page
    assert 'href="?dropped=true"' in page

    shown = instructor.web.get(f"{book}?dropped=true").text
    assert f'{student.user.name} <span class="tag">left</span>' in shown
    assert "/gradebook.csv?dropped=true" in shown
    assert 'title="1 student with a score, 1 of 2 handed in"' in shown
    assert "?sort=-total&amp;dropped=true" in shown


def test_the_files_say_who_has_left_where_asked_for(
    instructor: Person, course: Course, assignment: Assignment, names: list[str], student: Person
) -> None:
    people, book = f"/courses/{course.id}/people", f"/courses/{course.id}/gradebook"
    press(instructor.web, people, f"{people}/{student.user.id}/remove")
    table = csv.reader(io.StringIO(instructor.web.get(f"{book}.csv").text))
    assert [line[0] for line in table][2:] == [names[0], names[2]]
    text = instructor.web.get(f"{book}.csv?dropped=true").text
    head, _points, *lines = csv.reader(io.StringIO(text))
    assert head[-1] == "Dropped"
    assert [(line[0], line[-1]) for line in lines] == list(zip(names, ["", "yes", ""], strict=True))

    people_of = instructor.api.get(book, params={"dropped": "true"}).json()["students"]
    assert {one["student"]["name"]: one["dropped"] for one in people_of} == dict(
        zip(names, [False, True, False], strict=True)
    )
    assert len(instructor.api.get(book).json()["students"]) == 2
