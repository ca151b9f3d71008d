"""Owns the JSON that tells of grades and the gradebook."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from app.api.views import PersonView, View
from app.gradebook.book import Gradebook, Row
from app.gradebook.grades import Counting, Grade, Pair
from app.grading.showing.sights import Sights
from app.visibility.rules import Sight


class GradeView(View):
    """One student's standing in one assignment: the attempt that counts, and what was changed."""

    assignment_id: int
    submission_id: uuid.UUID | None
    score: float | None = Field(description="What counts: set by hand, or else computed.")
    computed: float | None = Field(description="What the attempt that counts has by itself.")
    deduction: float = Field(description="Points that lateness takes off.")
    changed: bool = Field(description="Whether `score` was set by hand.")
    excused: bool = Field(description="Whether it is left out of all sums.")
    late: bool
    attempts: int
    pending: int = Field(description="Attempts that are still being graded.")
    submitted_at: datetime | None
    remarks: int = Field(description="Remarks for staff on the attempt that counts.")
    hidden: bool = Field(
        description="Whether the caller is not shown the whole score; `score` is then of `most`."
    )
    most: float | None = Field(
        description="What `score` is of, where it is not of all points: those of shown checks."
    )

    student_sees: Literal["whole", "part", "none"] = Field(
        description="What its student is shown of the score now, whoever asks: all, that of the "
        "checks that are shown, or none."
    )

    @classmethod
    def of(
        cls, assignment_id: int, grade: Grade, counting: Counting | None, students: Sight
    ) -> Self:
        """A grade in the gradebook, with the attempt that counts, and what its student sees."""
        return cls(
            assignment_id=assignment_id,
            submission_id=counting.submission_id if counting else None,
            submitted_at=counting.submitted_at if counting else None,
            student_sees=students.score.value,
            **{name: getattr(grade, name) for name in cls.model_fields if hasattr(grade, name)},
        )


class RowView(View):
    """One student's line."""

    student: PersonView
    scores: list[GradeView] = Field(description="Assignments without anything are left out.")
    total: float = Field(description="The points in all.")
    possible: float = Field(description="The points that could be had by now.")
    share: float | None = Field(
        description="From 0 to 1, by the groups' weights; null where nothing counts yet."
    )
    dropped: bool = Field(description="They have left the course.")

    @classmethod
    def of(cls, row: Row, counting: Mapping[Pair, Counting], seen: Sights) -> Self:
        """A row of the gradebook; `counting` has the attempts that count, `seen` what students
        see."""
        user_id = row.student.id
        return cls(
            student=PersonView.model_validate(row.student),
            scores=[
                GradeView.of(number, grade, counting.get((user_id, number)), seen(user_id, number))
                for number, grade in row.grades.items()
            ],
            total=row.total.points,
            possible=row.total.possible,
            share=row.total.share,
            dropped=row.dropped,
        )


class Column(View):
    """One assignment of the gradebook."""

    id: int
    title: str
    max_score: float
    due_at: datetime | None
    in_sums: bool = Field(description="Whether students can see what it asks, so that it counts.")


class GradebookView(View):
    """Students by assignments."""

    course_id: int
    assignments: list[Column]
    students: list[RowView] = Field(description="A page of them, by `id`.")
    max_total: float

    @classmethod
    def of(
        cls,
        book: Gradebook,
        rows: Sequence[Row],
        counting: Mapping[Pair, Counting],
        seen: Sights,
    ) -> Self:
        """Some rows of a gradebook; `counting` has their attempts that count, `seen` what they
        see."""
        return cls(
            course_id=book.course.id,
            assignments=[
                Column(
                    id=one.id,
                    title=one.assignment.title,
                    max_score=one.max_score,
                    due_at=one.assignment.due_at,
                    in_sums=one.is_counted,
                )
                for one in book.columns
            ],
            students=[RowView.of(row, counting, seen) for row in rows],
            max_total=book.max_total,
        )
