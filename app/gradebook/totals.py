"""Owns what a student has in all: what counts as 0, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.gradebook.grades import NOTHING, ByAssignment, Grade
from app.models import Assignment


class State(StrEnum):
    """How a student stands in an assignment; `MISSING` counts as 0, only `SCORED` has points."""

    SCORED = "scored"
    MISSING = "missing"
    EXCUSED = "excused"
    PENDING = "being graded"
    FAILED = "not graded"
    NOTHING = "nothing yet"

    @property
    def counts(self) -> bool:
        """Whether the assignment's points are among those that could be had."""
        return self in (State.SCORED, State.MISSING)


@dataclass(frozen=True)
class Total:
    """What a student has of what they could have by now, in points."""

    points: float
    possible: float


def is_counted(assignment: Assignment, moment: datetime) -> bool:
    """Whether an assignment is in any sum: students can see what it asks."""
    return assignment.published and assignment.has_opened(moment)


def state(assignment: Assignment, grade: Grade, moment: datetime) -> State:
    """How somebody with this grade stands in the assignment at `moment`."""
    if grade.excused:
        return State.EXCUSED
    if grade.score is not None:
        return State.SCORED
    if grade.pending:
        return State.PENDING
    if grade.attempts:
        return State.FAILED
    is_over = assignment.is_late(moment) or assignment.has_closed(moment)
    return State.MISSING if is_over else State.NOTHING


def of_grades(assignments: Iterable[Assignment], grades: ByAssignment, moment: datetime) -> Total:
    """The sum over those assignments that students can see."""
    points = possible = 0.0
    for assignment in assignments:
        grade = grades.get(assignment.id, NOTHING)
        if is_counted(assignment, moment) and state(assignment, grade, moment).counts:
            points += grade.score or 0.0
            possible += assignment.max_score
    return Total(round(points, 2), round(possible, 2))
