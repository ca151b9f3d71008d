"""Owns all grades of one student in a course, and how their total comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.gradebook import grades, groups, shown
from app.gradebook.book import Row
from app.gradebook.grades import Counting, Pair
from app.gradebook.totals import Column, Part
from app.grading.rules import terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import AssignmentGroup, Course
from app.teaching import assignments, courses
from app.timing.windows import Window


@dataclass(frozen=True)
class Overview:
    """One student's row of the gradebook, with the assignments that students can see."""

    course: Course
    columns: list[Column]
    groups: list[AssignmentGroup]
    row: Row
    windows: Mapping[int, Window]
    """The times of the student's extensions, by assignment id."""

    def members(self, part: Part) -> list[Column]:
        """The assignments of one part of the total."""
        if part.group is None:
            return self.columns
        return [one for one in self.columns if one.assignment.group_id == part.group.id]

    @property
    def outside(self) -> list[Column]:
        """The assignments that are in no group, where there are groups: they are in no total."""
        return [one for one in self.columns if self.groups and one.assignment.group_id is None]

    def weight(self, part: Part) -> float | None:
        """The part's share of the total, from 0 to 1, as things stand; None where it has none."""
        weights = sum(
            one.group.weight for one in self.row.total.parts if one.group and one.possible
        )
        if part.group is None or not part.possible or not weights:
            return None
        return part.group.weight / weights


def counting(session: Session, overview: Overview) -> dict[Pair, Counting]:
    """The attempts that count, but for those of which the whole score is not shown."""
    row = overview.row
    found = grades.counting(session, overview.course.id, [row.student.id])
    return {pair: one for pair, one in found.items() if not row.grades[pair[1]].hidden}


def of(session: Session, actor: Actor, course_id: int, user_id: int) -> Overview:
    """All grades of a student: one's own, or anybody's for who may see all work.

    Raises NotFound, Forbidden.
    """
    if user_id == actor.user.id:
        course = permissions.course(session, actor, course_id)
    else:
        course = permissions.course_of_student(session, actor, course_id, user_id)
    permissions.require_scope(actor, "submissions:read")
    student = courses.member(session, actor, course_id, user_id)
    moment = now()
    columns = [
        Column.of(one, moment) for one in assignments.all_of(session, course_id) if one.published
    ]
    shares = groups.of_course(session, course_id)
    windows = terms.windows_of(session, course_id, student.id)
    asked = [column.assignment for column in columns]
    own = shown.of_person(session, actor, student.id, course_id, asked, windows)
    return Overview(course, columns, shares, Row(student, own, columns, shares), windows)
