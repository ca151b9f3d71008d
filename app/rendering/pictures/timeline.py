"""Owns the picture of somebody's attempts: the score of each, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.rendering.pictures.drawing import svg

_WIDE, _HIGH = 640.0, 132.0
_LEFT, _RIGHT, _TOP, _FOOT = 40.0, 16.0, 14.0, 24.0


@dataclass(frozen=True)
class Mark:
    """One attempt: when it came, its share of the points from 0 to 1, and whether it counts."""

    at: datetime
    share: float | None
    counts: bool = False


def timeline(marks: Sequence[Mark], due: datetime | None, title: str, said: str) -> Markup:
    """A dot for each attempt, the due date as a line; nothing for fewer than two attempts.

    What has no score yet is a ring at the foot. `said` tells the same in words.
    """
    if len(marks) < 2:
        return Markup("")
    times = [mark.at.timestamp() for mark in marks]
    first, last = min(times), max(times)
    if due is not None and _is_near(due.timestamp(), first, last):
        first, last = min(first, due.timestamp()), max(last, due.timestamp())
    else:
        due = None

    def across(moment: float) -> float:
        room = _WIDE - _LEFT - _RIGHT
        return _LEFT + room * ((moment - first) / (last - first) if last > first else 0.5)

    parts = [*_scale()]
    if due is not None:
        parts += _due(across(due.timestamp()))
    ordered = sorted(zip(times, marks, strict=True), key=lambda pair: (pair[1].counts, pair[0]))
    parts += [_dot(across(time), mark) for time, mark in ordered]
    return svg.picture(title, said, (_WIDE, _HIGH), parts, "timeline")


def _is_near(due: float, first: float, last: float) -> bool:
    """Whether the attempts would not all fall together were the due date in the picture."""
    span = max(last - first, 1.0)
    return first - 3 * span <= due <= last + 3 * span


def _down(share: float) -> float:
    return _TOP + (_HIGH - _TOP - _FOOT) * (1 - min(max(share, 0.0), 1.0))


def _scale() -> list[Markup]:
    rows = []
    for share, word in ((0.0, "0"), (0.5, "half"), (1.0, "all")):
        y = _down(share)
        rows.append(svg.line(_LEFT, y, _WIDE - _RIGHT, y, "fb-grid"))
        rows.append(svg.label(word, _LEFT - 6, y + 4, 11, "fb-quiet", "end"))
    return rows


def _due(x: float) -> list[Markup]:
    place = ("end", x - 4) if x > _WIDE / 2 else ("start", x + 4)
    return [
        svg.line(x, _TOP - 8, x, _HIGH - _FOOT, "fb-axis"),
        svg.label("due", place[1], _HIGH - 8, 11, "fb-quiet", place[0]),
    ]


def _dot(x: float, mark: Mark) -> Markup:
    if mark.share is None:
        return svg.element("circle", cx=x, cy=_down(0.0), r=4, class_="timeline-waits")
    kind = "timeline-counts" if mark.counts else "timeline-attempt"
    return svg.element(
        "circle", cx=x, cy=_down(mark.share), r=6.5 if mark.counts else 4.5, class_=kind
    )
