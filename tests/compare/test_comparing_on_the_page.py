"""Comparing attempts on the page: one's own, or a student's for those who teach."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect
from sqlalchemy.orm import Session

from app.models import Assignment, Submission
from graders.exercises import starter
from tests.support import axe
from tests.support.cast import Person
from tests.support.waiting import wait_for


@pytest.fixture
def two(db: Session, student: Person, assignment: Assignment) -> str:
    """The address of a comparison: the student handed in twice, with a change in between."""
    first = starter(list(assignment.points))
    second = first.replace(
        'raise NotImplementedError("compute the result, and keep what backward will need")',
        "return x1 + x2  # <b>now</b>",
        1,
    )
    for code in (first, second):
        answer = student.web.post(f"/assignments/{assignment.id}/submissions", data={"code": code})
        made = uuid.UUID(answer.headers["location"].removeprefix("/submissions/"))

        def is_settled(made: uuid.UUID = made) -> bool:
            db.expire_all()
            found = db.get(Submission, made)
            db.rollback()
            return found is not None and found.is_settled

        wait_for(is_settled, "a verdict")
    return f"/assignments/{assignment.id}/compare"


def test_it_shows_what_was_removed_and_added_and_the_score(two: str, student: Person) -> None:
    text = student.web.get(two).text
    assert "1 line removed (−), 1 line added (+)." in text
    assert "removed: </span>" in text
    assert "&lt;b&gt;now&lt;/b&gt;" in text
    assert "All together" in text


def test_attempts_can_be_chosen_either_way_round(two: str, student: Person) -> None:
    assert "<title>Attempt 2 and 1" in student.web.get(f"{two}?from=2&to=1").text
    assert "<title>Attempt 1 and 2" in student.web.get(f"{two}?to=2").text
    assert "the same, line by line" in student.web.get(f"{two}?from=2&to=2").text


def test_an_attempt_that_is_not_there_is_said_so(two: str, student: Person) -> None:
    answer = student.web.get(f"{two}?from=1&to=7")
    assert (answer.status_code, "There is no attempt 7." in answer.text) == (404, True)


def test_before_the_second_attempt_there_is_nothing_to_compare(
    student: Person, assignment: Assignment
) -> None:
    text = student.web.get(f"/assignments/{assignment.id}/compare").text
    assert "nothing to compare before the second attempt" in text


def test_those_who_teach_see_a_students(two: str, student: Person, assistant: Person) -> None:
    text = assistant.web.get(f"{two}?student={student.user.id}").text
    assert "Sam Student: What changed" in text
    assert "1 line added" in text
    assert "nothing to compare" in assistant.web.get(two).text


def test_nobody_else_does(
    two: str, student: Person, other_student: Person, outsider: Person
) -> None:
    assert other_student.web.get(f"{two}?student={student.user.id}").status_code == 403
    assert outsider.web.get(f"{two}?student={student.user.id}").status_code == 404
    assert outsider.web.get(two).status_code == 404
    assert "nothing to compare" in other_student.web.get(two).text


def test_the_pages_of_attempts_lead_to_it(
    two: str, db: Session, student: Person, assignment: Assignment
) -> None:
    assert f'href="{two}"' in student.web.get(f"/assignments/{assignment.id}/attempts").text
    last = db.query(Submission).filter_by(assignment_id=assignment.id, attempt=2).one().id
    assert f'href="{two}?to=2"' in student.web.get(f"/submissions/{last}").text


def test_files_stand_beside_each_other_where_there_is_room_and_else_one_below_the_other(
    two: str, sign_in: Callable[[Person], Page], student: Person
) -> None:
    page = sign_in(student)
    page.goto(two)
    old = page.locator(".diff-changed .diff-old .diff-line")
    new = page.locator(".diff-changed .diff-new .diff-line")

    def boxes() -> tuple[FloatRect, FloatRect]:
        left, right = old.bounding_box(), new.bounding_box()
        assert left is not None
        assert right is not None
        return left, right

    page.set_viewport_size({"width": 1280, "height": 800})
    left, right = boxes()
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]
    page.set_viewport_size({"width": 390, "height": 800})
    left, right = boxes()
    assert left["y"] < right["y"]
    assert left["x"] == right["x"]
    expect(page.locator(".diff-same .diff-old").first).to_be_hidden()


def test_axe_finds_nothing(two: str, sign_in: Callable[[Person], Page], student: Person) -> None:
    page = sign_in(student)
    page.goto(two)
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_no_change_of_a_score_is_cut(
    two: str, sign_in: Callable[[Person], Page], student: Person
) -> None:
    page = sign_in(student)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(two)
    page.locator(".compare-points tbody td:last-child").first.evaluate(
        "one => { one.textContent = '▲ 100.75 more'; }"
    )
    frame = "document.querySelector('.compare-points').parentElement"
    assert page.evaluate(f"{frame}.scrollWidth <= {frame}.clientWidth")
