"""Trying a file on the page: like handing in, but it says that it was none."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Kind, Submission
from tests.support import axe
from tests.support.cast import Cast, Person
from tests.support.waiting import wait_for

CODE = "# mine & <b>\nimport torch\n"
BROKEN = 'import torch\nx = "</textarea>\'"\nclass Addition(Function:\n'


def try_file(person: Person, assignment: Assignment, code: str = CODE) -> httpx.Response:
    return person.web.post(f"/assignments/{assignment.id}/trial", data={"code": code})


def tried(db: Session, person: Person, assignment: Assignment, code: str = CODE) -> str:
    """The address of the page of a trial that has its verdict."""
    answer = try_file(person, assignment, code)
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]

    def is_settled() -> bool:
        db.expire_all()
        found = db.get(Submission, uuid.UUID(address.removeprefix("/submissions/")))
        return found is not None and found.is_settled

    wait_for(is_settled, "a verdict")
    db.rollback()
    return str(address)


def test_its_page_says_that_it_was_not_handed_in(
    db: Session, student: Person, assignment: Assignment
) -> None:
    text = student.web.get(tried(db, student, assignment)).text
    assert "<strong>Tried, not handed in.</strong>" in text
    assert "of 70" in text
    assert "attempt 0" not in text
    assert "Hand in another attempt" not in text


def test_one_button_hands_the_same_file_in(
    db: Session, student: Person, assignment: Assignment
) -> None:
    address = tried(db, student, assignment)
    answer = student.web.post(f"{address}/hand-in")
    assert answer.status_code == 303
    assert answer.headers["location"] != address
    text = student.web.get(answer.headers["location"]).text
    assert "attempt 1" in text
    assert "not handed in" not in text
    assert student.web.post(f"{answer.headers['location']}/hand-in").status_code == 409


def test_the_pages_of_the_assignment_do_not_count_it(
    db: Session, student: Person, assignment: Assignment
) -> None:
    tried(db, student, assignment)
    assert "Nothing handed in yet" in student.web.get(f"/assignments/{assignment.id}/attempts").text
    assert "none yet" in student.web.get(f"/assignments/{assignment.id}").text


def test_teaching_staff_see_it_and_cannot_hand_it_in_or_have_it_graded_again(
    db: Session, student: Person, instructor: Person, assignment: Assignment
) -> None:
    address = tried(db, student, assignment)
    text = instructor.web.get(address).text
    assert "</time>, not handed in" in text
    assert "Hand in this file" not in text
    assert "Grade again" not in text
    assert instructor.web.post(f"{address}/hand-in").status_code == 404


def test_nobody_else_sees_it(
    db: Session, student: Person, other_student: Person, outsider: Person, assignment: Assignment
) -> None:
    address = tried(db, student, assignment)
    start = address.removeprefix("/submissions/")
    for person in (other_student, outsider):
        assert person.web.get(address).status_code == 404
        assert person.web.post(f"{address}/hand-in").status_code == 404
        begun = person.web.get(f"/assignments/{assignment.id}/work?start={start}")
        assert begun.status_code == 404


def test_whoever_is_not_in_the_course_tries_nothing(
    outsider: Person, assignment: Assignment
) -> None:
    assert try_file(outsider, assignment).status_code == 404
    assert outsider.web.get(f"/assignments/{assignment.id}/work").status_code == 404


def test_more_than_the_limit_is_put_off_and_what_was_typed_stays(
    student: Person, other_student: Person, assignment: Assignment
) -> None:
    answers = [try_file(student, assignment) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {303}
    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "# mine &amp; &lt;b&gt;\nimport torch\n</textarea>" in last.text
    assert try_file(other_student, assignment).status_code == 303


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [("  \n", 422, "no code typed"), ("x = 1\0", 422, "not a text file")],
)
def test_what_cannot_be_tried_is_told_and_kept(
    student: Person, assignment: Assignment, code: str, status: int, said: str
) -> None:
    answer = try_file(student, assignment, code)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert "<textarea" in answer.text


def test_a_file_can_be_tried_as_well_as_typed_code(
    db: Session, student: Person, assignment: Assignment
) -> None:
    answer = student.web.post(
        f"/assignments/{assignment.id}/trial", files={"file": ("mine.py", CODE.encode())}
    )
    made = db.get(Submission, uuid.UUID(answer.headers["location"].removeprefix("/submissions/")))
    assert made is not None
    assert (made.kind, made.filename, made.source) == (Kind.TRIAL, "mine.py", CODE.encode())


def test_a_closed_assignment_tries_nothing_and_offers_nothing(
    cast: Cast, course: Course, student: Person
) -> None:
    closed = cast.assignment(course, closes_at=now() - timedelta(hours=1))
    text = student.web.get(f"/assignments/{closed.id}/work").text
    assert "nothing can be tried or handed in" in text
    assert "<button" not in text.split('class="work"')[1]
    assert try_file(student, closed).status_code == 409


def test_when_all_attempts_are_used_only_the_trial_is_offered(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    single = cast.assignment(course, max_attempts=1)
    assert student.web.post(f"/assignments/{single.id}/submissions", data={"code": CODE})
    text = student.web.get(f"/assignments/{single.id}/work").text
    assert ">Hand in</button>" not in text
    assert ">Try it</button>" in text
    address = tried(db, student, single)
    assert student.web.post(f"{address}/hand-in").status_code == 409


def test_one_goes_on_from_what_was_tried_with_its_messages(
    db: Session, student: Person, assignment: Assignment
) -> None:
    address = tried(db, student, assignment, BROKEN)
    found = re.search(
        rf"/assignments/{assignment.id}/work\?start=[\w-]+", student.web.get(address).text
    )
    assert found is not None
    text = student.web.get(found[0]).text
    assert "x = &#34;&lt;/textarea&gt;&#39;&#34;" in text
    assert '"line": 3' in text


def test_one_can_go_on_from_an_earlier_attempt(student: Person, assignment: Assignment) -> None:
    sent = [
        student.web.post(f"/assignments/{assignment.id}/submissions", data={"code": code})
        for code in ("first = 1\n", "second = 2\n")
    ]
    address = f"/assignments/{assignment.id}/work"
    first = sent[0].headers["location"].removeprefix("/submissions/")
    assert "first = 1" in student.web.get(f"{address}?start={first}").text
    assert "second = 2" in student.web.get(address).text


def test_the_page_of_a_trial_works_by_keyboard_and_axe_finds_nothing(
    db: Session, sign_in: object, student: Person, assignment: Assignment
) -> None:
    page: Page = sign_in(student)  # type: ignore[operator]
    page.goto(tried(db, student, assignment, BROKEN))
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe.violations(page) == []
    page.get_by_role("button", name="Hand in this file").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go on working")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="attempt 1")).to_be_visible()
