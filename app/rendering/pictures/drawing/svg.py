"""Owns how pictures become SVG: elements, safe text, and text that fits where it stands.

Styles in a page are forbidden by its content security policy, so looks come from classes and
geometry from presentation attributes. Text is measured as monospace, with which it is shown.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

Attribute = str | float | int | None
_EM = 0.61
_WIDE_EM = 1.3
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KNOWN = frozenset("−∞→←≈…✗\u00a0")


def clean(text: object) -> str:
    """Text without what neither XML nor a reader can take: controls, halves of pairs, reversals."""
    if isinstance(text, str) and text.isascii() and text.isprintable():
        return text
    return "".join(
        "�" if unicodedata.category(c) in _UNSEEN and c not in "\n\t" else c for c in str(text)
    )


def marked(text: object) -> Markup:
    """A sentence with its `names` as code, everything escaped."""
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(p) if i % 2 else escape(p) for i, p in enumerate(parts))


def plain(text: object) -> str:
    """A sentence without the marks around its names, for titles and descriptions."""
    return clean(text).replace("`", "")


def element(name: str, *children: str | Markup, **attributes: Attribute) -> Markup:
    """An element. Trailing underscores go, others become hyphens; None leaves the attribute out."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{pairs}>{inside}</{name}>")  # noqa: S704 (escaped; names are ours)


def _value(value: Attribute) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a picture has no place for a number that is not finite")
        return f"{round(value, 2):.8g}"
    return clean(value) if isinstance(value, str) else str(value)


def width(text: str, size: float) -> float:
    """How wide text is at most, in px, in a monospace font of `size` px."""
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return _EM if letter.isascii() or letter in _KNOWN else _WIDE_EM


def fit(text: object, size: float, room: float) -> str:
    """Text cut at its end, with a mark that it is, so that it is no wider than `room` px."""
    whole = clean(text)
    if width(whole, size) <= room:
        return whole
    while whole and width(whole + "…", size) > room:
        whole = whole[:-1]
    return whole + "…"


def label(
    text: str, x: float, y: float, size: float, class_: str = "fb-ink", anchor: str = "middle"
) -> Markup:
    """Text whose baseline is at (x, y). Letters of unknown width are held to the measured one."""
    known = all(letter.isascii() or letter in _KNOWN for letter in text)
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=size,
        text_anchor=anchor,
        class_=class_,
        textLength=None if known else width(text, size),
        lengthAdjust=None if known else "spacingAndGlyphs",
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def picture(
    title: str,
    description: str,
    size: tuple[float, float],
    parts: Iterable[Markup],
    class_: str = "fb-fixed",
) -> Markup:
    """A whole SVG of `size` (width, height) px, with its text alternative."""
    wide, high = math.ceil(size[0]), math.ceil(size[1])
    return element(
        "svg",
        element("title", plain(title)),
        element("desc", plain(description)),
        *parts,
        class_=f"fb-svg {class_}",
        role="img",
        viewBox=f"0 0 {wide} {high}",
        width=wide,
        height=high,
        focusable="false",
    )


def frame(content: Markup, wide: float, name: str) -> Markup:
    """What scrolls sideways by itself where it is wider than its place; reachable by keyboard."""
    if wide <= 300:
        return element("div", content, class_="fb-frame")
    return element(
        "div", content, class_="fb-frame", tabindex=0, role="group", aria_label=plain(name)
    )


def figure(caption: Markup, *content: Markup) -> Markup:
    """Pictures with a sentence below that says what is to be seen."""
    return element("figure", *content, element("figcaption", caption), class_="fb-figure")
