"""Owns what staff should know of a course or an assignment now, each with whom it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gradebook import totals
from app.gradebook.book import Gradebook, Row
from app.gradebook.table import view
from app.gradebook.table.view import Mark, View
from app.gradebook.totals import Column
from app.grading.rules import members
from app.infrastructure.clock import now
from app.models import Assignment, ExerciseResult, Kind, Submission


class Found(StrEnum):
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


_WEEK, _COMMONEST = timedelta(days=7), 3
_MARKS = {
    Found.HANDED_IN: Mark.NONE,
    Found.MISSING: Mark.MISSING,
    Found.UNGRADED: Mark.UNGRADED,
    Found.STUCK: Mark.STUCK,
    Found.ABSENT: Mark.ABSENT,
    Found.RECENT: Mark.RECENT,
    Found.FAILING: Mark.FAILING,
    Found.LATE: Mark.LATE,
    Found.CHANGED: Mark.CHANGED,
}


@dataclass(frozen=True)
class Finding:
    """How many of all students something holds of, and how to look at just them."""

    kind: Found
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
    return [one for one in _of_course(book) if one.number or one.kind is Found.HANDED_IN]


def _of_course(book: Gradebook) -> Iterator[Finding]:
    counted = [one for one in book.columns if one.is_counted and one.assignment.due_at]
    to_come = [one for one in counted if not one.is_over]
    if to_come:
        yield standings(book)[to_come[0].id]
    if over := [one for one in counted if one.is_over]:
        yield from _findings(book, [Found.MISSING], over[-1])
    yield from _findings(book, [Found.UNGRADED, Found.STUCK, Found.ABSENT, Found.RECENT])


def of_assignment(book: Gradebook, assignment_id: int) -> list[Finding]:
    """What holds of somebody in one assignment that students can see."""
    column = next(one for one in book.columns if one.id == assignment_id)
    if not book.rows or not column.is_counted:
        return []
    kinds = [Found.MISSING, Found.UNGRADED, Found.STUCK, Found.FAILING, Found.LATE, Found.RECENT]
    found = _findings(book, [*kinds, Found.CHANGED], column)
    return [standings(book)[column.id], *(one for one in found if one.number)]


@dataclass(frozen=True)
class Held:
    """A misconception that students had in the attempts of a week, and how many they are."""

    exercise: str
    name: str
    number: int


def misconceptions(session: Session, course_id: int) -> list[Held]:
    """The commonest of the last seven days, at most three that more than one student had."""
    number = func.count(members.stand_in().distinct())
    rows = (
        select(ExerciseResult.slug, ExerciseResult.misconception, number)
        .join(Submission, Submission.id == ExerciseResult.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.course_id == course_id,
            Submission.kind == Kind.ATTEMPT,
            Submission.submitted_at > now() - _WEEK,
            ExerciseResult.misconception.is_not(None),
        )
        .group_by(ExerciseResult.slug, ExerciseResult.misconception)
        .having(number > 1)
        .order_by(number.desc(), ExerciseResult.slug, ExerciseResult.misconception)
        .limit(_COMMONEST)
    )
    return [Held(slug, name or "", count) for slug, name, count in session.execute(rows)]


def standings(book: Gradebook) -> dict[int, Finding]:
    """How many have handed in, by assignment id; it leads to the others. Whoever is excused is
    neither."""
    handed_in: Counter[int] = Counter()
    excused: Counter[int] = Counter()
    for row in book.rows:
        for number, grade in row.grades.items():
            if grade.excused:
                excused[number] += 1
            elif grade.attempts:
                handed_in[number] += 1
    return {
        one.id: Finding(
            Found.HANDED_IN,
            handed_in[one.id],
            len(book.rows) - excused[one.id],
            View(marks=frozenset({Mark.NONE}), assignment_id=one.id),
            one,
        )
        for one in book.columns
        if one.is_counted and book.rows
    }


def _findings(
    book: Gradebook, kinds: Sequence[Found], column: Column | None = None
) -> Iterator[Finding]:
    """Of how many each holds: of just those that the gradebook then shows.

    All of them in one pass, as there may be twenty thousand grades.
    """
    asked = {_MARKS[kind] for kind in kinds}
    number: Counter[Mark] = Counter()
    for row in book.rows:
        number.update(_marks(row, [column] if column else book.columns, asked))
    for kind in kinds:
        look = View(marks=frozenset({_MARKS[kind]}), assignment_id=column.id if column else None)
        yield Finding(kind, number[_MARKS[kind]], len(book.rows), look, column)


def _marks(row: Row, columns: Sequence[Column], asked: Set[Mark]) -> Iterator[Mark]:
    """Which of these marks a student has in some column."""
    if Mark.ABSENT in asked and view.is_absent(row):
        yield Mark.ABSENT
    sought = {mark: view.HOLDS[mark] for mark in asked - {Mark.ABSENT}}
    for column in columns:
        grade = row.grade(column)
        state = totals.state(column, grade)
        if held := [mark for mark, holds in sought.items() if holds(column, grade, state)]:
            yield from held
            for mark in held:
                del sought[mark]
