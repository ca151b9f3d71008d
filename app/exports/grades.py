"""Owns grades as a list of everything: a line for each student and assignment, and each exercise.

Why there is no number stands beside it, so that an empty cell never has to be guessed at.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gradebook.book import Gradebook, Row
from app.gradebook.grades import NOTHING, Counting, Grade, Pair, counting
from app.grading.showing import sights
from app.infrastructure.spreadsheets import Cell
from app.models import Assignment, ExerciseResult, StoredGrade, User
from app.visibility.rules import Shown, Sight

COLUMNS = (
    "Student",
    "Email",
    "External ID",
    "Assignment ID",
    "Assignment",
    "Exercise",
    "Score",
    "Computed",
    "Taken off for lateness",
    "Of",
    "Status",
    "Attempts",
    "Handed in (UTC)",
    "Assignment: external ID",
)
WHOLE = ""
"""What stands for the exercise in the line of a whole assignment."""
UNSEEN = "not shown to the student yet"
_STUDENTS = 100
ByExercise = Mapping[str, float]


@dataclass(frozen=True)
class Points:
    """What some students have by exercise: computed, by attempt; given by hand, by assignment and
    student."""

    computed: Mapping[uuid.UUID, ByExercise] = field(default_factory=dict)
    given: Mapping[tuple[int, int], ByExercise] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One student's standing in one assignment, or in one exercise of it.

    `score` is what counts, `computed` what the graders found, `deduction` what lateness takes off
    the whole assignment; `statuses` says how it stands, from `graded` to `left the course`.
    """

    student: User
    assignment: Assignment
    exercise: str
    score: float | None
    computed: float | None
    deduction: float
    max_score: float
    statuses: tuple[str, ...]
    attempts: int
    submitted_at: datetime | None

    def cells(self) -> Sequence[Cell]:
        """In the order of COLUMNS."""
        who, what = self.student, self.assignment
        return (
            *(who.name, who.email, who.external_id, what.id, what.title, self.exercise),
            *(self.score, self.computed, self.deduction, self.max_score),
            *(", ".join(self.statuses), self.attempts, self.submitted_at, what.external_id),
        )

    def to_json(self) -> dict[str, Any]:
        """The same by name; `exercise` is null for the assignment as a whole."""
        submitted_at = self.submitted_at and self.submitted_at.astimezone(UTC).isoformat()
        return {
            "student": {
                "id": self.student.id,
                "name": self.student.name,
                "email": self.student.email,
                "external_id": self.student.external_id,
            },
            "assignment": {
                "id": self.assignment.id,
                "title": self.assignment.title,
                "external_id": self.assignment.external_id,
            },
            "exercise": self.exercise or None,
            "score": self.score,
            "computed": self.computed,
            "deduction": self.deduction,
            "max_score": self.max_score,
            "statuses": list(self.statuses),
            "attempts": self.attempts,
            "submitted_at": submitted_at,
        }


def pieces(book: Gradebook) -> Iterator[Sequence[Row]]:
    """The rows of a gradebook in parts of which each is read at once."""
    for start in range(0, len(book.rows), _STUDENTS):
        yield book.rows[start : start + _STUDENTS]


def lines(
    session: Session, book: Gradebook, rows: Sequence[Row], *, by_exercise: bool
) -> Iterator[Line]:
    """The lines of some students, in the order of the gradebook; of somebody by assignment."""
    attempts = counting(session, book.course.id, [row.student.id for row in rows])
    points = _points(session, rows, attempts) if by_exercise else Points()
    seen = sights.of_students(session, book.assignments)
    for row in rows:
        for assignment in book.assignments:
            attempt = attempts.get((row.student.id, assignment.id))
            sight = seen(row.student.id, assignment.id)
            whole = _of_whole(row, assignment, attempt, book.moment, sight)
            yield whole
            if by_exercise:
                yield from _of_exercises(whole, row, attempt, points)


def _of_whole(
    row: Row, assignment: Assignment, attempt: Counting | None, moment: datetime, sight: Sight
) -> Line:
    grade = row.grades.get(assignment.id, NOTHING)
    said = statuses(grade, assignment, moment)
    said += (UNSEEN,) if is_unseen(grade, sight) else ()
    said += ("left the course",) if row.dropped else ()
    return Line(
        row.student,
        assignment,
        WHOLE,
        grade.score,
        grade.computed,
        grade.deduction,
        assignment.max_score,
        said,
        grade.attempts,
        attempt.submitted_at if attempt else None,
    )


def _of_exercises(
    whole: Line, row: Row, attempt: Counting | None, points: Points
) -> Iterator[Line]:
    """What was given by hand for an exercise counts before what was computed."""
    computed = points.computed.get(attempt.submission_id, {}) if attempt else {}
    given = points.given.get((whole.assignment.id, row.student.id), {})
    for slug, most in whole.assignment.points.items():
        found = computed.get(slug)
        score = given.get(slug, found)
        yield replace(
            whole, exercise=slug, score=score, computed=found, deduction=0.0, max_score=most
        )


def is_unseen(grade: Grade, sight: Sight) -> bool:
    """Whether there is a score that its student is not shown, or not all of it."""
    return grade.score is not None and sight.score is not Shown.WHOLE


def statuses(grade: Grade, assignment: Assignment, moment: datetime) -> tuple[str, ...]:
    """How a student stands in an assignment, in the words of the status column."""
    said = [
        word
        for word, holds in {
            "excused": grade.excused,
            "late": grade.late,
            "being graded": grade.pending > 0,
            "changed by hand": grade.changed,
        }.items()
        if holds
    ]
    if grade.has_failed:
        said.append("not graded, our fault")
    elif grade.score is not None:
        said.append("graded")
    elif not grade.attempts and not grade.excused:
        is_over = assignment.window.is_over(moment) and not grade.has_time
        said.append("missing" if is_over else "not handed in")
    return tuple(said)


def _points(session: Session, rows: Sequence[Row], attempts: Mapping[Pair, Counting]) -> Points:
    students = [row.student.id for row in rows]
    numbers = [one.submission_id for one in attempts.values()]
    computed: dict[uuid.UUID, dict[str, float]] = {}
    one = ExerciseResult
    for number, slug, score in session.execute(
        select(one.submission_id, one.slug, one.score).where(one.submission_id.in_(numbers))
    ):
        computed.setdefault(number, {})[slug] = score
    changed = select(
        StoredGrade.assignment_id, StoredGrade.user_id, StoredGrade.given_by_exercise
    ).where(StoredGrade.user_id.in_(students), StoredGrade.given_by_exercise != {})
    given = {(sheet, student): by_hand for sheet, student, by_hand in session.execute(changed)}
    return Points(computed, given)
