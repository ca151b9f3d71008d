"""Owns how axe is asked about a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

Violations = list[tuple[str, list[str]]]
"""The broken rules, each with the first places where it is broken."""
Paints = dict[str, float]
"""How often axe has looked at the colours of each paint, by what makes it one; a look of which it
could not tell, as over an image, counts a quarter."""

_COLOURS = ["color-contrast", "link-in-text-block"]
_NO_STYLESHEETS = {"preload": {"assets": ["media"]}}  # fetched for no rule that is asked
_RULES: Mapping[str, Mapping[str, object]] = {
    "all": {},
    "colours": {"runOnly": {"type": "rule", "values": _COLOURS}},
    "all but colours": {"rules": {name: {"enabled": False} for name in _COLOURS}},
}

_EACH_PAINT = """known => {
    const ground = {'opacity': '1', 'background-color': 'rgba(0, 0, 0, 0)',
        'background-image': 'none', 'filter': 'none', 'mix-blend-mode': 'normal',
        'position': 'static', 'z-index': 'auto', 'float': 'none', 'transform': 'none',
        'clip': 'auto', 'clip-path': 'none'};
    const type = ['color', 'font-size', 'font-weight', 'font-style', 'font-family',
        'text-decoration-line', 'border-bottom', 'text-shadow', '-webkit-text-stroke'];
    const values = (one, names) => names.map(it => getComputedStyle(one).getPropertyValue(it));
    const [properties, nothing] = [Object.keys(ground), Object.values(ground).join()];
    const parent = one => one.assignedSlot || one.parentElement || one.getRootNode().host;
    const block = one => getComputedStyle(parent(one)).display === 'inline'
        ? block(parent(one)) : parent(one);
    const grounds = new Map();
    const groundOf = one => {
        if (!grounds.has(one)) {
            const above = parent(one) ? groundOf(parent(one)) : '';
            const own = values(one, properties).join();
            grounds.set(one, own === nothing ? above : above + '>' + own);
        }
        return grounds.get(one);
    };
    const text = one => [...one.childNodes].some(it => it.nodeType === 3 && it.data.trim());
    const all = root => [...root.querySelectorAll('*')]
        .flatMap(one => one.shadowRoot ? [one, ...all(one.shadowRoot)] : [one]);
    const seen = {};
    all(document.body).forEach(one => {
        const {width, height} = one.getBoundingClientRect();
        const off = one.matches(':disabled, [aria-disabled], [aria-disabled] *')
            || one.closest('label')?.control?.disabled;
        const around = one.matches('a, [role=link]')
            && [parent(one), block(one)].map(it => [...values(it, type), text(it)]);
        const key = [groundOf(one), values(one, [...type, 'display', 'visibility']), around,
            text(one), Boolean(one.value || one.placeholder), Boolean(off), width * height > 0,
            one.checkVisibility()].join();
        const times = 1 + (seen[key] || known[key] || 0);
        one.removeAttribute('data-paint');
        if (times <= 2) {
            seen[key] = times;
            one.setAttribute('data-paint', key);
        }
    });
    axe.configure({rules: [{id: 'color-contrast', selector: '[data-paint]'}]});
    return seen;
}"""
"""Shows axe two of all that is painted the same way on the same ground: the lines of a file, the
cells of a table, the head of every page. Their colours need no third look; with it they take ten
times as long. What is around a link counts with it, as axe compares the two."""
_ASK = """async options => {
    const {violations, incomplete} = await axe.run(options);
    const paints = incomplete.flatMap(it => it.nodes).map(it => it.element?.dataset?.paint);
    const seen = violations.map(it => [it.id, it.nodes.map(one => one.html)]);
    return [seen, paints.filter(it => it)];
}"""
"""What is violated and where, and the paints of which axe could not tell."""


def prepare(context: BrowserContext) -> None:
    """Have axe in each page that is opened from now on, which is quicker than in one at a time."""
    context.add_init_script(AXE_SCRIPT)


def violations(page: Page, rules: str = "all", paints: Paints | None = None) -> Violations:
    """What axe finds of `rules`: "all", "colours", "all but colours".

    `paints` are those that other pages have shown it; here it looks at the others, which are
    put to them.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    new: Paints = {}
    if rules != "all but colours":
        new = page.evaluate(_EACH_PAINT, paints or {})
        if not new and rules == "colours":
            return []
        rules = rules if new else "all but colours"
    told = {"resultTypes": ["violations", "incomplete"], "elementRef": True}
    found, untold = page.evaluate(_ASK, {**_RULES[rules], **_NO_STYLESHEETS, **told})
    if paints is not None:
        for paint, times in new.items():
            before = paints.get(paint, 0)
            paints[paint] = before + (times - before) * (0.25 if paint in untold else 1)
    return [(rule, [html[:160] for html in places[:3]]) for rule, places in found]
