"""Addresses that are almost right, and asking for the head of a page only."""

from __future__ import annotations

import httpx
import pytest

from app.models import Assignment, Course
from tests.support.cast import Person
from tests.support.stack import Stack


def test_a_slash_too_many_sends_nobody_to_another_host(student: Person, course: Course) -> None:
    answer = student.web.get(f"/courses/{course.id}/", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/account", "/sign-in", "/healthz", "/nowhere"])
def test_the_head_of_a_page_is_that_of_the_page(path: str, stack: Stack, student: Person) -> None:
    with httpx.Client(base_url=stack.url, trust_env=False) as stranger:
        for client in (student.web, stranger):
            page, head = client.get(path), client.head(path)
            assert head.content == b""
            assert head.status_code == page.status_code
            for name in ("content-type", "content-length", "content-security-policy", "location"):
                assert head.headers.get(name) == page.headers.get(name)


@pytest.mark.parametrize(
    ("posted", "form"),
    [
        ("/assignments/{assignment}/submissions", "/assignments/{assignment}"),
        ("/assignments/{assignment}/check", "/assignments/{assignment}/work"),
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
