"""Owns what staff should know of a course or an assignment now, each with whom it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.gradebook import view
from app.gradebook.book import Gradebook
from app.gradebook.totals import Column
from app.gradebook.view import Mark, View


class Kind(StrEnum):
    """What is found; `HANDED_IN` leads to those who have not."""

    HANDED_IN = "handed in"
    MISSING = "missing"
    UNGRADED = "not graded"
    STUCK = "stuck"
    ABSENT = "never handed in"
    RECENT = "new"
    FAILING = "under half"
    LATE = "late"
    CHANGED = "changed by hand"


_MARKS = {
    Kind.HANDED_IN: Mark.NONE,
    Kind.MISSING: Mark.MISSING,
    Kind.UNGRADED: Mark.UNGRADED,
    Kind.STUCK: Mark.STUCK,
    Kind.ABSENT: Mark.ABSENT,
    Kind.RECENT: Mark.RECENT,
    Kind.FAILING: Mark.FAILING,
    Kind.LATE: Mark.LATE,
    Kind.CHANGED: Mark.CHANGED,
}


@dataclass(frozen=True)
class Finding:
    """How many of all students something holds of, and how to look at just them."""

    kind: Kind
    number: int
    of: int
    look: View
    column: Column | None = None

    @property
    def rest(self) -> int:
        """Of how many it does not hold."""
        return self.of - self.number


def of_course(book: Gradebook) -> list[Finding]:
    """What holds of somebody: what is due next or was last, and what needs somebody to act."""
    if not book.rows or not any(one.is_counted for one in book.columns):
        return []
    return [one for one in _of_course(book) if one.number or one.kind is Kind.HANDED_IN]


def _of_course(book: Gradebook) -> Iterator[Finding]:
    counted = [one for one in book.columns if one.is_counted and one.assignment.due_at]
    to_come = [one for one in counted if not one.is_over]
    if to_come:
        yield _handed_in(book, to_come[0])
    if over := [one for one in counted if one.is_over]:
        yield _finding(book, Kind.MISSING, over[-1])
    for kind in (Kind.UNGRADED, Kind.STUCK, Kind.ABSENT, Kind.RECENT):
        yield _finding(book, kind)


def of_assignment(book: Gradebook, assignment_id: int) -> list[Finding]:
    """What holds of somebody in one assignment that students can see."""
    column = next(one for one in book.columns if one.id == assignment_id)
    if not book.rows or not column.is_counted:
        return []
    kinds = (Kind.MISSING, Kind.UNGRADED, Kind.STUCK, Kind.FAILING, Kind.LATE, Kind.RECENT)
    found = [_finding(book, kind, column) for kind in (*kinds, Kind.CHANGED)]
    return [_handed_in(book, column), *(one for one in found if one.number)]


def standings(book: Gradebook) -> dict[int, Finding]:
    """How many have handed in, by assignment id."""
    return {one.id: _handed_in(book, one) for one in book.columns if one.is_counted and book.rows}


def _handed_in(book: Gradebook, column: Column) -> Finding:
    """How many have handed in; it leads to the others. Whoever is excused is neither."""
    grades = [row.grade(column) for row in book.rows]
    number = sum(one.attempts > 0 for one in grades if not one.excused)
    everybody = sum(not one.excused for one in grades)
    look = View(marks=frozenset({Mark.NONE}), assignment_id=column.id)
    return Finding(Kind.HANDED_IN, number, everybody, look, column)


def _finding(book: Gradebook, kind: Kind, column: Column | None = None) -> Finding:
    """Of how many it holds: of just those that the gradebook then shows."""
    look = View(marks=frozenset({_MARKS[kind]}), assignment_id=column.id if column else None)
    return Finding(kind, len(view.rows(book, look)), len(book.rows), look, column)
