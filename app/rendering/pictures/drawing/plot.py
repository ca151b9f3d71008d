"""Owns the plane that curves are drawn in: its range, axes, lines and their direct labels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.rendering.pictures.drawing import svg
from app.rendering.pictures.drawing.numbers import write

Point = tuple[float, float | None]
Place = tuple[float, float]
Range = tuple[float, float]
SIZE = (344, 236)
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 26, 66, 40
_TEXT, _TICKS, _APART = 12.0, 5, 15.0


@dataclass(frozen=True)
class Curve:
    """A line with its name, as points in order of x; None leaves a gap."""

    name: str
    class_: str
    points: Sequence[Point]


def range_of(values: Iterable[float], pad: float = 0.0) -> Range:
    """From the least to the greatest, with room around; never empty, whatever the values."""
    seen = list(values) or [0.0]
    low, high = min(seen), max(seen)
    size = max(abs(low), abs(high))
    if high - low <= 1e-9 * size or high - low < 1e-290:
        room = size / 2 if size > 1e-290 else 1.0
        return low - room, high + room
    return low - pad * (high - low), high + pad * (high - low)


def ticks(span: Range) -> list[float]:
    """A few round numbers within a range."""
    rough = (span[1] - span[0]) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * n for n in (1, 2, 2.5, 5) if power * n >= rough), power * 10)
    first, last = math.ceil(span[0] / step), math.floor(span[1] / step)
    return [n * step for n in range(first, last + 1)]


def draw(
    title: str,
    description: str,
    axes: tuple[str, str],
    spans: tuple[Range, Range],
    curves: Sequence[Curve],
    dots: Sequence[tuple[float, float]] = (),
) -> Markup:
    """The whole plot; `axes` are the names of x and y, `spans` what of each is in view."""
    plane = _Plane(*spans)
    lines = [
        svg.element("path", d=path, class_=f"fb-line {curve.class_}")
        for curve in curves
        if (path := _path(curve.points, plane))
    ]
    marks = [
        svg.element("circle", cx=plane.x(x), cy=plane.y(y), r=4, class_="fb-dot") for x, y in dots
    ]
    parts = [*_axes(plane, axes), *lines, *marks, *_labels(curves, plane)]
    return svg.picture(title, description, SIZE, parts, "fb-fluid")


@dataclass(frozen=True)
class _Plane:
    across: Range
    up: Range

    def x(self, value: float) -> float:
        low, high = self.across
        return _LEFT + (value - low) / (high - low) * (SIZE[0] - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.up
        return SIZE[1] - _BOTTOM - (value - low) / (high - low) * (SIZE[1] - _TOP - _BOTTOM)


def _axes(plane: _Plane, names: tuple[str, str]) -> list[Markup]:
    left, right = float(_LEFT), float(SIZE[0] - _RIGHT)
    top, bottom = float(_TOP), float(SIZE[1] - _BOTTOM)
    parts = [svg.line(left, bottom, right, bottom, "fb-axis")]
    if plane.up[0] < 0 < plane.up[1]:
        parts.append(svg.line(left, plane.y(0.0), right, plane.y(0.0), "fb-zero"))
    parts.append(svg.line(left, top, left, bottom, "fb-axis"))
    for value in ticks(plane.across):
        x = plane.x(value)
        parts.append(svg.line(x, bottom, x, bottom + 4, "fb-axis"))
        parts.append(svg.label(_tick(value), x, bottom + 17, _TEXT - 1, "fb-quiet"))
    for value in ticks(plane.up):
        y = plane.y(value)
        parts.append(svg.line(left - 4, y, left, y, "fb-axis"))
        text = svg.fit(_tick(value), _TEXT - 1, _LEFT - 8)
        parts.append(svg.label(text, left - 7, y + 4, _TEXT - 1, "fb-quiet", "end"))
    across = svg.fit(svg.plain(names[0]), _TEXT, right - 4)
    up = svg.fit(svg.plain(names[1]), _TEXT, SIZE[0] - 4)
    parts.append(svg.label(across, right, bottom + 34, _TEXT, "fb-name", "end"))
    parts.append(svg.label(up, 2, 14, _TEXT, "fb-name", "start"))
    return parts


def _tick(value: float) -> str:
    return write(value, 3)


def _path(points: Sequence[Point], plane: _Plane) -> str:
    """The line as far as it is in view. It ends where it leaves, and at gaps."""
    path, pen = "", None
    for one, two in itertools.pairwise(points):
        piece = _piece(one, two, plane.up)
        if piece is None:
            pen = None
            continue
        (x1, y1), (x2, y2) = piece
        if pen != (x1, y1):
            path += f"M{plane.x(x1):.1f} {plane.y(y1):.1f}"
        path += f"L{plane.x(x2):.1f} {plane.y(y2):.1f}"
        pen = (x2, y2)
    return path


def _piece(one: Point, two: Point, up: Range) -> tuple[Place, Place] | None:
    """The part between two points whose height is within a range."""
    (x1, y1), (x2, y2) = one, two
    if y1 is None or y2 is None or max(y1, y2) < up[0] or min(y1, y2) > up[1]:
        return None
    return _held((x1, y1), (x2, y2), up), _held((x2, y2), (x1, y1), up)


def _held(point: Place, other: Place, up: Range) -> Place:
    """The point, or where the way to the other one enters the range."""
    height = min(max(point[1], up[0]), up[1])
    if height == point[1]:
        return point
    part = (height / 4 - point[1] / 4) / (other[1] / 4 - point[1] / 4)
    return point[0] + part * (other[0] - point[0]), height


@dataclass
class _Label:
    """A line's name: its left end and its baseline."""

    text: str
    class_: str
    x: float
    y: float

    @property
    def wide(self) -> float:
        return svg.width(self.text, _TEXT)

    def is_beside(self, other: _Label) -> bool:
        """Whether they would touch if they stood at one height."""
        return self.x < other.x + other.wide + 4 and other.x < self.x + self.wide + 4


def _labels(curves: Sequence[Curve], plane: _Plane) -> list[Markup]:
    """Each line's name where it ends, moved apart where two would touch."""
    labels = [
        _Label(svg.fit(curve.name, _TEXT, _RIGHT - 10), curve.class_, *end)
        for curve in curves
        if (end := _end(curve.points, plane))
    ]
    labels.sort(key=lambda label: label.y)
    for label in labels:
        label.x = min(label.x + 7, SIZE[0] - label.wide - 2)
        label.y = max(label.y + 4, _TOP + 8.0)
    for i, label in enumerate(labels):
        above = [one.y + _APART for one in labels[:i] if one.is_beside(label)]
        label.y = max([label.y, *above])
    for i, label in reversed(list(enumerate(labels))):
        below = [one.y - _APART for one in labels[i + 1 :] if one.is_beside(label)]
        label.y = min([label.y, SIZE[1] - _BOTTOM - 4.0, *below])
    return [
        svg.label(one.text, one.x, one.y, _TEXT, f"fb-label {one.class_}-text", "start")
        for one in labels
    ]


def _end(points: Sequence[Point], plane: _Plane) -> Place | None:
    """Where a line is last in view."""
    pieces = [_piece(one, two, plane.up) for one, two in itertools.pairwise(points)]
    last = next((piece[1] for piece in reversed(pieces) if piece), None)
    return (plane.x(last[0]), plane.y(last[1])) if last else None
