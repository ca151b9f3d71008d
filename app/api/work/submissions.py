"""Owns the routes about submissions: hand in, look, list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, File, Form, Path, Query, Request, Response, UploadFile
from pydantic import AfterValidator, BaseModel, ConfigDict
from starlette.datastructures import FormData

from app.api.paging import Bookmark, Paged, Since, unusable
from app.api.routing import LARGEST_ID, AssignmentId, Caller, allow, errors, router
from app.api.sis_ids import OF_USER
from app.api.work.verdicts import Accepted, SubmissionSummary, SubmissionView
from app.errors import Unprocessable
from app.grading import handing_in, listings, receipts, submissions, uploads
from app.grading.rules import choices
from app.grading.showing import looks
from app.grading.showing.seen import Seen
from app.http.declared import body
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Status
from app.scheduling import queue_position
from app.settings import settings
from app.visibility.steps import Step


def _storable(text: str) -> str:
    if "\0" in text or not text.isprintable():
        raise ValueError("holds a character that no e-mail address or id has")
    return text.strip().removeprefix(OF_USER)


async def _sent(request: Request) -> FormData:
    return await request.form()


def check_form(form: FormData, fields: Sequence[str] = ("file", "student")) -> None:
    """Raise Unprocessable for what the framework would pass over: the wrong person's attempt.

    A field that nobody knows is a misspelt one, and an empty `student` was meant to be somebody.
    """
    wrong = {}
    for field in form:
        sent = form.getlist(field)
        if field not in fields:
            known = " and ".join(f"`{one}`" for one in fields)
            wrong[field[:80]] = f"is not a field of this form; it has {known}"
        elif len(sent) > 1:
            wrong[field] = f"was sent {len(sent)} times; send it once"
        elif isinstance(sent[0], str) and not _storable(sent[0]):
            wrong[field] = "is empty; leave it out to hand in as the token's holder"
    if wrong:
        said = "; ".join(f"`{field}` {message}" for field, message in wrong.items())
        raise Unprocessable(f"Nothing was taken: {said}.", errors=wrong)


Student = Annotated[str, AfterValidator(_storable)]
Sent = Annotated[FormData, Depends(_sent)]
SentFile = Annotated[
    UploadFile,
    File(description="One Python file, in UTF-8.", json_schema_extra={"format": "binary"}),
]
SentFor = Annotated[
    Student | None,
    Form(
        max_length=300,
        description="E-mail address or external id (`sis_user_id:` may stand before it) of "
        "the student to hand in for; needs `submissions:behalf` and to teach the course.",
    ),
]
SubmissionId = Annotated[uuid.UUID, Path(description="The number on the receipt of the upload.")]


ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {
        "headers": {
            "Location": {
                "description": "Where the submission is.",
                "schema": {"type": "string"},
            },
        }
    }
}


@router.post(
    "/assignments/{assignment_id}/submissions",
    tags=["submissions"],
    summary="Hand in a file",
    status_code=202,
    responses={**ACCEPTED, **errors(400, 403, 404, 408, 409, 413)},
)
@body("/api/v1/assignments/{assignment_id}/submissions", uploads.too_large, takes_files=True)
def hand_in(
    assignment_id: AssignmentId,
    request: Request,
    response: Response,
    actor: Caller,
    session: Db,
    sent: Sent,
    file: SentFile,
    student: SentFor = None,
) -> Accepted:
    """Answers at once; the file is stored then, and graded in its turn. Scope: `submissions:write`.

    Nothing is ever run here: a file that does not parse is taken as well, and graded 0 with a
    message that says where it breaks.
    """
    allow(request, "submit", settings().submit_limit, actor)
    check_form(sent)
    upload = uploads.received(file.filename or "", file.file.read())

    made = handing_in.hand_in(
        session,
        actor,
        assignment_id,
        upload,
        student=student,
        began_at=request.state.began_at,
    )
    receipt = receipts.given(session, made)
    session.commit()
    request.state.submission_id = made.id
    response.headers["location"] = f"/api/v1/submissions/{made.id}"
    return Accepted(id=made.id, status=Status.QUEUED, receipt=receipt)


@router.get(
    "/submissions/{submission_id}",
    tags=["submissions"],
    summary="A submission with its score and every check",
    responses=errors(403, 404),
)
def show_submission(
    submission_id: SubmissionId, request: Request, actor: Caller, session: Db
) -> SubmissionView:
    """Scores and checks come with status `graded`. One's own, or any for teaching staff.

    Poll it with `If-None-Match`, or listen to `/events`. Scope: `submissions:read`.
    """
    request.state.submission_id = submission_id
    return whole(session, actor, submission_id)


def whole(session: Db, actor: Actor, submission_id: uuid.UUID) -> SubmissionView:
    """A submission as the actor may see it; raises NotFound, Forbidden."""
    found = submissions.get(session, actor, submission_id)
    rights = permissions.rights_in(session, actor, found.assignment.course_id)
    staff, asked = Right.SEE_GRADEBOOK in rights, looks.of(session, found.id)
    if found.status is not Status.QUEUED:
        return SubmissionView.whole(found, 0, None, with_remarks=staff, looks=asked)
    ahead = queue_position.position(session, found.id)
    wait = round(queue_position.expected_wait(session, ahead), 1)
    return SubmissionView.whole(found, ahead, wait, with_remarks=staff, looks=asked)


class Look(BaseModel):
    """The step to look at."""

    model_config = ConfigDict(extra="forbid")

    step: Literal["family", "hint", "evidence"]


@router.post(
    "/submissions/{submission_id}/exercises/{exercise}/looks",
    tags=["submissions"],
    summary="Look at the next hint",
    responses=errors(400, 403, 404, 409, 413),
)
def look_at_hint(
    submission_id: SubmissionId,
    exercise: Annotated[str, Path(max_length=100, description="The exercise's slug.")],
    wanted: Look,
    actor: Caller,
    session: Db,
) -> SubmissionView:
    """Where hints come in steps: of one's own work, one step after the other. Each look is noted
    once, and costs nothing. Scopes: `submissions:write` and `submissions:read`.
    """
    looks.look(session, actor, submission_id, exercise, Step.named(wanted.step))
    session.commit()
    return whole(session, actor, submission_id)


@router.post(
    "/submissions/{submission_id}/choose",
    tags=["submissions"],
    summary="Choose the attempt that counts",
    responses=errors(403, 404, 409),
)
def choose_attempt(submission_id: SubmissionId, actor: Caller, session: Db) -> SubmissionSummary:
    """Have one's own attempt count, where the assignment leaves that to students.

    Until it closes another one can be chosen. Scopes: `submissions:write` and `submissions:read`.
    """
    chosen = choices.choose(session, actor, submission_id)
    session.commit()
    return SubmissionSummary.of(chosen)


@router.get(
    "/assignments/{assignment_id}/submissions",
    tags=["submissions"],
    summary="Submissions to an assignment, newest first",
    responses=errors(403, 404),
)
def list_submissions(
    assignment_id: AssignmentId,
    actor: Caller,
    session: Db,
    pager: Paged,
    student: Annotated[
        Student | None,
        Query(
            max_length=300,
            description="Only this person's: an e-mail address, an external id, or `me`.",
        ),
    ] = None,
    section: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Only of who is in this section.")
    ] = None,
    status: Annotated[Status | None, Query(description="Only those that are so now.")] = None,
    since: Since = None,
) -> list[SubmissionSummary]:
    """A student's own; everybody's for teaching staff.

    `since` is for those that were handed in, or got the score that they have, then or later.

    Scopes: `courses:read` and `submissions:read`.
    """
    after = None if pager.bookmark is None else _place(pager.bookmark)
    search = listings.Search(student, section, status, since)
    found = listings.of_assignment(
        session, actor, assignment_id, search, after=after, limit=pager.size + 1
    )
    return [SubmissionSummary.of(one) for one in pager.shown(found, _bookmark)]


def _bookmark(submission: Seen) -> Bookmark:
    moment, number = listings.place(submission)
    return [moment.isoformat(), str(number)]


def _place(bookmark: Bookmark) -> listings.Place:
    try:
        moment, number = bookmark
        place = datetime.fromisoformat(moment), uuid.UUID(number)
    except ValueError:
        raise unusable() from None
    if place[0].tzinfo is None:
        raise unusable()
    return place
