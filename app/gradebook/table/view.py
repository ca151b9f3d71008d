"""Owns what is looked at of a gradebook: which students, in which order, a page of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.gradebook import totals
from app.gradebook.book import Gradebook, Row
from app.gradebook.grades import Grade
from app.gradebook.totals import Column, State

MANY_ATTEMPTS, WITHOUT_PROGRESS = 5, 3
"""Who is stuck: of so many attempts or more, the last so many brought nothing."""


class Mark(StrEnum):
    """What can be looked for in a grade."""

    ABSENT = "absent"
    NONE = "none"
    MISSING = "missing"
    LATE = "late"
    FAILING = "failing"
    UNGRADED = "ungraded"
    CHANGED = "changed"
    EXCUSED = "excused"
    STUCK = "stuck"
    RECENT = "recent"


@dataclass(frozen=True)
class View:
    """What is looked for, and the order; nothing narrows nothing.

    `text` stands in a name, an e-mail address or an external id. `marks` and `below` (in percent of
    the points) all hold of one grade, of `assignment_id` where one is given; the student is in the
    section. `sort` is a column's key, with a minus for the other way round.
    """

    text: str = ""
    marks: frozenset[Mark] = frozenset()
    below: float | None = None
    assignment_id: int | None = None
    section_id: int | None = None
    sort: str = "name"

    @property
    def narrows(self) -> bool:
        """Whether somebody may be left out."""
        return bool(
            self.text.strip() or self.marks or self.below is not None or self.section_id is not None
        )

    @property
    def is_usual(self) -> bool:
        """Whether all are shown, by name."""
        return not self.narrows and self.sort == "name"


USUAL = View()


def rows(book: Gradebook, view: View) -> list[Row]:
    """The students that are looked for, in the order that is asked for."""
    return _ordered(book, view.sort, [row for row in book.rows if _shows(book, row, view)])


def has(row: Row, column: Column, view: View) -> bool:
    """Whether all that is looked for holds of a grade."""
    grade = row.grade(column)
    state = totals.state(column, grade)
    if view.below is not None:
        bar = view.below / 100 * column.max_score
        if not (column.is_counted and state.counts and (grade.score or 0.0) < bar):
            return False
    if Mark.ABSENT in view.marks and not is_absent(row):
        return False
    return all(HOLDS[mark](column, grade, state) for mark in view.marks - {Mark.ABSENT})


def is_absent(row: Row) -> bool:
    """Whether somebody has handed in nothing at all."""
    return not any(one.attempts for one in row.grades.values())


def _is_failing(column: Column, grade: Grade, state: State) -> bool:
    return column.is_counted and state.counts and (grade.score or 0.0) < column.max_score / 2


def _is_stuck(column: Column, grade: Grade, _: State) -> bool:
    """Whether somebody tries and tries while there is time, and the last attempts bring nothing."""
    is_short = grade.score is None or grade.score < column.max_score
    tries = grade.attempts >= MANY_ATTEMPTS and grade.since_best >= WITHOUT_PROGRESS
    return not column.is_over_for(grade) and is_short and tries


HOLDS: dict[Mark, Callable[[Column, Grade, State], bool]] = {
    Mark.NONE: lambda column, grade, _: (
        column.is_counted and not grade.attempts and not grade.excused
    ),
    Mark.MISSING: lambda column, _, state: column.is_counted and state is State.MISSING,
    Mark.LATE: lambda _, grade, __: grade.late,
    Mark.FAILING: _is_failing,
    Mark.UNGRADED: lambda _, __, state: state in (State.PENDING, State.FAILED),
    Mark.CHANGED: lambda _, grade, __: grade.changed,
    Mark.EXCUSED: lambda _, grade, __: grade.excused,
    Mark.STUCK: _is_stuck,
    Mark.RECENT: lambda _, grade, __: grade.recent,
}
"""What has to hold of a grade for a mark; ABSENT is about all of a student's."""


def _shows(book: Gradebook, row: Row, view: View) -> bool:
    student = row.student
    if view.section_id is not None and view.section_id not in book.sections_of(student.id):
        return False
    about = f"{student.name}\n{student.email}\n{student.external_id or ''}".casefold()
    if not all(word in about for word in view.text.casefold().split()):
        return False
    if not view.marks and view.below is None:
        return True
    return any(
        has(row, column, view) for column in book.columns if view.assignment_id in (None, column.id)
    )


def _ordered(book: Gradebook, sort: str, found: list[Row]) -> list[Row]:
    """By name, email, total or an assignment's id; who has no score comes last either way."""
    key, back = sort.removeprefix("-"), sort.startswith("-")
    score: Callable[[Row], float | None] | None = None
    if key == "total":
        score = (lambda row: row.total.share) if book.groups else (lambda row: row.total.points)
    elif column := next((one for one in book.columns if str(one.id) == key), None):
        score = lambda row: row.grade(column).score  # noqa: E731 (one of two)
    if score is None:
        return sorted(found, key=lambda row: _written(row, key), reverse=back)
    scored = [row for row in found if score(row) is not None]
    rest = [row for row in found if score(row) is None]
    return sorted(scored, key=lambda row: score(row) or 0.0, reverse=back) + rest


def _written(row: Row, key: str) -> Any:
    return row.student.email.lower() if key == "email" else row.student.name.casefold()


@dataclass(frozen=True)
class Finding:
    """What a column says of those who are shown and have not left: how many in, the median."""

    students: int
    handed_in: int
    scored: int
    median: float | None


def finding(found: list[Row], column: Column) -> Finding:
    """What is to be said of one column; excused grades are left out."""
    grades = [row.grade(column) for row in found if not row.dropped]
    grades = [one for one in grades if not one.excused]
    scores = sorted(one.score for one in grades if one.score is not None)
    middle = len(scores) // 2
    median = None
    if scores:
        median = scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2
    return Finding(len(grades), sum(one.attempts > 0 for one in grades), len(scores), median)
