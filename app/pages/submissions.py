"""Owns a submission's page: where it stands, its verdict, its source."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.responses import StreamingResponse

from app.gradebook import standing
from app.gradebook.talk import comments
from app.grading import submissions
from app.grading.rules import choices
from app.http.dependencies import Db, SignedIn
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Kind, Status, StoredGrade, Submission
from app.pages import events
from app.regrades import preview
from app.rendering import report_view, source_view
from app.rendering.next_steps import next_steps
from app.rendering.templates import page
from app.scheduling import progress, queue_position

router = APIRouter(prefix="/submissions/{submission_id}")
_LONG_S = 20


@router.get("")
def show(request: Request, session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """The page, at once after the upload; what changes on it is the panel."""
    return page(request, "submission.html", person, **_seen(session, person, submission_id))


@router.get("/panel")
def panel(request: Request, session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """The part of the page that changes, by itself."""
    return page(request, "submission_panel.html", person, **_seen(session, person, submission_id))


@router.get("/events", dependencies=[Depends(events.place)])
async def stream(request: Request, submission_id: uuid.UUID) -> Response:
    """Server-sent events that say when to fetch the panel again."""
    return StreamingResponse(
        events.changes(request, submission_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@router.get("/source.py")
def raw(session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """The file as it was handed in, byte by byte."""
    submission = submissions.get(session, person, submission_id)
    return Response(
        submission.source,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{submission_id}.py"'},
    )


@router.post("/choose")
def choose(session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """Have this attempt of one's own count, and go to the grade."""
    chosen = choices.choose(session, person, submission_id)
    session.commit()
    return RedirectResponse(f"/assignments/{chosen.assignment_id}/grades/{chosen.user_id}", 303)


def _seen(session: Db, person: Actor, submission_id: uuid.UUID) -> dict[str, Any]:
    submission = submissions.get(session, person, submission_id)
    course = submission.assignment.course
    rights = permissions.rights_in(session, person, course.id)
    found = report_view.of_submission(submission, progress.so_far(session, submission))
    said = comments.of_submission(session, submission)
    assignment, is_own = submission.assignment, submission.user_id == person.user.id
    above, below = report_view.notes(submission)
    return {
        "submission": submission,
        "assignment": assignment,
        "course": course,
        "rights": rights,
        "is_own": is_own,
        "is_full": report_view.is_full(submission),
        "comments": said,
        "may_comment": Right.GRADE in rights and not is_own and submission.kind is Kind.ATTEMPT,
        "grade": session.get(StoredGrade, (assignment.id, submission.user_id)),
        **_timing(session, submission, is_member=bool(rights)),
        "can_regrade": Right.MANAGE in rights
        and submission.is_settled
        and submission.kind is Kind.ATTEMPT,
        "verdict_of": submission.of_id,
        "regraded": preview.of_attempt(session, submission),
        "rows": found,
        "next_steps": next_steps(found),
        "notes_above": above,
        "notes_below": below,
        "remarks": submission.remarks if Right.SEE_GRADEBOOK in rights else None,
        "words": report_view.WORDS,
        "source": source_view.listing(
            source_view.readable(submission.source),
            report_view.marks(submission, found),
            [*report_view.named_lines(found), *(line for line in said if line)],
        ),
        "queue": _queue(session, submission),
    }


def _timing(session: Db, submission: Submission, *, is_member: bool) -> dict[str, Any]:
    """By which rules it counts, whether it does, and whether another may follow."""
    assignment, owner = submission.assignment, submission.user_id
    outlook = standing.outlook(session, assignment, owner)
    return {
        **outlook._asdict(),
        "is_open": is_member and outlook.terms.window.is_open(now()),
        "left": outlook.allowance.left,
        "counting": submissions.counting(session, assignment, owner),
        "before": submissions.best_before(session, submission),
    }


def _queue(session: Db, submission: Submission) -> dict[str, Any] | None:
    """Its place and expected wait, while it waits."""
    if submission.status is not Status.QUEUED:
        return None
    ahead = queue_position.position(session, submission)
    return {
        "ahead": ahead,
        "wait": queue_position.expected_wait(session, ahead),
        "is_long": (now() - submission.queued_at).total_seconds() > _LONG_S,
    }
