"""Owns the gradebook: students by assignments, a query over what is kept at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.gradebook import grades, groups, totals
from app.gradebook.grades import NOTHING, Grade
from app.gradebook.totals import Column, State, Total
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, AssignmentGroup, Course, Enrolment, Role, User
from app.teaching import assignments


@dataclass(frozen=True)
class Row:
    """One student and their grades, by assignment id (no grade: nothing handed in)."""

    student: User
    grades: Mapping[int, Grade]
    total: Total
    dropped: bool = False

    def grade(self, column: Column) -> Grade:
        """The grade in a column, an empty one where there is none."""
        return self.grades.get(column.id, NOTHING)

    def state(self, column: Column) -> State:
        """How the student stands in a column."""
        return totals.state(column, self.grade(column))


@dataclass(frozen=True)
class Gradebook:
    """Students by assignments; with those who were taken out of the course, where asked for."""

    course: Course
    columns: list[Column]
    groups: list[AssignmentGroup]
    rows: list[Row]
    moment: datetime
    with_dropped: bool = False

    @property
    def assignments(self) -> list[Assignment]:
        """The assignments of the columns."""
        return [column.assignment for column in self.columns]

    @property
    def max_total(self) -> float:
        """The points of all assignments that are in the sums."""
        return sum(column.max_score for column in self.columns if column.is_counted)


def of_course(
    session: Session, actor: Actor, course_id: int, *, dropped: bool = False
) -> Gradebook:
    """The whole gradebook, students by name, in as many queries for a thousand as for one.

    `dropped` shows who has left, too. Raises NotFound, Forbidden.
    """
    course = permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    moment = now()
    columns = [Column.of(one, moment) for one in assignments.all_of(session, course_id)]
    found = grades.of_students(session, course_id)
    shares = groups.of_course(session, course_id)
    rows = []
    for student, is_there in session.execute(students(course_id, dropped=dropped)):
        own = found.get(student.id, {})
        total = totals.of_grades(columns, shares, own)
        rows.append(Row(student, own, total, dropped=not is_there))
    return Gradebook(course, columns, shares, rows, moment, with_dropped=dropped)


def students(course_id: int, *, dropped: bool) -> Select[User, bool]:
    """The course's students by name, each with whether they are in it; `dropped` has all."""
    found = (
        select(User, Enrolment.active)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT)
        .order_by(User.name, User.id)
    )
    return found if dropped else found.where(Enrolment.active)


def has_dropped(session: Session, course_id: int) -> bool:
    """Whether there are students who have left the course."""
    rows = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id,
        Enrolment.role == Role.STUDENT,
        Enrolment.active.is_(False),
    )
    return session.scalar(rows.limit(1)) is not None
