"""Owns the gradebook: a query over submissions, never a table of its own."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from app.grading import submissions
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, Course, Enrolment, Kind, Role, Status, Submission, User
from app.teaching import assignments


@dataclass(frozen=True)
class Grade:
    """One student's standing in one assignment: the attempt that counts, and how many there are."""

    submission_id: uuid.UUID | None
    score: float | None
    late: bool
    attempts: int
    pending: int
    submitted_at: datetime | None
    remarks: int
    """What staff may want to look at in the attempt that counts."""


@dataclass(frozen=True)
class Row:
    """One student and their grades, by assignment id (no grade: nothing handed in)."""

    student: User
    grades: dict[int, Grade]
    total: float
    dropped: bool = False


@dataclass(frozen=True)
class Gradebook:
    """Students by assignments; with those who were taken out of the course, where asked for."""

    course: Course
    assignments: list[Assignment]
    rows: list[Row]
    with_dropped: bool = False

    @property
    def max_total(self) -> float:
        """The points of all assignments together."""
        return sum(assignment.max_score for assignment in self.assignments)


def of_course(
    session: Session, actor: Actor, course_id: int, *, dropped: bool = False
) -> Gradebook:
    """The whole gradebook in three queries, students by name; `dropped` shows who has left, too."""
    course = permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    columns = assignments.all_of(session, course_id)
    students = (
        select(User, Enrolment.active)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT)
        .order_by(User.name, User.id)
    )
    if not dropped:
        students = students.where(Enrolment.active)
    grades = _grades(session, course_id)
    rows = []
    for student, is_there in session.execute(students):
        own = {a.id: grades[student.id, a.id] for a in columns if (student.id, a.id) in grades}
        total = sum(grade.score or 0.0 for grade in own.values())
        rows.append(Row(student, own, round(total, 2), dropped=not is_there))
    return Gradebook(course, columns, rows, with_dropped=dropped)


def has_dropped(session: Session, course_id: int) -> bool:
    """Whether there are students who have left the course."""
    rows = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id,
        Enrolment.role == Role.STUDENT,
        Enrolment.active.is_(False),
    )
    return session.scalar(rows.limit(1)) is not None


def of_person(session: Session, course_id: int, user_id: int) -> dict[int, Grade]:
    """One person's own grades by assignment id; whoever may see the course may see their own."""
    return {
        assignment: grade for (_, assignment), grade in _grades(session, course_id, user_id).items()
    }


def _grades(
    session: Session, course_id: int, user_id: int | None = None
) -> dict[tuple[int, int], Grade]:
    """By (user, assignment): the attempt that counts is the first in the assignment's own order."""
    ranked = _ranked(course_id)
    if user_id is not None:
        ranked = ranked.where(Submission.user_id == user_id)
    rows = ranked.subquery()
    return {
        (row.user_id, row.assignment_id): Grade(
            row.id,
            row.score,
            row.late,
            row.attempts,
            row.pending,
            row.submitted_at,
            row.remarks,
        )
        for row in session.execute(select(rows).where(rows.c.rank == 1))
    }


def _ranked(course_id: int) -> Select[Any]:
    """All attempts in a course, each with its rank among its owner's at the same assignment."""
    pair = (Submission.user_id, Submission.assignment_id)
    return (
        select(
            *pair,
            Submission.id,
            Submission.score,
            func.coalesce(Submission.submitted_at > Assignment.due_at, false()).label("late"),
            Submission.submitted_at,
            func.coalesce(func.jsonb_array_length(Submission.remarks), 0).label("remarks"),
            func.row_number()
            .over(partition_by=pair, order_by=submissions.COUNTING_FIRST)
            .label("rank"),
            func.count().over(partition_by=pair).label("attempts"),
            func.count()
            .filter(Submission.status.in_([Status.QUEUED, Status.RUNNING]))
            .over(partition_by=pair)
            .label("pending"),
        )
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Assignment.course_id == course_id, Submission.kind == Kind.ATTEMPT)
    )


def csv_name(book: Gradebook) -> str:
    """What the file of a gradebook is called."""
    code = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in book.course.code
    )
    return f"gradebook-{code}.csv"


def to_csv(book: Gradebook) -> str:
    """The gradebook as CSV: one line a student, scores with a point as decimal sign.

    A last column says who has left, where they were asked for. A byte order mark comes first, so
    that a spreadsheet reads names rightly.
    """
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    titles = [f"{a.title} ({a.id})" for a in book.assignments]
    last = ["Total", *(["Dropped"] if book.with_dropped else [])]
    writer.writerow([defused(t) for t in ["Student", "Email", "External ID", *titles, *last]])
    writer.writerow(
        [
            "    Points Possible",
            "",
            "",
            *(_number(a.max_score) for a in book.assignments),
            _number(book.max_total),
            *([""] if book.with_dropped else []),
        ]
    )
    for row in book.rows:
        grades = [row.grades.get(a.id) for a in book.assignments]
        writer.writerow(
            [defused(row.student.name), defused(row.student.email)]
            + [defused(row.student.external_id or "")]
            + [_number(one.score) if one and one.score is not None else "" for one in grades]
            + [_number(row.total)]
            + (["yes" if row.dropped else ""] if book.with_dropped else [])
        )
    return out.getvalue()


def _number(points: float) -> str:
    """Points with two decimals at most and all digits before them."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def defused(text: str) -> str:
    """The text, kept from being run as a formula by a spreadsheet."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
