"""Owns what a student has in all: what counts as 0, what is left out, and shares by groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self

from app.gradebook.grades import NOTHING, ByAssignment, Grade
from app.models import Assignment, AssignmentGroup


class State(StrEnum):
    """How a student stands in an assignment; `MISSING` counts as 0, only `SCORED` has points."""

    SCORED = "scored"
    MISSING = "missing"
    EXCUSED = "excused"
    PENDING = "being graded"
    FAILED = "not graded"
    NOTHING = "nothing yet"
    HIDDEN = "not shown yet"

    @property
    def counts(self) -> bool:
        """Whether the assignment's points are among those that could be had."""
        return self in _COUNT


_COUNT = frozenset({State.SCORED, State.MISSING})


def is_counted(assignment: Assignment, moment: datetime) -> bool:
    """Whether an assignment is in any sum: students can see what it asks."""
    return assignment.published and assignment.window.has_opened(moment)


@dataclass(frozen=True)
class Column:
    """An assignment of the gradebook, with what would be asked of it for each student."""

    assignment: Assignment
    id: int
    max_score: float
    is_counted: bool
    """Whether it is in any sum: students can see what it asks."""
    is_over: bool
    """Whether who has handed in nothing has missed it, unless they have an extension."""

    @classmethod
    def of(cls, assignment: Assignment, moment: datetime) -> Self:
        """The assignment as it is at `moment`."""
        is_over, is_in = assignment.window.is_over(moment), is_counted(assignment, moment)
        return cls(assignment, assignment.id, assignment.max_score, is_in, is_over)

    def is_over_for(self, grade: Grade) -> bool:
        """Whether it is over for somebody with this grade, who may have an extension."""
        return self.is_over and not grade.has_time


def state(column: Column, grade: Grade) -> State:
    """How somebody with this grade stands in the assignment."""
    if grade.excused:
        return State.EXCUSED
    if grade.hidden:
        return State.HIDDEN
    if grade.score is not None:
        return State.SCORED
    if grade.pending:
        return State.PENDING
    if grade.attempts:
        return State.FAILED
    return State.MISSING if column.is_over_for(grade) else State.NOTHING


class Part(NamedTuple):
    """What a student has in one group of assignments; all of them, where there are no groups."""

    group: AssignmentGroup | None
    points: float
    possible: float
    dropped: frozenset[int] = frozenset()
    """The assignments whose grades are dropped, being the lowest."""

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nothing counts yet."""
        return self.points / self.possible if self.possible else None


class Total(NamedTuple):
    """What a student has of what they could have by now."""

    points: float
    possible: float
    share: float | None
    """From 0 to 1, by the groups' weights where there are groups; None where nothing counts."""
    parts: Sequence[Part]


def of_grades(
    columns: Sequence[Column], groups: Sequence[AssignmentGroup], grades: ByAssignment
) -> Total:
    """The total over those assignments that students can see.

    Where there are groups, an assignment in none of them is in no total. A group in which
    nothing counts yet leaves its weight to the others.
    """
    if not groups:
        part = _part(None, columns, grades)
        return Total(part.points, part.possible, part.share, [part])
    parts = [
        _part(group, [one for one in columns if one.assignment.group_id == group.id], grades)
        for group in groups
    ]
    weighed = [(group.weight, part) for group, part in zip(groups, parts, strict=True)]
    weights = sum(weight for weight, part in weighed if part.possible)
    share = sum(weight * (part.share or 0.0) for weight, part in weighed)
    return Total(
        round(sum(part.points for part in parts), 2),
        round(sum(part.possible for part in parts), 2),
        share / weights if weights else None,
        parts,
    )


def _part(group: AssignmentGroup | None, columns: Sequence[Column], grades: ByAssignment) -> Part:
    counted: list[tuple[float, float, int]] = []
    for column in columns:
        if column.is_counted:
            grade = grades.get(column.id, NOTHING)
            if state(column, grade) in _COUNT:
                counted.append((grade.score or 0.0, column.max_score, column.id))
    dropped: frozenset[int] = frozenset()
    if group is not None and group.dropped:
        lowest = sorted(counted, key=lambda one: one[0] / one[1] if one[1] else 1.0)
        gone = lowest[: min(group.dropped, len(counted) - 1)]
        dropped = frozenset(number for _, _, number in gone)
    points = sum(score for score, _, number in counted if number not in dropped)
    possible = sum(most for _, most, number in counted if number not in dropped)
    return Part(group, round(points, 2), round(possible, 2), dropped)
