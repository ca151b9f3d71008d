"""Owns the small picture of how many of all: a bar that is filled in part."""

from __future__ import annotations

from markupsafe import Markup

from app.rendering.pictures.drawing import svg

_WIDE, _HIGH = 120.0, 12.0


def share(number: int, of: int, said: str, class_: str = "") -> Markup:
    """A bar of which `number` of `of` is filled; `said` tells the same in words."""
    part = _WIDE * min(max(number / of, 0.0), 1.0) if of else 0.0
    parts = [
        svg.element("rect", x=0, y=0, width=_WIDE, height=_HIGH, rx=2, class_="share-all"),
        svg.element("rect", x=0, y=0, width=part, height=_HIGH, rx=2, class_="share-part"),
    ]
    return svg.picture(said, f"{number} of {of}", (_WIDE, _HIGH), parts, f"share {class_}".strip())
