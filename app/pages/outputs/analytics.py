"""Owns the pages of what a class does not understand: of an assignment, of a course, and one
misconception from near or on a projector."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from app.analytics import overview
from app.analytics.overview import Analysis
from app.http.dependencies import Db, SignedIn
from app.http.downloads import attachment
from app.http.routes import page_routes
from app.identity import permissions
from app.infrastructure.spreadsheets import Habit, file_name, written
from app.rendering.templates import page

router = page_routes()


@router.get("/assignments/{assignment_id}/analytics")
def of_assignment(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """How a class works at an assignment, and what it does not understand."""
    found = overview.of_assignment(session, person, assignment_id)
    return _page(request, session, person, found)


@router.get("/assignments/{assignment_id}/analytics.csv")
def csv_of_assignment(
    session: Db, person: SignedIn, assignment_id: int, habit: Habit = Habit.POINT
) -> Response:
    """The same numbers as CSV."""
    return _csv(overview.of_assignment(session, person, assignment_id), habit)


@router.get("/courses/{course_id}/analytics")
def of_course(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """What a class does not understand, over all assignments."""
    return _page(request, session, person, overview.of_course(session, person, course_id))


@router.get("/courses/{course_id}/analytics.csv")
def csv_of_course(
    session: Db, person: SignedIn, course_id: int, habit: Habit = Habit.POINT
) -> Response:
    """The same numbers as CSV."""
    return _csv(overview.of_course(session, person, course_id), habit)


@router.get("/courses/{course_id}/analytics/misconception")
def of_misconception(
    request: Request, session: Db, person: SignedIn, course_id: int, exercise: str, name: str
) -> Response:
    """Who has one now, who got over it, and how it looks."""
    found = overview.of_misconception(session, person, course_id, (exercise, name))
    rights = permissions.rights_in(session, person, course_id)
    return page(
        request, "outputs/misconception.html", person, found=found, rights=rights,
        course=found.course,
    )  # fmt: skip


@router.get("/courses/{course_id}/analytics/projector")
def on_a_projector(
    request: Request, session: Db, person: SignedIn, course_id: int, exercise: str, name: str
) -> Response:
    """The same to be shown in a lecture: large, and without a name."""
    found = overview.of_misconception(session, person, course_id, (exercise, name))
    return page(request, "outputs/projector.html", None, found=found, course=found.course)


def _page(request: Request, session: Db, person: SignedIn, found: Analysis) -> Response:
    return page(
        request,
        "outputs/analytics.html",
        person,
        found=found,
        course=found.course,
        assignment=found.assignment,
        rights=permissions.rights_in(session, person, found.course.id),
    )


def _csv(found: Analysis, habit: Habit) -> Response:
    what = f"analytics-{found.assignment.id}" if found.assignment else "analytics"
    name = file_name(what, found.course.code, "csv")
    return attachment(written(found.rows(), habit), "text/csv; charset=utf-8", name)
