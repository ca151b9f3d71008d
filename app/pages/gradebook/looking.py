"""Owns what the address of a gradebook's page says: what is looked for, in which order."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.gradebook.table.view import Mark, View

MARKS = {
    Mark.NONE: "not handed in",
    Mark.MISSING: "missing",
    Mark.LATE: "late",
    Mark.FAILING: "under half the points",
    Mark.UNGRADED: "not graded",
    Mark.CHANGED: "changed by hand",
    Mark.EXCUSED: "excused",
    Mark.STUCK: "stuck",
    Mark.RECENT: "new since yesterday",
    Mark.ABSENT: "of somebody who never handed in",
}
"""How what can be looked for is told."""
_LARGEST = 2**31


def _view(
    q: str = "",
    mark: Annotated[list[str] | None, Query()] = None,
    below: str = "",
    assignment: str = "",
    section: str = "",
    sort: str = "name",
) -> View:
    """What is asked for; what means nothing narrows nothing."""
    marks = frozenset(Mark(word) for word in mark or () if word in set(Mark))
    return View(q, marks, _percentage(below), _number(assignment), _number(section), sort[:20])


Looked = Annotated[View, Depends(_view)]


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        return None
    return int(text) if int(text) < _LARGEST else None


def _percentage(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", ".") or "nan")
    except ValueError:
        return None
    return number if 0 < number <= 100 else None


def query(view: View, **more: str) -> str:
    """The same as an address says it, without what is usual; `more` wins."""
    said: dict[str, str | list[str]] = {
        "q": view.text.strip(),
        "mark": sorted(view.marks),
        "below": "" if view.below is None else f"{view.below:g}",
        "assignment": "" if view.assignment_id is None else str(view.assignment_id),
        "section": "" if view.section_id is None else str(view.section_id),
        "sort": "" if view.sort == "name" else view.sort,
    }
    return urlencode({name: one for name, one in (said | more).items() if one}, doseq=True)
