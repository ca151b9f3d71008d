"""Owns the routes about late days: what a course gives each student, and spending one's own."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import check_match
from app.api.routing import AssignmentId, Caller, CourseId, errors, etag_of, router
from app.api.views import CourseView, View
from app.grading.rules import late_days, terms
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right


class PurseView(View):
    """One's own late days, as one assignment sees them."""

    spent: int = Field(description="On this assignment.")
    left: int = Field(description="In the course.")
    most: int = Field(description="That may be spent on this assignment.")


class Days(BaseModel):
    """A number of late days."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(ge=0, le=late_days.MOST)


@router.get(
    "/assignments/{assignment_id}/late-days",
    tags=["submissions"],
    summary="One's own late days",
    responses=errors(403, 404),
)
def show_late_days(
    assignment_id: AssignmentId, actor: Caller, session: Db, response: Response
) -> PurseView:
    """How many are spent here, and how many are left. Scope: `courses:read`."""
    assignment = permissions.assignment(session, actor, assignment_id)
    view = PurseView.model_validate(late_days.purse(session, assignment, actor.user.id))
    response.headers["etag"] = etag_of(view)
    return view


@router.put(
    "/assignments/{assignment_id}/late-days",
    tags=["submissions"],
    summary="Spend late days on an assignment",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def spend_late_days(
    assignment_id: AssignmentId,
    wanted: Days,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> PurseView:
    """Have spent just so many; fewer than before gives some back. Scope: `submissions:write`."""
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    before = late_days.purse(session, assignment, actor.user.id)
    check_match(if_match, etag_of(PurseView.model_validate(before)))
    found = late_days.spend(session, actor, assignment_id, wanted.days)
    session.commit()
    view = PurseView.model_validate(found)
    response.headers["etag"] = etag_of(view)
    return view


@router.put(
    "/courses/{course_id}/late-days",
    tags=["courses"],
    summary="Give each student late days",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def give_late_days(
    course_id: CourseId,
    wanted: Days,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> CourseView:
    """How many each may spend in all; what is spent stays spent. The `ETag` is the course's.

    Scope: `courses:write`.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    role, seen = permissions.role_in(session, actor, course_id), course.late_days
    check_match(if_match, etag_of(CourseView.of(course, role)))
    late_days.budget(session, actor, course_id, wanted.days, seen=seen)
    session.commit()
    view = CourseView.of(course, role)
    response.headers["etag"] = etag_of(view)
    return view
