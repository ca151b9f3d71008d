"""A file of very many lines makes no page that others have to wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.models import Assignment
from tests.pages.conftest import Desk
from tests.support.cast import Person

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = b"\n" * 200_000 + b"raise ValueError\n" + b"\n" * 60_000
LINE = 200_001
_MOST = 1 << 20


def test_its_page_has_an_end_and_leads_to_the_rest(
    desk: Desk, sign_in: Callable[[Person], Page], student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, LONG)
    answer = student.web.get(f"/submissions/{made}")
    assert len(answer.content) < _MOST
    assert student.web.get(f"/submissions/{made}/source.py").content == LONG
    page = sign_in(student)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/submissions/{made}")
    page.get_by_role("link", name=f"line {LINE}").first.click()
    assert page.locator(f"#L{LINE}").inner_text().startswith(str(LINE))
    with page.expect_download() as download:
        page.get_by_role("link", name="download it").click()
    assert download.value.path().read_bytes() == LONG


def test_comparing_two_of_them_has_an_end_and_leads_to_both(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = [
        desk.hand_in(student, assignment, LONG.replace(b"\n", new)[:262_144])
        for new in (b"\n", b"1\n")
    ]
    answer = student.web.get(f"/assignments/{assignment.id}/compare")
    assert answer.status_code == 200
    assert len(answer.content) < _MOST
    for one in made:
        assert f'href="/submissions/{one}/source.py"' in answer.text
    assert "more lines that differ, not shown here" in answer.text
