"""A form that is sent several times, as a double press or a browser's reload does, counts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from app.models import Assignment, Course, Trials
from tests.pages.conftest import RIGHT, Desk
from tests.support.cast import Cast, Person
from tests.support.forms import filled


def attempts(person: Person, assignment: Assignment) -> int:
    return len(person.api.get(f"/assignments/{assignment.id}/submissions").json())


def post(person: Person, action: str, key: str, source: bytes = RIGHT) -> httpx.Response:
    return person.web.post(action, files={"file": ("mine.py", source)}, data={"key": key})


def test_five_equal_posts_of_the_pages_form_are_one_attempt(
    student: Person, assignment: Assignment
) -> None:
    page = f"/assignments/{assignment.id}"
    key = filled(student.web, page, f"{page}/submissions")["key"]
    with ThreadPoolExecutor(5) as presses:
        sent = [presses.submit(post, student, f"{page}/submissions", key) for _ in range(5)]
    answers = {answer.result().headers["location"] for answer in sent}
    assert len(answers) == 1
    assert attempts(student, assignment) == 1


def test_the_page_has_another_key_each_time_and_each_is_an_attempt(
    student: Person, assignment: Assignment
) -> None:
    page = f"/assignments/{assignment.id}"
    keys = {filled(student.web, page, f"{page}/submissions")["key"] for _ in range(2)}
    for key in keys:
        post(student, f"{page}/submissions", key)
    assert len(keys) == attempts(student, assignment) == 2


def test_who_goes_back_and_chooses_another_file_hands_that_in(
    student: Person, assignment: Assignment
) -> None:
    action = f"/assignments/{assignment.id}/submissions"
    answers = [post(student, action, "same", source) for source in (RIGHT, RIGHT + b"\n")]
    assert {answer.status_code for answer in answers} == {303}
    assert attempts(student, assignment) == 2


def test_a_key_is_its_senders_alone(
    student: Person, other_student: Person, assignment: Assignment
) -> None:
    for person in (student, other_student):
        post(person, f"/assignments/{assignment.id}/submissions", "same")
        assert attempts(person, assignment) == 1


def test_a_trial_that_is_sent_twice_uses_up_one_attempt_and_handing_in_another(
    cast: Cast, course: Course, student: Person
) -> None:
    sheet = cast.assignment(course, trials=Trials.COUNTED.value, max_attempts=3)
    work = f"/assignments/{sheet.id}/work"
    sent = filled(student.web, work, f"/assignments/{sheet.id}/submissions")
    for action in ("trial", "trial", "submissions", "submissions"):
        answer = student.web.post(f"/assignments/{sheet.id}/{action}", data=sent)
        assert answer.status_code == 303
    assert "1 attempt left" in student.web.get(work).text


@pytest.mark.parametrize("key", ["", "x" * 5000, "é\u202e"])
def test_any_key_will_do(student: Person, assignment: Assignment, key: str) -> None:
    answer = post(student, f"/assignments/{assignment.id}/submissions", key)
    assert answer.status_code == 303


def test_handing_in_a_tried_file_twice_is_one_attempt(
    student: Person, assignment: Assignment, desk: Desk
) -> None:
    tried = post(student, f"/assignments/{assignment.id}/trial", "trial").headers["location"]
    for _ in range(3):
        answer = student.web.post(f"{tried}/hand-in", data={"key": "press"})
        assert answer.status_code == 303
    assert attempts(student, assignment) == 1
