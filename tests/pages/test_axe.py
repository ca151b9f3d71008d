"""axe finds nothing on any page, in either colour scheme, on a wide screen or a phone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages.gallery import PHONE, WIDE, Gallery, gallery, visits
from tests.support.processes.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["gallery"]

COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules about colours, which take axe four times as long as all the others."""


@pytest.mark.long
def test_axe_finds_nothing_on_a_wide_screen_in_light_and_dark_with_all_folds_open(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    found = {}
    look = {"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce"}
    for name, page in visits(gallery, browser, stack, **look):
        open_folds(page)
        found[f"{name}, light"] = violations(page, {})
        page.emulate_media(color_scheme="dark")
        only_colours = {"runOnly": {"type": "rule", "values": COLOURS}}
        found[f"{name}, dark, where only colours differ"] = violations(page, only_colours)
        page.emulate_media(color_scheme="light")
    assert len(found) == 2 * len(gallery.pages)
    assert not any(found.values()), shown(found)


@pytest.mark.long
def test_axe_finds_nothing_on_a_phone_where_all_but_colours_may_differ(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    found = {}
    no_colours = {"rules": {name: {"enabled": False} for name in COLOURS}}
    for name, page in visits(gallery, browser, stack, viewport=PHONE):
        open_folds(page)
        found[name] = violations(page, no_colours)
    assert len(found) == len(gallery.pages)
    assert not any(found.values()), shown(found)


Violations = list[tuple[str, list[str]]]


def shown(found: dict[str, Violations]) -> str:
    return json.dumps({name: broken for name, broken in found.items() if broken}, indent=2)


def open_folds(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")


def violations(page: Page, options: Mapping[str, object]) -> Violations:
    """What axe finds: the broken rules, each with the first places where it is broken."""
    answer = Axe().run(page, options={**options, "resultTypes": ["violations"]}).response
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in answer["violations"]
    ]
