"""Owns the gradebook: students by assignments, a query over what is kept at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from app.models import Assignment, AssignmentGroup, Course, Enrolment, Role, Section, User
from app.teaching import assignments, sections

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
    held: Mapping[int, Sequence[Section]] = field(default_factory=dict)
    """The sections of each student who is in one, by user id."""

    def sections_of(self, user_id: int) -> set[int]:
        """The numbers of a student's sections."""
        return {one.id for one in self.held.get(user_id, ())}

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
    people = students(course_id, dropped=dropped, seen=_seen(session, actor, course_id))
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
    held = sections.of_people(session, course_id)
    return Gradebook(course, columns, shares, rows, moment, in_all, dropped, held)


def of_assignment(session: Session, actor: Actor, assignment: Assignment) -> Gradebook:
    """The gradebook's one column of an assignment. Raises NotFound, Forbidden."""
    course = permissions.course(session, actor, assignment.course_id, Right.SEE_GRADEBOOK)
    moment = now()
    columns = [Column.of(assignment, moment)]
    found = grades.of_students(session, course.id, assignment_id=assignment.id)
    people = students(course.id, dropped=False, seen=_seen(session, actor, course.id))
    rows = [
        Row(student, found.get(student.id, {}), columns, [])
        for student, _ in session.execute(people)
    ]
    return Gradebook(course, columns, [], rows, moment, len(rows))


def _seen(session: Session, actor: Actor, course_id: int) -> Select[int] | None:
    return permissions.seen(permissions.rights_in(session, actor, course_id), actor, course_id)


def pages(number: int) -> int:
    """How many pages so many students take, one at least."""
    return max(1, -(-number // PAGE))


def students(
    course_id: int, *, dropped: bool, seen: Select[int] | None = None
) -> Select[User, bool]:
    """The course's students by name, each with whether they are in it; `dropped` has all.

    Of these those that are among `seen`, where it is given.
    """
    found = (
        select(User, Enrolment.active)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT)
        .order_by(User.name, User.id)
    )
    if seen is not None:
        found = found.where(User.id.in_(seen))
    return found if dropped else found.where(Enrolment.active)


def has_dropped(session: Session, course_id: int) -> bool:
    """Whether there are students who have left the course."""
    rows = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id,
        Enrolment.role == Role.STUDENT,
        Enrolment.active.is_(False),
    )
    return session.scalar(rows.limit(1)) is not None
