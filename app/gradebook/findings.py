"""Owns what staff should know of a course or an assignment now, each with whom it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gradebook import view
from app.gradebook.book import Gradebook
from app.gradebook.totals import Column
from app.gradebook.view import Mark, View
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
        yield _handed_in(book, to_come[0])
    if over := [one for one in counted if one.is_over]:
        yield _finding(book, Found.MISSING, over[-1])
    for kind in (Found.UNGRADED, Found.STUCK, Found.ABSENT, Found.RECENT):
        yield _finding(book, kind)


def of_assignment(book: Gradebook, assignment_id: int) -> list[Finding]:
    """What holds of somebody in one assignment that students can see."""
    column = next(one for one in book.columns if one.id == assignment_id)
    if not book.rows or not column.is_counted:
        return []
    kinds = (Found.MISSING, Found.UNGRADED, Found.STUCK, Found.FAILING, Found.LATE, Found.RECENT)
    found = [_finding(book, kind, column) for kind in (*kinds, Found.CHANGED)]
    return [_handed_in(book, column), *(one for one in found if one.number)]


@dataclass(frozen=True)
class Held:
    """A misconception that students had in the attempts of a week, and how many they are."""

    exercise: str
    name: str
    number: int


def misconceptions(session: Session, course_id: int) -> list[Held]:
    """The commonest of the last seven days, at most three that more than one student had."""
    number = func.count(Submission.user_id.distinct())
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
    """How many have handed in, by assignment id."""
    return {one.id: _handed_in(book, one) for one in book.columns if one.is_counted and book.rows}


def _handed_in(book: Gradebook, column: Column) -> Finding:
    """How many have handed in; it leads to the others. Whoever is excused is neither."""
    grades = [row.grade(column) for row in book.rows]
    number = sum(one.attempts > 0 for one in grades if not one.excused)
    everybody = sum(not one.excused for one in grades)
    look = View(marks=frozenset({Mark.NONE}), assignment_id=column.id)
    return Finding(Found.HANDED_IN, number, everybody, look, column)


def _finding(book: Gradebook, kind: Found, column: Column | None = None) -> Finding:
    """Of how many it holds: of just those that the gradebook then shows."""
    look = View(marks=frozenset({_MARKS[kind]}), assignment_id=column.id if column else None)
    return Finding(kind, len(view.rows(book, look)), len(book.rows), look, column)
