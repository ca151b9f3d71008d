"""Owns the routes by which results are released to students, and taken back."""

from __future__ import annotations

from app.api.routing import AssignmentId, Caller, errors, router
from app.api.views import AssignmentView
from app.http.dependencies import Db
from app.identity import permissions
from app.models import Assignment
from app.teaching import releases


@router.post(
    "/assignments/{assignment_id}/release",
    tags=["courses"],
    summary="Release an assignment's results",
    responses=errors(403, 404, 409),
)
def release_results(assignment_id: AssignmentId, actor: Caller, session: Db) -> AssignmentView:
    """All students see what is set to be shown after release; done twice it is done once.

    409 where nothing waits for it. Scope: `courses:write`.
    """
    released = releases.release(session, actor, assignment_id)
    session.commit()
    return _shown(session, actor, released)


@router.delete(
    "/assignments/{assignment_id}/release",
    tags=["courses"],
    summary="Take a release back",
    responses=errors(403, 404),
)
def take_release_back(assignment_id: AssignmentId, actor: Caller, session: Db) -> AssignmentView:
    """Students see it no longer. Scope: `courses:write`."""
    assignment = releases.take_back(session, actor, assignment_id)
    session.commit()
    return _shown(session, actor, assignment)


def _shown(session: Db, actor: Caller, assignment: Assignment) -> AssignmentView:
    rights = permissions.rights_in(session, actor, assignment.course_id)
    return AssignmentView.of(assignment, rights)
