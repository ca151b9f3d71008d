"""axe finds nothing on any page, in either colour scheme, on a wide screen or a phone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.pages.gallery import PHONE, WIDE, Gallery, gallery, part, visits
from tests.support.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["gallery", "part"]

COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules about colours, which take axe four times as long as all the others."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("scheme", "size", "rules"),
    [
        ("light", WIDE, {}),
        ("dark", WIDE, {"runOnly": {"type": "rule", "values": COLOURS}}),
        ("light", PHONE, {"rules": {name: {"enabled": False} for name in COLOURS}}),
    ],
    ids=["light", "dark, where only colours differ", "phone, where all but colours may"],
)
def test_axe_finds_nothing_on_any_page_with_all_folds_open(
    part: Gallery,
    browser: Browser,
    stack: Stack,
    scheme: str,
    size: dict[str, int],
    rules: dict[str, object],
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = {}
    for name, page in visits(part, browser, stack, viewport=size, color_scheme=scheme):
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        options = rules | {"resultTypes": ["violations"]}
        violations = Axe().run(page, options=options).response["violations"]
        if violations:
            found[name] = [
                (v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in violations
            ]
    assert not found, json.dumps(found, indent=2)
