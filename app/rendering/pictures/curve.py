"""Owns the picture of an elementwise function: its true derivative and the student's."""

from __future__ import annotations

from markupsafe import Markup

from app.rendering.pictures.drawing import plot, svg
from app.rendering.pictures.drawing.numbers import digits, finite, write
from app.rendering.pictures.drawing.tensors import Json

_OUT_OF_VIEW = 4.0


def curve(data: Json | None) -> Markup:
    """A plot of `{"input", "what", "x", "expected", "got"}`, with a gap where a value is null."""
    points = _points(data or {})
    if len({x for x, _, _ in points}) < 2 or all(want is None for _, want, _ in points):
        return Markup("")
    data = data or {}
    name, what = str(data.get("input") or "x"), str(data.get("what") or "derivative")
    true = plot.Curve("true", "fb-true", [(x, want) for x, want, _ in points])
    yours = plot.Curve("yours", "fb-yours", [(x, have) for x, _, have in points])
    lines = [true, yours] if any(y is not None for _, y in yours.points) else [true]
    spans = plot.range_of(x for x, _, _ in points), _height(points)
    said = _said(points, what, name)
    drawn = plot.draw(f"The {what} over {name}", said, (name, what), spans, lines)
    more = " Your line leaves the picture." if _leaves(points, spans[1]) else ""
    return svg.figure(svg.marked(said + more), drawn)


Triple = tuple[float, float | None, float | None]


def _points(data: Json) -> list[Triple]:
    columns = (data.get(key) for key in ("x", "expected", "got"))
    x, expected, got = (column if isinstance(column, list) else [] for column in columns)
    got = [*got, *[None] * max(0, len(x) - len(got))]
    rows = zip(x, expected, got, strict=False)
    read = [(finite(a), finite(b), finite(c)) for a, b, c in rows]
    return sorted(((a, b, c) for a, b, c in read if a is not None), key=lambda row: row[0])


def _height(points: list[Triple]) -> plot.Range:
    """What fits both lines, but not so much that the true one would look flat."""
    low, high = plot.range_of(want for _, want, _ in points if want is not None)
    room = _OUT_OF_VIEW * (high / 2 - low / 2)
    seen = [have for _, _, have in points if have is not None]
    low, high = min([low, *seen]), max([high, *seen])
    true = plot.range_of(want for _, want, _ in points if want is not None)
    return plot.range_of([max(low, true[0] - room), min(high, true[1] + room)], 0.06)


def _leaves(points: list[Triple], up: plot.Range) -> bool:
    return any(have is not None and not up[0] <= have <= up[1] for _, _, have in points)


def _said(points: list[Triple], what: str, name: str) -> str:
    """The finding, where the two lines are furthest apart."""
    both = [(x, a, b) for x, a, b in points if a is not None and b is not None]
    if not both:
        return f"Of your {what} there is nothing to draw: no finite number came."
    x, want, have = max(both, key=lambda row: abs(row[2] / 2 - row[1] / 2))
    enough = digits([(want, have)])
    if abs(have / 2 - want / 2) <= 1e-6 + 1e-4 * abs(want):
        return f"Your {what} lies on the true one over the whole range of `{name}`."
    return (
        f"At `{name} = {write(x)}` the {what} is {write(want, enough)}; "
        f"yours is {write(have, enough)}."
    )
