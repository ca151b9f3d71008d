"""Owns what is said of each column where everybody is shown: asked of the database in one question.

Of some students alone it is worked out of their grades (app/gradebook/table/view.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.gradebook.table.view import Finding
from app.models import Assignment, Enrolment, Role, StoredGrade

_Statements = tuple[Select[int], Select[*tuple[Any, ...]]]


def findings(
    session: Session, course_id: int, seen: Select[int] | None = None
) -> dict[int, Finding]:
    """How many have handed in and the median, by assignment id, of those who are in the course.

    Of these those that are among `seen`, where it is given. Excused grades are left out.
    """
    people, each = _of_everybody() if seen is None else _statements(Enrolment.user_id.in_(seen))
    asked = {"course_id": course_id}
    students = session.scalar(people, asked) or 0
    found = {
        number: Finding(students - excused, handed_in, scored, median)
        for number, excused, handed_in, scored, median in session.execute(each, asked)
    }
    columns = session.scalars(select(Assignment.id).where(Assignment.course_id == course_id))
    return {number: found.get(number, Finding(students, 0, 0, None)) for number in columns}


@lru_cache
def _of_everybody() -> _Statements:
    """Made once: putting it together takes longer than its answer."""
    return _statements(true())


def _statements(is_meant: ColumnElement[bool]) -> _Statements:
    """The number of students of `course_id` that are meant, and what is said of each column."""
    is_there = (
        (Enrolment.course_id == bindparam("course_id"))
        & (Enrolment.role == Role.STUDENT)
        & Enrolment.active
        & is_meant
    )
    each = (
        select(
            *(StoredGrade.assignment_id, StoredGrade.attempts, StoredGrade.excused),
            grades.counted().label("score"),
        )
        .join(Assignment, Assignment.id == StoredGrade.assignment_id)
        .join(Enrolment, Enrolment.user_id == StoredGrade.user_id)
        .where(Assignment.course_id == bindparam("course_id"), is_there)
        .offset(0)  # keeps Postgres from working out a score anew wherever it is used below
        .subquery()
    )
    rows = select(
        each.c.assignment_id,
        func.count().filter(each.c.excused),
        func.count().filter(each.c.attempts > 0, ~each.c.excused),
        func.count(each.c.score).filter(~each.c.excused),
        func.percentile_cont(0.5).within_group(each.c.score).filter(~each.c.excused),
    ).group_by(each.c.assignment_id)
    return select(func.count()).select_from(Enrolment).where(is_there), rows
