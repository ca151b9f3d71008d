"""Owns the gradebook: students by assignments, a query over what is kept at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, func, select
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

PAGE = 100
"""Students that are shown at a time."""


@dataclass(frozen=True)
class Row:
    """One student and their grades, by assignment id (no grade: nothing handed in)."""

    student: User
    grades: Mapping[int, Grade]
    columns: Sequence[Column]
    groups: Sequence[AssignmentGroup]
    dropped: bool = False

    @cached_property
    def total(self) -> Total:
        """What the student has in all; worked out where it is asked for."""
        return totals.of_grades(self.columns, self.groups, self.grades)

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
    students: int
    """How many there are; `rows` may be a page of them."""
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
    session: Session,
    actor: Actor,
    course_id: int,
    *,
    dropped: bool = False,
    page: int | None = None,
) -> Gradebook:
    """The whole gradebook, students by name, in as many queries for a thousand as for one.

    `dropped` shows who has left, too; `page` takes PAGE students, from 1 on, and the last page
    where there are not so many. Raises NotFound, Forbidden.
    """
    course = permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    moment = now()
    columns = [Column.of(one, moment) for one in assignments.all_of(session, course_id)]
    shares = groups.of_course(session, course_id)
    people = students(course_id, dropped=dropped)
    number = None
    if page is not None:
        number = session.scalar(select(func.count()).select_from(people.subquery())) or 0
        first = (min(page, pages(number)) - 1) * PAGE
        people = people.offset(first).limit(PAGE)
    there = session.execute(people).all()
    some = None if number is None else [student.id for student, _ in there]
    found = grades.of_students(session, course_id, users=some)
    rows = [
        Row(student, found.get(student.id, {}), columns, shares, dropped=not is_there)
        for student, is_there in there
    ]
    in_all = len(rows) if number is None else number
    return Gradebook(course, columns, shares, rows, moment, in_all, with_dropped=dropped)


def of_assignment(session: Session, actor: Actor, assignment: Assignment) -> Gradebook:
    """The gradebook's one column of an assignment. Raises NotFound, Forbidden."""
    course = permissions.course(session, actor, assignment.course_id, Right.SEE_GRADEBOOK)
    moment = now()
    columns = [Column.of(assignment, moment)]
    found = grades.of_students(session, course.id, assignment_id=assignment.id)
    rows = [
        Row(student, found.get(student.id, {}), columns, [])
        for student, _ in session.execute(students(course.id, dropped=False))
    ]
    return Gradebook(course, columns, [], rows, moment, len(rows))


def pages(number: int) -> int:
    """How many pages so many students take, one at least."""
    return max(1, -(-number // PAGE))


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
