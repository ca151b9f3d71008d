"""Owns what is found of a whole assignment and of a whole course, in the same number of queries
for a hundred thousand attempts as for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.analytics import checks, examples, misconceptions, work
from app.analytics.charts import COLUMNS, Chart
from app.analytics.misconceptions import Entry, Holder, Key
from app.errors import NotFound
from app.gradebook import totals
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.infrastructure.spreadsheets import Cell
from app.models import Assignment, Course
from app.teaching import assignments

_ATLAS = 60
"""Misconceptions that are told of at most, the commonest first."""


@dataclass(frozen=True)
class Analysis:
    """What is found of an assignment, or of all that students can see in a course."""

    course: Course
    assignment: Assignment | None
    charts: list[Chart]
    atlas: list[Entry]

    def rows(self) -> Iterator[Sequence[Cell]]:
        """As a table, with its titles."""
        yield COLUMNS
        for chart in [*self.charts, *map(misconceptions.week_chart, self.atlas)]:
            yield from chart.rows()


@dataclass(frozen=True)
class Closer:
    """One misconception from near: who had it, in which weeks, and how it looks."""

    course: Course
    entry: Entry
    weeks: Chart
    holders: list[Holder]
    example: str | None


def of_assignment(session: Session, actor: Actor, assignment_id: int) -> Analysis:
    """How a class works at an assignment, and what it does not understand of it.

    Raises NotFound, Forbidden.
    """
    asked = permissions.assignment(session, actor, assignment_id, Right.SEE_CLASS)
    course, one = asked.course, [asked]
    efforts = work.efforts(session, asked)
    atlas = misconceptions.atlas(session, course, one, most=_ATLAS)
    charts = [
        work.score_chart(asked, work.scores(session, course.id, one)[asked.id]),
        work.time_chart(asked, work.days(session, course, one)[asked.id], course.timezone),
        work.attempts_chart(efforts),
        work.span_chart(efforts),
        misconceptions.chart(atlas),
        *checks.charts(asked, checks.shares(session, asked)),
    ]
    return Analysis(course, asked, charts, atlas)


def of_course(session: Session, actor: Actor, course_id: int) -> Analysis:
    """The scores of each assignment that students can see, and the atlas of all of them.

    Raises NotFound, Forbidden.
    """
    course = permissions.course(session, actor, course_id, Right.SEE_CLASS)
    seen = _seen(session, course)
    scores = work.scores(session, course_id, seen)
    days = work.days(session, course, seen)
    atlas = misconceptions.atlas(session, course, seen, most=_ATLAS)
    charts = [misconceptions.chart(atlas)]
    for one in seen:
        for chart in (
            work.score_chart(one, scores[one.id]),
            work.time_chart(one, days[one.id], course.timezone),
        ):
            charts.append(chart.titled(one.title))
    return Analysis(course, None, charts, atlas)


def of_misconception(session: Session, actor: Actor, course_id: int, key: Key) -> Closer:
    """One misconception in a course. Raises NotFound, Forbidden."""
    course = permissions.course(session, actor, course_id, Right.SEE_CLASS)
    seen = _seen(session, course)
    found = misconceptions.atlas(session, course, seen, key=key)
    if not found:
        raise NotFound("Nobody in this course has had this misconception.")
    entry, holders = found[0], misconceptions.holders(session, course, seen, key)
    shown = examples.example(session, course_id, seen, key)
    return Closer(course, entry, misconceptions.week_chart(entry), holders, shown)


def _seen(session: Session, course: Course) -> list[Assignment]:
    moment = now()
    found = assignments.all_of(session, course.id)
    return [one for one in found if totals.is_counted(one, moment)]
