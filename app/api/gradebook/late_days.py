"""Owns the routes about late days: what a course gives each student, and spending one's own."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from app.api.routing import AssignmentId, Caller, CourseId, errors, router
from app.api.views import CourseView, View
from app.grading.rules import late_days
from app.http.dependencies import Db
from app.identity import permissions


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
def show_late_days(assignment_id: AssignmentId, actor: Caller, session: Db) -> PurseView:
    """How many are spent here, and how many are left. Scope: `courses:read`."""
    assignment = permissions.assignment(session, actor, assignment_id)
    return PurseView.model_validate(late_days.purse(session, assignment, actor.user.id))


@router.put(
    "/assignments/{assignment_id}/late-days",
    tags=["submissions"],
    summary="Spend late days on an assignment",
    responses=errors(400, 403, 404, 409, 413),
)
def spend_late_days(
    assignment_id: AssignmentId, wanted: Days, actor: Caller, session: Db
) -> PurseView:
    """Have spent just so many; fewer than before gives some back. Scope: `submissions:write`."""
    found = late_days.spend(session, actor, assignment_id, wanted.days)
    session.commit()
    return PurseView.model_validate(found)


@router.put(
    "/courses/{course_id}/late-days",
    tags=["courses"],
    summary="Give each student late days",
    responses=errors(400, 403, 404, 413),
)
def give_late_days(course_id: CourseId, wanted: Days, actor: Caller, session: Db) -> CourseView:
    """How many each may spend in all; what is spent stays spent. Scope: `courses:write`."""
    course = late_days.budget(session, actor, course_id, wanted.days)
    session.commit()
    return CourseView.of(course, permissions.role_in(session, actor, course_id))
