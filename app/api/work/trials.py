"""Owns the routes about trials, and about files: the one to begin with, and a submission's."""

from __future__ import annotations

import uuid
from datetime import datetime

from fastapi import Request, Response
from pydantic import Field

from app.api.routing import AssignmentId, Caller, allow, errors, router
from app.api.views import View
from app.api.work.submissions import ACCEPTED, Sent, SentFile, SubmissionId, check_form
from app.api.work.verdicts import Accepted
from app.grading import handing_in, receipts, submissions, trials, uploads
from app.http.declared import body
from app.http.dependencies import Db
from app.identity import permissions
from app.models import Status
from app.settings import settings
from graders.exercises import starter


class Tried(View):
    """A file that is graded as if it were handed in, and counts nowhere."""

    id: uuid.UUID
    status: Status
    kept_until: datetime | None = Field(
        description="Null where trials use up attempts: those are kept as attempts are."
    )


@router.post(
    "/assignments/{assignment_id}/trials",
    tags=["submissions"],
    summary="Try a file without handing it in",
    status_code=202,
    responses={**ACCEPTED, **errors(400, 403, 404, 408, 409, 413)},
)
@body("/api/v1/assignments/{assignment_id}/trials", uploads.too_large, takes_files=True)
def try_file(
    assignment_id: AssignmentId,
    request: Request,
    response: Response,
    actor: Caller,
    session: Db,
    sent: Sent,
    file: SentFile,
) -> Tried:
    """Graded as what is handed in, behind it; read it as a submission. Where the assignment has no
    trials the answer is 409. Scope: `submissions:write`.
    """
    allow(request, "trial", settings().trial_limit, actor)
    check_form(sent, ("file",))
    made = handing_in.try_file(
        session,
        actor,
        assignment_id,
        uploads.received(file.filename or "", file.file.read()),
        began_at=request.state.began_at,
    )
    session.commit()
    request.state.submission_id = made.id
    response.headers["location"] = f"/api/v1/submissions/{made.id}"
    return Tried(id=made.id, status=Status.QUEUED, kept_until=trials.kept_until(made))


@router.post(
    "/submissions/{submission_id}/hand-in",
    tags=["submissions"],
    summary="Hand in what was tried",
    status_code=202,
    responses={**ACCEPTED, **errors(403, 404, 409)},
)
def hand_in_trial(
    submission_id: SubmissionId,
    request: Request,
    response: Response,
    actor: Caller,
    session: Db,
) -> Accepted:
    """The very file of one's own trial becomes an attempt, in time or late as of now.

    Scopes: `submissions:write` and `submissions:read`.
    """
    allow(request, "submit", settings().submit_limit, actor)
    made = handing_in.hand_in_trial(session, actor, submission_id)
    receipt = receipts.given(session, made)
    session.commit()
    request.state.submission_id = made.id
    response.headers["location"] = f"/api/v1/submissions/{made.id}"
    return Accepted(id=made.id, status=made.status, receipt=receipt)


@router.get(
    "/submissions/{submission_id}/source",
    tags=["submissions"],
    summary="The file of a submission",
    response_class=Response,
    responses={
        200: {
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            }
        },
        **errors(403, 404),
    },
)
def show_source(submission_id: SubmissionId, actor: Caller, session: Db) -> Response:
    """As it came, byte for byte. For who may see the submission. Scope: `submissions:read`."""
    found = submissions.get(session, actor, submission_id)
    return Response(
        found.source,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{submission_id}.py"'},
    )


@router.get(
    "/assignments/{assignment_id}/starter",
    tags=["courses"],
    summary="The file to begin with",
    response_class=Response,
    responses={
        200: {"content": {"text/x-python": {"schema": {"type": "string"}}}},
        **errors(403, 404),
    },
)
def show_starter(assignment_id: AssignmentId, actor: Caller, session: Db) -> Response:
    """Python source with a piece for each exercise, once it is open. Scope: `courses:read`."""
    assignment = permissions.read_assignment(session, actor, assignment_id)
    return Response(
        starter(list(assignment.points)),
        media_type="text/x-python; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="assignment-{assignment_id}.py"'},
    )
