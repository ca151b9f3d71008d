"""What must be read or pressed is whole, however long names, titles and marks are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.models import Assignment, Course
from tests.pages.conftest import RIGHT, Desk
from tests.support.cast import Cast, Person

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[[Person], "Page"]

_CUT = """([inner, frame]) => [...document.querySelectorAll(inner)].filter(
    one => one.checkVisibility()
).filter(one => {
    const [box, outer] = [one, one.closest(frame)].map(each => each.getBoundingClientRect());
    return box.left < outer.left || box.right > outer.right;
}).map(one => one.outerHTML.slice(0, 120))"""


def cut(page: Page, inner: str, frame: str = ".frame") -> list[str]:
    """What of `inner` sticks out of its frame; there must be something to look at."""
    assert page.locator(inner).locator("visible=true").count()
    found: list[str] = page.evaluate(_CUT, [inner, frame])
    return found


def test_marks_are_whole_and_only_long_lines_of_code_scroll(
    sign_in: Open, desk: Desk, student: Person, assignment: Assignment
) -> None:
    wrong = b"\nassert 1 + 1 == 3, 'm' * 300\nassert 1 + 1 == 3, 'a word ' * 40\n"
    page = sign_in(student)
    page.goto(f"/submissions/{desk.graded(student, assignment, RIGHT + wrong)}")
    for width in (1920, 1280, 1100, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert cut(page, ".line-mark > span", ".source") == [], width
    page.evaluate("document.querySelectorAll('.lines code').forEach(one => one.hidden = true)")
    source = "document.querySelector('.source')"
    assert page.evaluate(f"{source}.scrollWidth <= {source}.clientWidth")


@pytest.mark.parametrize("width", [1280, 1024, 360])
def test_every_button_of_the_roster_is_whole(
    sign_in: Open, cast: Cast, course: Course, instructor: Person, width: int
) -> None:
    for name in ("Maximiliane-Theodora von und zu Schwarzenberg-Hohenlohe", "N" * 120):
        cast.person(name, course)
    page = sign_in(instructor)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/courses/{course.id}/people")
    assert cut(page, "td button") == []
    assert cut(page, ".email") == []


def test_a_long_title_of_the_gradebook_ends_in_an_ellipsis(
    sign_in: Open, cast: Cast, course: Course, instructor: Person, student: Person
) -> None:
    cast.assignment(course, title="W" * 120)
    page = sign_in(instructor)
    page.goto(f"/courses/{course.id}/gradebook")
    assert cut(page, ".column-title", "th") == []
    title = "document.querySelector('th.num .column-title')"
    assert page.evaluate(f"{title}.scrollWidth <= {title}.clientWidth")  # it breaks
    assert page.evaluate(f"{title}.scrollHeight > {title}.clientHeight")  # and is clamped


def test_points_and_places_of_an_assignment_are_whole_on_a_phone(
    sign_in: Open, instructor: Person, assignment: Assignment
) -> None:
    page = sign_in(instructor)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/assignments/{assignment.id}/edit")
    assert cut(page, ".picks input, .picks [data-move]") == []
