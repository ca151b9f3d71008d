"""Owns the finite-difference picture: the loss along one entry, and two slopes as tangents."""

from __future__ import annotations

from markupsafe import Markup

from app.rendering.pictures.drawing import plot, svg
from app.rendering.pictures.drawing.numbers import digits, finite, write
from app.rendering.pictures.drawing.tensors import Json

_REACH, _TALLEST = 0.75, 1e300


def difference(data: Json | None) -> Markup:
    """A plot of `{"input", "index", "x", "y", "slope_expected", "slope_got"}`.

    The entry's own value is in the middle of `x`; there the tangents touch.
    """
    data = data or {}
    points = _points(data)
    true, yours = finite(data.get("slope_expected")), finite(data.get("slope_got"))
    if len({x for x, _ in points}) < 2 or true is None:
        return Markup("")
    middle, across = points[len(points) // 2], plot.range_of(x for x, _ in points)
    reach = _REACH * min(middle[0] - across[0], across[1] - middle[0])
    tangent = _tangent("true", middle, true, reach, _TALLEST)
    heights = [y for _, y in [*points, *tangent.points] if y is not None]
    lines = [plot.Curve("loss", "fb-loss", points), tangent]
    if yours is not None:
        low, high = plot.range_of(heights)
        lines.append(_tangent("yours", middle, yours, reach, 0.75 * (high - low)))
        heights += [y for _, y in lines[-1].points if y is not None]
    entry, up = _entry(data), plot.range_of(heights, 0.1)
    said = _said(entry, true, data.get("slope_got"))
    names = entry, "loss z"
    drawn = plot.draw(f"The loss along {entry}", said, names, (across, up), lines, [middle])
    return svg.figure(svg.marked(said), drawn)


def _points(data: Json) -> list[tuple[float, float]]:
    columns = (data.get(key) for key in ("x", "y"))
    x, y = (column if isinstance(column, list) else [] for column in columns)
    read = [(finite(a), finite(b)) for a, b in zip(x, y, strict=False)]
    return sorted((a, b) for a, b in read if a is not None and b is not None)


def _tangent(name: str, at: plot.Place, slope: float, reach: float, rise: float) -> plot.Curve:
    """The line with a slope through a point: at most so far to each side, and so far up."""
    (x, y), far = at, reach
    if abs(slope) * far > rise:
        far = rise / abs(slope)
    ends = [(x - far, y - slope * far), (x + far, y + slope * far)]
    return plot.Curve(name, f"fb-{name}", ends)


def _entry(data: Json) -> str:
    index = data.get("index")
    inside = ", ".join(str(i) for i in index) if isinstance(index, list) else ""
    name = str(data.get("input") or "x")
    return svg.clean(f"{name}[{inside}]" if inside else name)


def _said(entry: str, true: float, got: object) -> str:
    enough = digits([(true, got)])
    said = f"As `{entry}` moves and all else stays, the loss has the slope {write(true, enough)}"
    if got is None:
        return f"{said}. From you no gradient came."
    return f"{said}; your gradient says {write(got, enough)}."
