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
"""Rules about colours, which take axe three times as long as all the others."""
ONLY_COLOURS = {"runOnly": {"type": "rule", "values": COLOURS}}
NO_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
ALIKE = """() => {
    const words = ['id', 'href', 'for', 'name', 'value', 'title', 'datetime', 'd', 'x', 'y'];
    const own = one => one.tagName + [...one.attributes]
        .filter(it => !words.includes(it.name)).map(it => it.name + '=' + it.value);
    const wholes = new Map();
    const whole = one => {
        if (!wholes.has(one)) wholes.set(one, own(one) + '(' + [...one.children].map(whole) + ')');
        return wholes.get(one);
    };
    const seen = new Map();
    const walk = (parent, path) => [...parent.children].forEach(one => {
        const key = path + '>' + whole(one);
        seen.set(key, (seen.get(key) || 0) + 1);
        if (seen.get(key) > 2) one.setAttribute('data-alike', '');
        else walk(one, path + '>' + own(one));
    });
    walk(document.body, '');
}"""
"""Marks what is built and styled as two others in the same place, but for its words: the lines of a
file, the cells of a table. Their colours need no third look."""


@pytest.mark.long
def test_axe_finds_nothing_on_a_wide_screen_in_light_and_dark_with_all_folds_open(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    found = {}
    look = {"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce"}
    for name, page in visits(gallery, browser, stack, **look):
        open_folds(page)
        found[name] = violations(page, NO_COLOURS)
        page.evaluate(ALIKE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[f"{name}, {scheme}"] = violations(page, ONLY_COLOURS, "[data-alike]")
        page.emulate_media(color_scheme="light")
    assert len(found) == 3 * len(gallery.pages)
    assert not any(found.values()), shown(found)


@pytest.mark.long
def test_axe_finds_nothing_on_a_phone_where_all_but_colours_may_differ(
    gallery: Gallery, browser: Browser, stack: Stack
) -> None:
    found = {}
    for name, page in visits(gallery, browser, stack, viewport=PHONE):
        open_folds(page)
        found[name] = violations(page, NO_COLOURS)
    assert len(found) == len(gallery.pages)
    assert not any(found.values()), shown(found)


Violations = list[tuple[str, list[str]]]


def shown(found: dict[str, Violations]) -> str:
    return json.dumps({name: broken for name, broken in found.items() if broken}, indent=2)


def open_folds(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")


def violations(page: Page, options: Mapping[str, object], but: str = "") -> Violations:
    """What axe finds, leaving out what the selector `but` matches: the broken rules, each with the
    first places where it is broken."""
    context = {"exclude": [[but]]} if but else None
    options = {**options, "resultTypes": ["violations"]}
    answer = Axe().run(page, context=context, options=options).response
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in answer["violations"]
    ]
