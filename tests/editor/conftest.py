"""What tests of the editor share: the place to work, opened by somebody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.models import Assignment
from tests.support.cast import Person

Open = Callable[[Person, Assignment], Page]
EDITOR = ".cm-content"


@pytest.fixture
def work(sign_in: Callable[[Person], Page]) -> Open:
    """Signs somebody in and opens the place to work, with its editor."""

    def opened(person: Person, assignment: Assignment) -> Page:
        page = sign_in(person)
        page.goto(f"/assignments/{assignment.id}/work")
        page.wait_for_selector(EDITOR)
        return page

    return opened


def field(page: Page) -> str:
    """What the form would send."""
    return str(page.locator("#code").input_value())


def write(page: Page, text: str) -> None:
    """Replace what stands in the editor."""
    page.locator(EDITOR).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
