"""Reads pictures as a browser does, and says what is wrong with them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from app.rendering.pictures.drawing import svg

_PLACES = ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height", "rx", "r")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def parsed(markup: str) -> ElementTree.Element:
    """The markup as XML; fails where it is none."""
    return ElementTree.fromstring(f"<div>{markup}</div>")


def pictures(markup: str) -> list[ElementTree.Element]:
    """All SVG images in it."""
    return list(parsed(markup).iter("svg"))


def texts(markup: str) -> list[str]:
    """All that is written in its pictures, in the order of drawing."""
    return [
        "".join(text.itertext()) for picture in pictures(markup) for text in picture.iter("text")
    ]


def words(markup: str) -> str:
    """All that is written in and around its pictures, without their text alternatives."""
    root = parsed(markup)
    for picture in list(root.iter("svg")):
        for part in [*picture.iter()]:
            if part.tag in ("title", "desc"):
                part.text = ""
    return " ".join(" ".join(root.itertext()).split())


def failures(markup: str) -> list[str]:
    """What a picture must not be: without an alternative, out of its frame, or not of numbers."""
    return [failure for picture in pictures(markup) for failure in _faults(picture)]


def _faults(picture: ElementTree.Element) -> Iterator[str]:
    wide, high = (float(picture.attrib[side]) for side in ("width", "height"))
    if picture.get("viewBox") != f"0 0 {wide:g} {high:g}":
        yield f"its frame is {picture.get('viewBox')}"
    if picture.get("role") != "img":
        yield "it is no image"
    for text_in in ("title", "desc"):
        if not (picture.findtext(text_in) or "").strip():
            yield f"it has no {text_in}"
    if "style" in {name for part in picture.iter() for name in part.attrib}:
        yield "it has a style, which the page's policy forbids"
    for part in picture.iter():
        for name in _PLACES:
            if name in part.attrib and not math.isfinite(float(part.attrib[name])):
                yield f"{part.tag} has {name}={part.attrib[name]}"
        yield from _far_off(part.get("d", ""), wide, high)
    for text in picture.iter("text"):
        yield from _overflow(text, wide, high)


def _far_off(path: str, wide: float, high: float) -> Iterator[str]:
    if re.search("nan|inf", path):
        yield f"a line goes nowhere: {path}"
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
        if not (-1 <= float(x) <= wide + 1 and -1 <= float(y) <= high + 1):
            yield f"a line leaves the picture at {x}, {y}"


def _overflow(text: ElementTree.Element, wide: float, high: float) -> Iterator[str]:
    said, size = "".join(text.itertext()), float(text.attrib["font-size"])
    long = svg.width(said, size)
    left = float(text.attrib["x"]) - _ANCHORS[text.get("text-anchor", "start")] * long
    if left < -0.5 or left + long > wide + 0.5:
        yield f"{said!r} is cut off, from {left} to {left + long} of {wide}"
    if not size * 0.7 <= float(text.attrib["y"]) <= high:
        yield f"{said!r} is cut off at the height {text.attrib['y']} of {high}"
