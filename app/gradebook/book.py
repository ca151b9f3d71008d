"""Owns the gradebook: students by assignments, a query over what is kept at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.gradebook import grades, totals
from app.gradebook.grades import Grade
from app.gradebook.totals import Total
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Course, Enrolment, Role, User
from app.teaching import assignments


@dataclass(frozen=True)
class Row:
    """One student and their grades, by assignment id (no grade: nothing handed in)."""

    student: User
    grades: Mapping[int, Grade]
    sum: Total
    dropped: bool = False

    @property
    def total(self) -> float:
        """The points that they have in all."""
        return self.sum.points


@dataclass(frozen=True)
class Gradebook:
    """Students by assignments; with those who were taken out of the course, where asked for."""

    course: Course
    assignments: list[Assignment]
    rows: list[Row]
    moment: datetime
    with_dropped: bool = False

    @property
    def counted(self) -> list[Assignment]:
        """The assignments that are in the sums: what they ask can be seen by students."""
        return [one for one in self.assignments if totals.is_counted(one, self.moment)]

    @property
    def max_total(self) -> float:
        """The points of all assignments that are in the sums."""
        return sum(assignment.max_score for assignment in self.counted)


def of_course(
    session: Session, actor: Actor, course_id: int, *, dropped: bool = False
) -> Gradebook:
    """The whole gradebook, students by name, in as many queries for a thousand as for one.

    `dropped` shows who has left, too. Raises NotFound, Forbidden.
    """
    course = permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    columns = assignments.all_of(session, course_id)
    found = grades.of_students(session, course_id)
    moment = now()
    rows = []
    for student, is_there in session.execute(students(course_id, dropped=dropped)):
        own = found.get(student.id, {})
        total = totals.of_grades(columns, own, moment)
        rows.append(Row(student, own, total, dropped=not is_there))
    return Gradebook(course, columns, rows, moment, with_dropped=dropped)


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
