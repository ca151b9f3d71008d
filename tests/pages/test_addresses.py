"""Addresses that are almost right, and asking for the head of a page only."""

from __future__ import annotations

import httpx
import pytest

from app.models import Course
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
