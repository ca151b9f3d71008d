"""The form of an assignment shows what is usual, and folds the rest; a fold says what is set."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from tests.pages.staff.test_making_assignments import FORM
from tests.support.cast import Cast, Person
from tests.support.forms import filled

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sentences(page: str) -> list[str]:
    found = re.findall(r"<summary>(.*?)</summary>", page, re.S)
    return [html.unescape(one).strip() for one in found]


def new(course: Course, begin: str = "") -> str:
    return f"/courses/{course.id}/assignments/new" + (f"?begin={begin}" if begin else "")


def titles(db: Session, course: Course) -> list[str]:
    rows = select(Assignment.title).where(Assignment.course_id == course.id)
    return list(db.scalars(rows))


def test_each_fold_says_what_is_set(cast: Cast, course: Course, instructor: Person) -> None:
    rules = {
        "statement": "Derive each gradient on paper first.\nThen write it.",
        "max_attempts": 3,
        "counts": "latest",
        "trials": "off",
        "team_size": 2,
        "rubric": {"forward": 1.0, "gradient": 3.0},
    }
    sheet = cast.assignment(course, **rules)
    said = sentences(instructor.web.get(f"/assignments/{sheet.id}/edit").text)
    assert [one for one in said if "more exercise" not in one] == [
        "What to do: Derive each gradient on paper first.",
        "Opens at once, never closes",
        "3 attempts; the latest attempt counts; no trials",
        "Late work is marked as late and loses nothing",
        "Teams of up to 2 hand in together, formed by students",
        "Students see all checks, hints and numbers and the whole score at once",
        "A rubric of its own: forward 1, gradient 3",
    ]


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        ("", ["No text of its own", "Opens at once, never closes", "trials are free"]),
        ("weekly", ["closes ", "Late work loses 10 percent for each day", "50 percent at most"]),
        ("exam", ["Opens ", "and closes when it is due", "no trials"]),
        ("practice", ["Opens at once, never closes", "As many attempts as they like"]),
        ("no such pattern", ["Opens at once, never closes"]),
    ],
)
def test_a_pattern_fills_it_in_and_is_made_as_it_says(
    begin: str, said: list[str], course: Course, instructor: Person, db: Session
) -> None:
    page = new(course, begin)
    shown = " | ".join(sentences(instructor.web.get(page).text))
    assert all(one in shown for one in said), shown
    fields = filled(instructor.web, page, page) | {"title": f"By {begin or 'hand'}"}
    answer = instructor.web.post(page, data=fields)
    assert answer.status_code == 303
    made = db.get_one(Assignment, int(answer.headers["location"].removeprefix("/assignments/")))
    again = " | ".join(sentences(instructor.web.get(f"/assignments/{made.id}/edit").text))
    assert again == shown
    if begin == "exam":
        assert made.due_at is not None
        assert made.opens_at is not None
        assert (made.due_at - made.opens_at).total_seconds() == 90 * 60
        assert made.closes_at == made.due_at


def test_a_new_one_is_a_draft_until_one_button_publishes_it(
    course: Course, instructor: Person, student: Person
) -> None:
    page = new(course)
    fields = filled(instructor.web, page, page) | {"title": "A draft"}
    sheet = instructor.web.post(page, data=fields).headers["location"]
    assert "This is a draft: only those who teach see it." in instructor.web.get(sheet).text
    assert student.web.get(sheet).status_code == 404
    assert instructor.web.post(f"{sheet}/publish").headers["location"] == sheet
    assert student.web.get(sheet).status_code == 200
    assert "This is a draft" not in instructor.web.get(sheet).text


def test_publishing_changes_nothing_else(
    cast: Cast, course: Course, instructor: Person, db: Session
) -> None:
    sheet = cast.assignment(course, published=False, max_attempts=3, team_size=2)
    before = instructor.api.get(f"/assignments/{sheet.id}").json()
    instructor.web.post(f"/assignments/{sheet.id}/publish")
    after = instructor.api.get(f"/assignments/{sheet.id}").json()
    assert after == before | {"published": True, "is_open": True}


def test_the_rubric_shows_what_a_typical_wrong_file_gets_and_saves_nothing_by_that(
    db: Session, course: Course, instructor: Person
) -> None:
    def points(page: str) -> dict[str, float]:
        rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num">([^<]+)</td>', page)
        return {mistake: float(number) for mistake, number in rows}

    page = new(course)
    usual = points(instructor.web.get(page).text)
    assert len(usual) == 3
    assert all(0 < one < 10 for one in usual.values())
    only_forward = {f"rubric-{name}": "0" for name in ("contract", "gradient", "requires_grad")}
    look = FORM | only_forward | {"rubric-robustness": "0", "rubric-forward": "1", "look": "rubric"}
    shown = instructor.web.post(page, data=look)
    assert shown.status_code == 200
    assert set(points(shown.text).values()) == {10.0}
    assert 'value="Sheet 1"' in shown.text
    assert titles(db, course) == []


def test_exercises_are_put_into_order_by_two_buttons_and_by_dragging(
    db: Session, course: Course, instructor: Person, sign_in: Callable[[Person], Page]
) -> None:
    page = sign_in(instructor)
    page.goto(new(course))
    page.get_by_label("Title").fill("In another order")
    up = page.get_by_role("button", name="Move Product up")
    up.focus()
    page.keyboard.press("Enter")
    assert page.locator("#exercise-news").inner_text() == "Product is number 1 of 7."
    assert up.is_disabled()
    page.get_by_label("Softmax", exact=True).locator("xpath=ancestor::details").locator(
        "summary"
    ).click()
    page.get_by_label("Softmax", exact=True).check()
    rows = page.locator("#chosen tr")
    rows.filter(has_text="Softmax").drag_to(rows.first, target_position={"x": 20, "y": 2})
    page.get_by_label("Title").press("Enter")
    page.wait_for_url("**/assignments/*")
    made = db.scalars(select(Assignment).where(Assignment.course_id == course.id)).one()
    assert list(made.points)[:3] == ["softmax", "product", "addition"]


def test_what_is_usual_is_seen_without_scrolling(
    course: Course, instructor: Person, sign_in: Callable[[Person], Page]
) -> None:
    page = sign_in(instructor)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(new(course))
    button = page.get_by_role("button", name="Save as a draft").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 900
