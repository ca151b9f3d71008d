"""A row of one's assignments says what is to do, and shouts only while that can be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.infrastructure.clock import now
from app.models import Assignment, Course
from app.rendering.to_do import ToDo, to_do
from app.timing.windows import Window
from tests.pages.conftest import RIGHT, Desk
from tests.support.cast import Cast, Person

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("due", "closes", "attempts", "is_full", "expected"),
    [
        (None, None, 0, False, ToDo("not handed in yet")),
        (48, None, 0, False, ToDo("not handed in yet")),
        (24, None, 0, False, ToDo("not handed in yet", is_urgent=True)),
        (24, None, 2, False, ToDo(is_urgent=True)),
        (24, None, 2, True, ToDo()),
        (-1, 5, 0, False, ToDo("overdue, still taken", is_urgent=True)),
        (-1, 5, 2, False, ToDo()),
        (-2, -1, 0, False, ToDo("not handed in")),
        (-2, -1, 2, False, ToDo()),
    ],
)
def test_what_is_to_do_follows_the_clock_and_what_is_handed_in(
    due: int | None, closes: int | None, attempts: int, is_full: bool, expected: ToDo
) -> None:
    moment = now()
    window = Window(
        due_at=None if due is None else moment + due * HOUR,
        closes_at=None if closes is None else moment + closes * HOUR,
    )
    assert to_do(window, attempts, is_full, moment) == expected


def test_before_it_opens_nothing_is_to_do() -> None:
    moment = now()
    opening = Window(opens_at=moment + HOUR, due_at=moment + 2 * HOUR)
    assert to_do(opening, 0, False, moment) == ToDo()


def test_students_read_it_in_their_list_and_staff_do_not(
    student: Person, instructor: Person, assignment: Assignment
) -> None:
    for path in ("/", f"/courses/{assignment.course_id}"):
        assert "not handed in yet" in student.web.get(path).text
        assert "not handed in yet" not in instructor.web.get(path).text


def test_where_the_latest_counts_what_would_be_replaced_is_said_before(
    desk: Desk, cast: Cast, course: Course, student: Person, assignment: Assignment
) -> None:
    latest = cast.assignment(course, counts="latest")
    desk.graded(student, latest, RIGHT)
    page = student.web.get(f"/assignments/{latest.id}").text
    assert "The latest attempt counts: handing in now replaces 70 of 70" in page
    desk.graded(student, assignment, RIGHT)
    assert "handing in now replaces" not in student.web.get(f"/assignments/{assignment.id}").text


def test_every_assignment_leads_to_the_guide_which_says_what_none_is_worth(
    student: Person, assignment: Assignment
) -> None:
    assert 'href="/guide"' in student.web.get(f"/assignments/{assignment.id}").text
    guide = student.web.get("/guide").text
    assert "<h1>Guide for students</h1>" in guide
    assert "A twentieth of each exercise is for <code>ctx.needs_input_grad</code>" in guide
