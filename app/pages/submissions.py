"""Owns a submission's page: where it stands, its verdict, its source."""

from __future__ import annotations

import uuid
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.responses import StreamingResponse

from app.gradebook import standing
from app.gradebook.changes import ByHand, SetByHand
from app.gradebook.talk import comments
from app.grading import submissions
from app.grading.rules import choices, members, terms
from app.grading.showing import looks, seen, sights
from app.grading.showing.seen import Seen
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Kind, Status, StoredGrade
from app.pages import events
from app.regrades import preview
from app.rendering import report_view, source_view, visibility
from app.rendering.next_steps import next_steps
from app.rendering.templates import page
from app.scheduling import queue_position
from app.visibility.rules import Shown
from app.visibility.steps import Step

router = page_routes("/submissions/{submission_id}")
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


@router.post("/looks")
def look(
    session: Db,
    person: SignedIn,
    submission_id: uuid.UUID,
    exercise: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "",
) -> Response:
    """Look at the next step of what is wrong in an exercise of one's own, which is noted."""
    looks.look(session, person, submission_id, exercise, Step.named(step))
    session.commit()
    return RedirectResponse(f"/submissions/{submission_id}#{quote(exercise)}-shown", 303)


@router.post("/choose")
def choose(session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """Have this attempt of one's own count, and go to the grade."""
    chosen = choices.choose(session, person, submission_id)
    session.commit()
    return RedirectResponse(f"/assignments/{chosen.assignment_id}/grades/{person.user.id}", 303)


def _seen(session: Db, person: Actor, submission_id: uuid.UUID) -> dict[str, Any]:
    submission = submissions.get(session, person, submission_id)
    course = submission.assignment.course
    rights = permissions.rights_in(session, person, course.id)
    found = report_view.of_submission(submission, submission.early(session))
    said = comments.of_submission(session, submission)
    assignment, is_own = submission.assignment, _is_own(session, person, submission)
    subject = person.user.id if is_own else submission.user_id
    above, below = report_view.notes(submission)
    return {
        "submission": submission,
        "assignment": assignment,
        "course": course,
        "rights": rights,
        "is_own": is_own,
        "sight": submission.sight,
        **_kept_back(session, submission, subject, is_own=is_own),
        "looks": looks.of(session, submission.id) if assignment.hints_in_steps else [],
        "comments": said,
        "may_comment": Right.GRADE in rights and not is_own and submission.kind is Kind.ATTEMPT,
        "is_by_hand": _is_by_hand(session, submission, subject),
        "subject": subject,
        **_timing(session, person, submission, subject, is_member=bool(rights)),
        "can_regrade": Right.MANAGE in rights
        and submission.is_settled
        and submission.kind is Kind.ATTEMPT,
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


def _kept_back(session: Db, submission: Seen, owner: int, *, is_own: bool) -> dict[str, Any]:
    """What the student is not shown yet, and their sight, where whoever looks sees more."""
    assignment = submission.assignment
    if not assignment.visibility.hide or (is_own and submission.sight.is_whole):
        return {"to_come": [], "student_sight": None}
    sight = sights.of_student(session, assignment, owner)
    window = terms.of(session, assignment, owner).window
    return {
        "to_come": visibility.to_come(
            assignment, sight, window, now(), "your" if is_own else "their"
        ),
        "student_sight": None if is_own else sight,
    }


def _is_by_hand(session: Db, submission: Seen, subject: int) -> bool:
    """Whether anything was set by hand of the grade that is told of."""
    grade = session.get(StoredGrade, (submission.assignment_id, subject))
    was_set = SetByHand.of(grade, submission.sight)
    return was_set.at is not None and was_set.what != ByHand()


def _is_own(session: Db, person: Actor, submission: Seen) -> bool:
    """Whether it is the work of whoever looks, alone or with others."""
    attempt = submission.of_id or submission.id
    is_member = members.counts_for(session, attempt, person.user.id)
    return submission.user_id == person.user.id or is_member


def _timing(
    session: Db, person: Actor, submission: Seen, owner: int, *, is_member: bool
) -> dict[str, Any]:
    """By which rules it counts for a student, whether it does, and whether another may follow."""
    assignment = submission.assignment
    outlook = standing.outlook(session, person, assignment, owner)
    return {
        **outlook._asdict(),
        "members": submission.members if submission.team_id else [],
        "is_full": report_view.is_full(submission) and submission.sight.has_all_in_time,
        "verdict_of": submission.of_id,
        "measured_by": standing.measured_by(session, submission, outlook.terms),
        "is_open": is_member and outlook.terms.window.is_open(now()),
        "left": outlook.allowance.left,
        "counting": seen.counting(session, person, assignment, owner)
        if submission.sight.score is Shown.WHOLE
        else None,
        "before": submissions.best_before(session, submission, owner),
    }


def _queue(session: Db, submission: Seen) -> dict[str, Any] | None:
    """Its place and expected wait, while it waits."""
    if submission.status is not Status.QUEUED:
        return None
    ahead = queue_position.position(session, submission.id)
    return {
        "ahead": ahead,
        "wait": queue_position.expected_wait(session, ahead),
        "is_long": (now() - submission.queued_at).total_seconds() > _LONG_S,
    }
