"""Owns the routes about what a class does not understand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import Query
from pydantic import Field

from app.analytics import overview
from app.analytics.charts import Chart
from app.analytics.misconceptions import Entry
from app.analytics.overview import Analysis, Closer
from app.api.routing import AssignmentId, Caller, CourseId, errors, router
from app.api.views import PersonView, View
from app.http.dependencies import Db


class BarView(View):
    """One number of a chart."""

    label: str
    number: int
    of: int | None = Field(description="What it is a part of, where it is one.")


class ChartView(View):
    """Numbers of one kind, and the finding in them."""

    name: str
    finding: str = Field(description="A sentence.")
    about: str = Field(description="The assignment, in a course's charts.")
    axis: str = Field(description="What the labels are.")
    counted: str = Field(description="What the numbers count.")
    bars: list[BarView]


class MisconceptionView(View):
    """One misconception in a class."""

    exercise: str = Field(description="The exercise's slug.")
    name: str
    hint: str
    had: int = Field(description="Students who had it in some attempt.")
    now: int = Field(description="Of these, who have it in the attempt that counts.")
    over: int = Field(description="Of these, who have the exercise right there.")
    attempts: int
    asked: int = Field(description="Students who handed in where the exercise is asked.")
    weeks: dict[date, int] = Field(description="Students who showed it, by the week's Monday.")

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry of the atlas."""
        names = ("name", "hint", "had", "now", "over", "attempts", "asked")
        weeks = {monday.date(): number for monday, number in entry.weeks.items()}
        same = {name: getattr(entry, name) for name in names}
        return cls(exercise=entry.slug, weeks=weeks, **same)


class AnalysisView(View):
    """What is found of a class."""

    charts: list[ChartView]
    misconceptions: list[MisconceptionView] = Field(description="The commonest first.")

    @classmethod
    def of(cls, found: Analysis) -> Self:
        """What pages show."""
        return cls(
            charts=[_chart(one) for one in found.charts],
            misconceptions=[MisconceptionView.of(one) for one in found.atlas],
        )


class HolderView(View):
    """A student who had a misconception."""

    student: PersonView
    assignment_id: int
    submission_id: str = Field(description="The last attempt that shows it.")
    has_it: bool
    is_over: bool


class CloserView(View):
    """One misconception from near."""

    misconception: MisconceptionView
    example: str | None = Field(description="A student's lines, without comments and names.")
    holders: list[HolderView]

    @classmethod
    def of(cls, found: Closer) -> Self:
        """What its page shows."""
        return cls(
            misconception=MisconceptionView.of(found.entry),
            example=found.example,
            holders=[
                HolderView(
                    student=PersonView.model_validate(one.student),
                    assignment_id=one.assignment.id,
                    submission_id=str(one.attempt.id),
                    has_it=one.has_it,
                    is_over=one.is_over,
                )
                for one in found.holders
            ],
        )


def _chart(chart: Chart) -> ChartView:
    return ChartView.model_validate(chart)


@router.get(
    "/assignments/{assignment_id}/analytics",
    tags=["courses"],
    summary="What a class does not understand of an assignment",
    responses=errors(403, 404),
)
def show_assignment_analytics(
    assignment_id: AssignmentId, actor: Caller, session: Db
) -> AnalysisView:
    """Scores, hand-ins over time, attempts, checks and misconceptions; for teaching staff.

    Scope: `gradebook:read`.
    """
    return AnalysisView.of(overview.of_assignment(session, actor, assignment_id))


@router.get(
    "/courses/{course_id}/analytics",
    tags=["courses"],
    summary="What a class does not understand",
    responses=errors(403, 404),
)
def show_course_analytics(course_id: CourseId, actor: Caller, session: Db) -> AnalysisView:
    """Over all assignments that students can see; for teaching staff. Scope: `gradebook:read`."""
    return AnalysisView.of(overview.of_course(session, actor, course_id))


@router.get(
    "/courses/{course_id}/analytics/misconception",
    tags=["courses"],
    summary="Who has a misconception, and how it looks",
    responses=errors(403, 404),
)
def show_misconception(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    exercise: Annotated[str, Query(max_length=200, description="The exercise's slug.")],
    name: Annotated[str, Query(max_length=200, description="The misconception's name.")],
) -> CloserView:
    """404 where nobody has had it. Scope: `gradebook:read`."""
    return CloserView.of(overview.of_misconception(session, actor, course_id, (exercise, name)))
