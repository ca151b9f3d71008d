"""How pages look to everybody: on a phone, and by the keyboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.pages.gallery import PHONE, WIDE, Gallery, gallery, visits
from tests.support.processes.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["gallery"]


def test_no_page_scrolls_sideways_on_a_phone_and_targets_are_large_enough(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    sideways, small = [], {}
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    for name, page in visits(gallery, browser, stack, **look):
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            sideways.append(name)
        if low := page.evaluate(_LOW_TARGETS):
            small[name] = low
    assert not sideways
    assert not small, json.dumps(small, indent=2)


_LOW_TARGETS = """() => [...document.querySelectorAll('button, summary, select, input, .crumbs a,'
        + 'a.entry-title, .starter a, thead a, tbody th a, .result-facts a, .fb-call a')]
    .filter(one => one.type !== 'hidden')
    .map(one => one.type === 'checkbox' ? one.closest('label') : one)
    .filter(one => one.checkVisibility() && !one.closest('.unseen'))
    .filter(one => one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 120))"""


def test_every_page_has_one_title_and_can_be_skipped_to_by_keyboard(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    titles = {}
    for name, page in visits(gallery, browser, stack, viewport=WIDE):
        assert page.locator("h1").count() == 1, name
        titles[name] = page.title()
        if name != "sign-in":  # there the first field has the focus
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip", name
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main", name
    assert all(title.endswith("· Chainrule") for title in titles.values()), titles
