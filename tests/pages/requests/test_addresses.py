"""Addresses that are almost right, and asking for the head of an answer only."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.grading import submissions
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, Status
from tests.pages.conftest import Desk
from tests.support.cast import Person
from tests.support.processes.stack import Stack


@pytest.mark.parametrize(("host", "status"), [("localhost", 404), ("evil.example", 421)])
def test_a_slash_too_many_sends_nobody_to_another_host(
    student: Person, course: Course, host: str, status: int
) -> None:
    answer = student.web.get(f"/courses/{course.id}/", headers={"Host": host})
    assert answer.status_code == status
    assert "location" not in answer.headers


def test_a_file_that_is_sent_something_says_that_it_can_only_be_got(student: Person) -> None:
    answer = student.web.post("/static/nothing.css")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/account", "/sign-in", "/healthz", "/nowhere"])
def test_the_head_of_a_page_is_that_of_the_page(path: str, stack: Stack, student: Person) -> None:
    with httpx.Client(base_url=stack.url, trust_env=False, verify=False) as stranger:
        for client in (student.web, stranger):
            page, head = client.get(path), client.head(path)
            assert head.content == b""
            assert head.status_code == page.status_code
            for name in ("content-type", "content-length", "content-security-policy", "location"):
                assert head.headers.get(name) == page.headers.get(name)


def test_the_head_of_what_the_api_answers_is_that_of_the_answer(
    student: Person, assignment: Assignment, desk: Desk
) -> None:
    made = desk.graded(student, assignment)
    for path in (
        "/me",
        f"/submissions/{made}",
        f"/submissions/{made}/events",
        "/courses/0/nothing",
    ):
        answer, head = student.api.get(path), student.api.head(path)
        assert head.content == b""
        assert head.status_code == answer.status_code
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == answer.headers.get(name)


def test_the_head_of_a_stream_does_not_wait_for_its_end(
    student: Person, assignment: Assignment
) -> None:
    with database.session() as session:  # and no worker is told of it
        upload = Upload("a.py", b"while True: pass\n")
        made = submissions.accept(session, Actor(student.user), assignment.id, upload)
        made.status, made.leased_until = Status.RUNNING, now() + timedelta(minutes=5)
        session.commit()
    for _ in range(3):  # on one connection
        head = student.api.head(f"/submissions/{made.id}/events", timeout=10)
        assert head.status_code == 200
        assert head.headers["content-type"].startswith("text/event-stream")
    assert student.api.get("/me", timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("posted", "form"),
    [
        ("/assignments/{assignment}/submissions", "/assignments/{assignment}"),
        ("/assignments/{assignment}/trial", "/assignments/{assignment}/work"),
        ("/courses/{course}/people/import", "/courses/{course}/people"),
    ],
)
def test_the_address_of_a_refused_form_leads_back_to_its_page(
    posted: str, form: str, instructor: Person, assignment: Assignment
) -> None:
    numbers = {"assignment": assignment.id, "course": assignment.course_id}
    answer = instructor.web.get(posted.format(**numbers))
    assert (answer.status_code, answer.headers["location"]) == (303, form.format(**numbers))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("attempts?student=abc", "In this address `student` must be a whole number."),
        ("compare?from=1.5", "In this address `from` must be a whole number."),
        ("work?start=abc", "In this address `start` must be a submission&#39;s id."),
    ],
)
def test_what_an_address_asks_for_and_cannot_mean_is_told_in_our_words(
    query: str, words: str, instructor: Person, assignment: Assignment
) -> None:
    answer = instructor.web.get(f"/assignments/{assignment.id}/{query}")
    assert answer.status_code == 422
    assert words in answer.text
    assert "Something in the address cannot be used" in answer.text
    assert "Nothing was changed" not in answer.text
