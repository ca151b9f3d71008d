"""Owns how the pages of the gallery look, each asked everything in one visit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.pages.gallery.states import Gallery
from tests.support import axe
from tests.support.browser import watched_page
from tests.support.cast import Person
from tests.support.processes.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PARTS = 6
"""So many times `looks` is made, of a part of all pages each, so that none takes minutes."""


@dataclass
class Look:
    """What was seen of one page."""

    title: str
    headings: int
    skipped: tuple[str, str] | None
    """What Tab came to at first, and what Enter led to there; None where a field has the focus."""
    is_sideways: bool
    """Whether a phone scrolls it sideways."""
    low: list[str]
    """What is too low for a finger."""
    light: axe.Violations
    """What axe finds on a wide screen."""
    dark: axe.Violations
    """The same of colours."""
    phone: axe.Violations
    """What it finds on a phone, but of colours."""


@dataclass
class Paints:
    """What axe has seen of the colours of all pages."""

    light: axe.Paints = field(default_factory=dict)
    dark: axe.Paints = field(default_factory=dict)


@pytest.fixture(scope="module")
def paints() -> Paints:
    """Nothing yet."""
    return Paints()


@pytest.fixture(scope="module", params=range(PARTS), ids=lambda part: f"part {part + 1}")
def looks(
    request: pytest.FixtureRequest,
    gallery: Gallery,
    paints: Paints,
    browser: Browser,
    stack: Stack,
) -> dict[str, Look]:
    """The looks of a part of all pages; a script's error or a breach of the CSP fails it."""
    found = {}
    with screen(browser, stack.url) as shown:
        for name, (person, path) in [*gallery.pages.items()][request.param :: PARTS]:
            shown.sign_in(person)
            shown.be_wide()
            answer = shown.page.goto(path)
            assert answer is not None
            assert answer.status < 500, name
            found[name] = look(shown, paints)
    return found


@contextmanager
def screen(browser: Browser, base_url: str) -> Iterator[Screen]:
    """A wide screen with axe in its page."""
    context = browser.new_context(base_url=base_url, no_viewport=True, reduced_motion="reduce")
    axe.prepare(context)
    with watched_page(context) as page:
        yield Screen(page, base_url)
    context.close()


class Screen:
    """Shows one page on a desk and on a phone, without loading it anew."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self._base_url = page, base_url
        self._protocol = page.context.new_cdp_session(page)
        self.be_wide()

    def sign_in(self, person: Person | None) -> None:
        """Have this person signed in, or nobody."""
        cookies = person.cookie if person else {}
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": n, "value": v, "url": self._base_url} for n, v in cookies.items()]
        )

    def be_wide(self) -> None:
        """As on a desk. What has been a phone has a mouse again after the next `goto`."""
        self._be(1280, 900, is_phone=False)

    def be_a_phone(self) -> None:
        """Small, with fingers in place of a mouse."""
        self._be(360, 740, is_phone=True)

    def _be(self, width: int, height: int, *, is_phone: bool) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
        self._protocol.send("Emulation.setDeviceMetricsOverride", size)
        self._protocol.send("Emulation.setTouchEmulationEnabled", {"enabled": is_phone})


def look(screen: Screen, paints: Paints | None = None) -> Look:
    """What is to be seen of the page on a wide screen, and then on a phone.

    The colours are those that no other page of the same `paints` has shown.
    """
    page, paints = screen.page, paints or Paints()
    title, headings, skipped = page.title(), page.locator("h1").count(), _skipped(page)
    page.evaluate(_OPEN_FOLDS)
    light = axe.violations(page, "all", paints.light)
    page.emulate_media(color_scheme="dark")
    dark = axe.violations(page, "colours", paints.dark)
    page.emulate_media(color_scheme="light")
    page.evaluate(_SHUT_FOLDS)
    screen.be_a_phone()
    is_sideways, low = page.evaluate(_IS_SIDEWAYS), page.evaluate(_LOW_TARGETS)
    page.evaluate(_OPEN_FOLDS)
    phone = axe.violations(page, "all but colours")
    return Look(title, headings, skipped, is_sideways, low, light, dark, phone)


def _skipped(page: Page) -> tuple[str, str] | None:
    if page.evaluate("document.activeElement !== document.body"):
        return None
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    return first, page.evaluate("document.activeElement.id")


_OPEN_FOLDS = """() => document.querySelectorAll('details:not([open])').forEach(one => {
    one.open = true;
    one.setAttribute('data-shut', '');
})"""
_SHUT_FOLDS = "() => document.querySelectorAll('[data-shut]').forEach(one => one.open = false)"
_IS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_LOW_TARGETS = """() => [...document.querySelectorAll('button, summary, select, input, .crumbs a,'
        + 'a.entry-title, .starter a, thead a, tbody th a, .result-facts a, .fb-call a')]
    .filter(one => one.type !== 'hidden')
    .map(one => one.type === 'checkbox' ? one.closest('label') : one)
    .filter(one => one.checkVisibility() && !one.closest('.unseen'))
    .filter(one => one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 120))"""
