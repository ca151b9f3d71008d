"""Owns pictures of a class: bars along a scale, or below each other with their names."""

from __future__ import annotations

from markupsafe import Markup

from app.analytics.charts import Bar, Chart, Shape
from app.rendering.pictures.drawing import plot, svg

_WIDE, _HIGH = 344, 190
_LEFT, _TOP, _BOTTOM = 34, 22, 38
_TEXT = 11.0
_ROW, _NAMES, _NUMBERS = 34, 20, 66
_WIDEST = 40.0
_MOST_ROWS = 8
_LABELS = 8
"""Labels that fit below bars side by side."""


def bars(chart: Chart) -> Markup:
    """The picture of a chart; nothing where there is nothing to draw."""
    if chart.is_empty:
        return Markup("")
    return _along(chart) if chart.shape is Shape.ALONG else _below(chart)


def _along(chart: Chart) -> Markup:
    """Bars beside each other, on a scale of what they count."""
    most = max(bar.number for bar in chart.bars)
    bottom = float(_HIGH - _BOTTOM)
    room = (_WIDE - _LEFT - 4) / len(chart.bars)
    unit = (bottom - _TOP) / max(most, 1)
    parts = _scale(most, unit, bottom)
    parts.append(svg.label(chart.counted, 2, 12, _TEXT, "fb-name", "start"))
    every = -(-len(chart.bars) // _LABELS)
    for place, bar in enumerate(chart.bars):
        x, high = _LEFT + place * room, bar.number * unit
        wide = min(0.85 * room, _WIDEST)
        left = x + (room - wide) / 2
        parts.append(
            svg.element("rect", x=left, y=bottom - high, width=wide, height=high, class_="ch-bar")
        )
        if place % every == 0:
            text = svg.fit(bar.label, _TEXT - 1, room * every - 3)
            parts.append(svg.label(text, x + room / 2, bottom + 14, _TEXT - 1, "fb-quiet"))
    if chart.mark is not None:
        parts += _mark(_LEFT + chart.mark * room, chart.marked, bottom)
    parts.append(svg.label(chart.axis, _WIDE - 4, bottom + 30, _TEXT, "fb-name", "end"))
    return svg.picture(chart.finding, _said(chart), (_WIDE, _HIGH), parts, "fb-fluid ch-svg")


def _scale(most: int, unit: float, bottom: float) -> list[Markup]:
    parts = [svg.line(_LEFT, bottom, _WIDE - 4, bottom, "fb-axis")]
    for value in plot.ticks((0.0, float(max(most, 1)))):
        if value == int(value):
            y = bottom - value * unit
            parts.append(svg.line(_LEFT - 4, y, _LEFT, y, "fb-axis"))
            text = svg.fit(f"{int(value)}", _TEXT - 1, _LEFT - 8)
            parts.append(svg.label(text, _LEFT - 7, y + 4, _TEXT - 1, "fb-quiet", "end"))
    return parts


def _mark(x: float, text: str, bottom: float) -> list[Markup]:
    """A line across, and what happened there beside it, on the side where there is room."""
    is_right = x > _WIDE / 2
    anchor, at = ("end", x - 4) if is_right else ("start", x + 4)
    return [
        svg.line(x, _TOP - 8, x, bottom, "ch-mark"),
        svg.label(svg.fit(text, _TEXT, _WIDE / 2), at, _TOP - 2, _TEXT, "ch-marked", anchor),
    ]


def _below(chart: Chart) -> Markup:
    """Bars below each other, each under its name, as the part of the whole that it is.

    What is whole needs no picture, and of many parts the first tell: the table has them all.
    """
    drawn = [bar for bar in chart.bars if bar.of is None or bar.number < bar.of][:_MOST_ROWS]
    if not drawn:
        return Markup("")
    most = max((bar.of or bar.number) for bar in drawn) or 1
    room = float(_WIDE - _NUMBERS)
    parts: list[Markup] = []
    for place, bar in enumerate(drawn):
        top = place * _ROW
        whole = room if bar.of else room * bar.number / most
        part = room * bar.number / (bar.of or most)
        name = svg.fit(svg.plain(bar.label), _TEXT, _WIDE)
        parts += [
            svg.label(name, 0, top + 13, _TEXT, "fb-ink", "start"),
            _bar(top + _NAMES, whole, "ch-whole"),
            _bar(top + _NAMES, part, "ch-bar"),
            svg.label(_number(bar), _WIDE, top + _NAMES + 8, _TEXT, "fb-ink", "end"),
        ]
    high = len(drawn) * _ROW
    return svg.picture(chart.finding, _said(chart), (_WIDE, high), parts, "fb-fluid ch-svg")


def _bar(y: float, wide: float, class_: str) -> Markup:
    return svg.element("rect", x=0, y=y, width=wide, height=9, class_=class_)


def _number(bar: Bar) -> str:
    return f"{bar.number}" if bar.of is None else f"{bar.number} of {bar.of}"


def _said(chart: Chart) -> str:
    """All numbers, for who does not see the picture; the table below has them too."""
    return "; ".join(f"{bar.label}: {_number(bar)}" for bar in chart.bars)
