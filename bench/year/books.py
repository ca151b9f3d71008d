"""Owns the gradebook as each of its readers has it: by API, CSV, page, and from the attempts."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from typing import Any

from bench.year.course import Taught
from bench.year.lms import Lms

Line = tuple[tuple[float | None, ...], float]
Book = dict[str, Line]
"""By the registrar's number: a score or None for each assignment in order, and the total."""
_LATEST = 3
"""The assignment in which the latest attempt counts."""


def of_api(lms: Lms, taught: Taught) -> Book:
    """As JSON, page by page."""
    path = f"/courses/{taught.id}/gradebook?per_page=100"
    book: Book = {}
    while path:
        answer = lms.call("GET", path)
        for row in answer.json()["students"]:
            by_id = {one["assignment_id"]: _score_of(one) for one in row["scores"]}
            scores = tuple(by_id.get(one) for one in taught.assignments)
            book[row["student"]["external_id"]] = scores, row["total"]
        path = answer.links.get("next", {}).get("url", "")
    return book


def of_csv(lms: Lms, taught: Taught) -> Book:
    """As a spreadsheet reads it."""
    text = lms.call("GET", f"/courses/{taught.id}/gradebook?format=csv").text
    head, _, *rows = csv.reader(StringIO(text.removeprefix("\ufeff")))
    columns = [
        head.index(next(t for t in head if t.endswith(f"({one})"))) for one in taught.assignments
    ]
    return {
        row[2]: (tuple(_number(row[one]) for one in columns), float(row[head.index("Total")]))
        for row in rows
    }


def of_page(pages: Lms, taught: Taught) -> Book:
    """As staff see it, all on one page."""
    table = _Table()
    table.feed(pages.call("GET", f"/courses/{taught.id}/gradebook?rows=all").text)
    order = [int(address.rpartition("/")[2]) for address in table.columns]
    numbers = {str(user): number for number, user in taught.ids.items()}
    book: Book = {}
    for cells in table.rows:
        number = numbers[cells[-1][0].rpartition("/")[2]]
        by_id = dict(zip(order, (_number(text) for _, text in cells[:-1]), strict=True))
        book[number] = tuple(by_id[one] for one in taught.assignments), float(cells[-1][1])
    return book


def of_attempts(lms: Lms, taught: Taught) -> Book:
    """As the LMS works it out by itself, from every attempt and from what was set by hand."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for assignment in taught.assignments:
        for one in lms.all(f"/assignments/{assignment}/submissions"):
            found[assignment, one["student"]["external_id"]].append(one)
    book: Book = {}
    for pupil in taught.pupils:
        scores = tuple(
            taught.by_hand[where] if where in taught.by_hand else _counting(where, found, taught)
            for where in ((one, pupil.number) for one in taught.assignments)
        )
        exact = sum(Decimal(str(score)) for score in scores if score is not None)
        book[pupil.number] = scores, float(exact)
    return book


def _counting(
    where: tuple[int, str], found: dict[tuple[int, str], list[dict[str, Any]]], taught: Taught
) -> float | None:
    attempts = sorted(found[where], key=lambda one: one["attempt"])
    if not attempts:
        return None
    if where[0] == taught.assignments[_LATEST]:
        return float(attempts[-1]["counted"])
    return max(float(one["counted"]) for one in attempts)


def _score_of(grade: dict[str, Any]) -> float | None:
    return None if grade["excused"] else grade["score"]


def _number(text: str) -> float | None:
    found = re.search(r"-?\d+(\.\d+)?", text)
    return float(found[0]) if found else None


class _Table(HTMLParser):
    """Cells of the table of grades: the address that each leads to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[str] = []
        self.rows: list[list[tuple[str, str]]] = []
        self._part = ""
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "a" and self._part == "thead" and given.get("class") == "column-open":
            self.columns.append(given["href"])
        elif tag == "tr" and self._part == "tbody":
            self.rows.append([])
        elif tag == "a" and self._part == "tbody":
            self.rows[-1].append((given["href"].partition("?")[0], ""))
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "a"
        self._part = "" if tag == "table" else self._part

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            address, text = self.rows[-1][-1]
            self.rows[-1][-1] = address, text + data
