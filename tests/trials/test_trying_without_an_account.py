"""A visitor reads what this is and has a file graded, which nobody else can find."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.grading import visitors
from app.infrastructure.clock import now
from app.models import VisitorTrial
from tests.support.cast import Person
from tests.support.processes.server import served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

TWO = (Path(__file__).parents[1] / "pages" / "files" / "right.py").read_text()
TWO = TWO[: TWO.index("class Sum")]


@pytest.fixture
def visitor(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client


def verdict(visitor: httpx.Client, source: str) -> str:
    """The page of a file that a visitor tried, once it has its verdict."""
    answer = visitor.post("/try", files={"file": ("mine.py", source)})
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]

    def page() -> str:
        text = visitor.get(address).text
        return text if 'data-settled="yes"' in text else ""

    return wait_for(page, "the verdict")


def test_a_file_is_graded_for_the_exercises_that_it_names(visitor: httpx.Client) -> None:
    text = verdict(visitor, TWO)
    assert re.findall(r'class="verdict verdict-(\w+)" id="([\w-]+)"', text) == [
        ("right", "addition"),
        ("right", "product"),
        ("right", "composition"),
    ]
    assert "of 30" in text
    assert "mine.py" in text


def test_nothing_but_its_address_leads_to_it_and_no_cookie_is_set(
    visitor: httpx.Client, student: Person
) -> None:
    answer = visitor.post("/try", data={"code": TWO})
    address = answer.headers["location"]
    assert len(address.removeprefix("/try/")) == 32
    for path in (address, f"{address}/panel"):
        shown = visitor.get(path)
        assert shown.headers["cache-control"] == "no-store"
        assert shown.headers["x-robots-tag"] == "noindex"
    assert not visitor.cookies
    assert student.web.get(address).status_code == 200
    assert visitor.get(f"/try/{secrets.token_urlsafe(24)}").status_code == 404
    assert visitor.get("/try/%F0%9F%98%80").status_code == 404


def test_after_an_hour_it_is_gone(visitor: httpx.Client, db: Session) -> None:
    address = visitor.post("/try", data={"code": TWO}).headers["location"]
    wait_for(lambda: 'data-settled="yes"' in visitor.get(address).text, "the verdict")
    secret = address.removeprefix("/try/")
    kept = visitors.get(db, secret).id
    db.execute(
        update(VisitorTrial).where(VisitorTrial.id == kept).values(came_at=now() - visitors.KEPT)
    )
    db.commit()
    assert visitor.get(address).status_code == 404

    def is_swept() -> bool:
        db.rollback()
        return db.get(VisitorTrial, kept) is None

    wait_for(is_swept, "the sweep")


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"files": {"file": ("a.py", b"#" * (visitors.BYTES + 1))}}, 413, "64 kB"),
        ({"files": {"file": ("a.py", b"#" * (1 << 20))}}, 413, "64 kB"),
        ({"files": {"file": ("a.png", b"\x89PNG")}}, 422, "PNG"),
        ({"data": {"code": "  "}}, 422, "no code"),
    ],
    ids=["too large", "far too large", "a picture", "nothing"],
)
def test_what_cannot_be_taken_is_told(
    visitor: httpx.Client, sent: dict[str, Any], status: int, told: str
) -> None:
    answer = visitor.post("/try", **sent)
    assert answer.status_code == status
    assert told in answer.text


def test_another_website_cannot_send_one(visitor: httpx.Client) -> None:
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor.post("/try", data={"code": TWO}, headers=elsewhere).status_code == 403


def test_one_address_sends_only_so_many(stack: Stack, tmp_path: Path) -> None:
    with served(tmp_path, CHAINRULE_VISITOR_LIMIT="2/hour") as server:
        codes = [
            httpx.post(f"{server.url}/try", data={"code": TWO}, trust_env=False).status_code
            for _ in range(3)
        ]
        assert codes == [303, 303, 429]
        assert "visitor" not in server.get("/healthz").text


def test_where_the_operator_has_it_off_there_is_no_box(stack: Stack, tmp_path: Path) -> None:
    with served(tmp_path, CHAINRULE_VISITOR_TRIALS="false") as server:
        front = server.get("/")
        assert front.status_code == 200
        assert 'action="/try"' not in front.text
        assert 'href="/sign-in"' in front.text
        sent = httpx.post(f"{server.url}/try", data={"code": TWO}, trust_env=False)
        assert sent.status_code == 404


def test_in_a_browser_the_verdict_comes_by_itself(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("autograd functions")
    page.set_input_files("#file", {"name": "two.py", "mimeType": "", "buffer": TWO.encode()})
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".score")).to_have_text("30")
    page.get_by_role("link", name="Try another file").click()
    expect(page.locator("#try")).to_be_in_viewport()
