"""Owns how axe is asked about a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

Violations = list[tuple[str, list[str]]]
"""The broken rules, each with the first places where it is broken."""

_COLOURS = ["color-contrast", "link-in-text-block"]
_RULES: Mapping[str, Mapping[str, object]] = {
    "all": {},
    "colours": {"runOnly": {"type": "rule", "values": _COLOURS}},
    "all but colours": {"rules": {name: {"enabled": False} for name in _COLOURS}},
}

_EACH_PAINT = """() => {
    const paint = ['color', 'opacity', 'background-color', 'background-image', 'font-size',
        'font-weight', 'text-shadow', '-webkit-text-stroke', 'filter', 'mix-blend-mode',
        'visibility', 'display', 'position', 'z-index', 'float', 'transform', 'clip', 'clip-path'];
    const known = new Map();
    const painted = one => {
        if (!known.has(one)) {
            const style = getComputedStyle(one);
            const above = one.assignedSlot || one.parentElement || one.getRootNode().host;
            known.set(one, (above ? painted(above) : '')
                + '>' + paint.map(it => style.getPropertyValue(it)).join());
        }
        return known.get(one);
    };
    const text = one => [...one.childNodes].some(it => it.nodeType === 3 && it.data.trim());
    const seen = new Map();
    const all = root => [...root.querySelectorAll('*')]
        .flatMap(one => one.shadowRoot ? [one, ...all(one.shadowRoot)] : [one]);
    all(document.body).forEach(one => {
        const {width, height} = one.getBoundingClientRect();
        const off = one.matches(':disabled, [aria-disabled], [aria-disabled] *')
            || one.closest('label')?.control?.disabled;
        const key = [painted(one), text(one), Boolean(one.value || one.placeholder), Boolean(off),
            width * height > 0, one.checkVisibility()].join();
        seen.set(key, (seen.get(key) || 0) + 1);
        one.toggleAttribute('data-paint', seen.get(key) <= 2);
    });
    axe.configure({rules: [{id: 'color-contrast', selector: '[data-paint]'}]});
}"""
"""Shows axe two of all that is painted the same way on the same ground: the lines of a file, the
cells of a table. Their colours need no third look; with it they take ten times as long."""


def prepare(context: BrowserContext) -> None:
    """Have axe in each page that is opened from now on, which is quicker than in one at a time."""
    context.add_init_script(AXE_SCRIPT)


def violations(page: Page, rules: str = "all") -> Violations:
    """What axe finds of `rules`: "all", "colours", "all but colours"."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(_EACH_PAINT)
    options = {**_RULES[rules], "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
