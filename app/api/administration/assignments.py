"""Owns the routes by which assignments come and go: made, copied, deleted."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import AssignmentChange, Text, check_match
from app.api.routing import AssignmentId, Caller, CourseId, errors, etag_of, router
from app.api.views import AssignmentView
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right
from app.models import Assignment
from app.teaching import assignments, copying, deletion
from app.teaching.drafts import Draft


class AssignmentCopy(BaseModel):
    """The assignment that a copy is to be."""

    model_config = ConfigDict(extra="forbid")

    title: Text = Field("", description="Empty: the first one's, with a number behind it.")
    weeks: int = Field(0, ge=0, le=copying.MOST_WEEKS, description="Its dates move on by so many.")
    teams: bool = Field(False, description="Its teams go along, as they are now.")


@router.post(
    "/courses/{course_id}/assignments",
    tags=["courses"],
    summary="Make an assignment",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def make_assignment(
    course_id: CourseId,
    new: AssignmentChange,
    actor: Caller,
    session: Db,
    response: Response,
) -> AssignmentView:
    """It needs a title and exercises. Students see it once it is `published`, which it is not
    where that is left out. Scope: `courses:write`.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    draft = new.of(Draft("", {}, published=False), course.timezone)
    made = assignments.save(session, actor, course_id, draft)
    session.commit()
    return _shown(session, actor, made, response)


@router.post(
    "/assignments/{assignment_id}/copies",
    tags=["courses"],
    summary="Copy an assignment",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def copy_assignment(
    assignment_id: AssignmentId,
    wanted: AssignmentCopy,
    actor: Caller,
    session: Db,
    response: Response,
) -> AssignmentView:
    """Into the same course, not published yet; days of the week stay. Scope: `courses:write`."""
    made = copying.copy_assignment(
        session,
        actor,
        assignment_id,
        weeks=wanted.weeks,
        title=wanted.title or None,
        with_teams=wanted.teams,
    )
    session.commit()
    return _shown(session, actor, made, response)


@router.delete(
    "/assignments/{assignment_id}",
    tags=["courses"],
    summary="Delete an assignment without work",
    status_code=204,
    responses=errors(403, 404, 409, 412, 428),
)
def delete_assignment(
    assignment_id: AssignmentId, actor: Caller, session: Db, if_match: IfMatch = None
) -> None:
    """Only one on which nobody has worked (409); the log keeps it. Scope: `courses:write`."""
    found = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    rights = permissions.rights_in(session, actor, found.course_id)
    check_match(if_match, etag_of(AssignmentView.of(found, rights)))
    deletion.delete_assignment(session, actor, assignment_id)
    session.commit()


def _shown(session: Db, actor: Caller, made: Assignment, response: Response) -> AssignmentView:
    view = AssignmentView.of(made, permissions.rights_in(session, actor, made.course_id))
    response.headers["location"] = f"/api/v1/assignments/{made.id}"
    response.headers["etag"] = etag_of(view)
    return view
