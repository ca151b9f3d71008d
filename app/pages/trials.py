"""Owns the place to work on a file: an editor, trying without handing in, handing a trial in."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import (
    Conflict,
    NotFound,
    Problem,
    TooLarge,
    TooMany,
    Unprocessable,
)
from app.gradebook import standing
from app.grading import handing_in, submissions, trials, uploads
from app.grading.showing.seen import Seen
from app.http import dependencies
from app.http.declared import body
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure import rate_limits
from app.infrastructure.clock import now
from app.models import Assignment, Kind
from app.pages.hand_in_form import FOR_LATER, HandInForm, not_taken, opened
from app.rendering import report_view, source_view
from app.rendering.templates import page
from app.settings import settings
from graders.exercises import EXERCISES, starter

router = page_routes()


@router.get("/assignments/{assignment_id}/work")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    start: uuid.UUID | Literal["starter"] | None = None,
) -> Response:
    """The editor, with one's last work in it or the starter file; `start` names what else."""
    assignment = permissions.read_assignment(session, person, assignment_id)
    if start == "starter":
        work = None
    elif start is None:
        work = trials.latest_work(session, person, assignment_id)
    else:
        work = _own(session, person, assignment_id, start)
    return _page(request, session, person, assignment, _beginning(assignment, work))


@router.get("/assignments/{assignment_id}/trial")
def show_again(assignment_id: int) -> Response:
    """What stands in the address bar after a refused trial leads back to the editor."""
    return RedirectResponse(f"/assignments/{assignment_id}/work", 303)


@router.post("/assignments/{assignment_id}/trial")
@body(
    "/assignments/{assignment_id}/trial",
    uploads.too_large,
    page="/assignments/{assignment_id}",
    takes_files=True,
)
def try_file(
    request: Request,
    session: Db,
    assignment_id: int,
    form: Annotated[HandInForm, Depends(opened)],
) -> Response:
    """Grade a file without handing it in, and go to its page; nothing that came is lost."""
    try:
        person = dependencies.person(dependencies.visitor(request, session))
        return _try_file(request, session, person, assignment_id, form)
    except FOR_LATER as error:
        return not_taken(request, error, form, assignment_id, is_trial=True)


def _try_file(
    request: Request, session: Db, person: Actor, assignment_id: int, form: HandInForm
) -> Response:
    try:
        rate_limits.take("trial", settings().trial_limit, person.key)
        made = handing_in.try_file(
            session,
            person,
            assignment_id,
            form.upload(),
            key=form.key,
            began_at=request.state.began_at,
        )
    except (Conflict, TooLarge, TooMany, Unprocessable) as problem:
        session.rollback()
        assignment = permissions.read_assignment(session, person, assignment_id)
        typed: dict[str, Any] = {
            "text": form.text,
            "served": "what you sent",
            "marks": [],
            "work": None,
        }
        return _page(request, session, person, assignment, typed, problem)
    session.commit()
    return RedirectResponse(f"/submissions/{made.id}", 303)


@router.post("/submissions/{submission_id}/hand-in")
def hand_in(
    session: Db, person: SignedIn, submission_id: uuid.UUID, key: Annotated[str, Form()] = ""
) -> Response:
    """Hand in the file that was tried."""
    rate_limits.take("submit", settings().submit_limit, person.key)
    made = handing_in.hand_in_trial(session, person, submission_id, key=key)
    session.commit()
    return RedirectResponse(f"/submissions/{made.id}", 303)


def _own(session: Db, person: Actor, assignment_id: int, start: uuid.UUID) -> Seen:
    found = submissions.get(session, person, start)
    if found.assignment_id != assignment_id or found.user_id != person.user.id:
        raise NotFound("There is no such work of yours in this assignment.")
    return found


def _beginning(assignment: Assignment, work: Seen | None) -> dict[str, Any]:
    """What the editor begins with: its text, what that is in words, what was said of its lines."""
    if work is None:
        text = starter(list(assignment.points))
        return {"text": text, "served": "the starter file", "marks": [], "work": None}
    was_tried = work.kind is Kind.TRIAL
    said = report_view.marks(work, report_view.of_submission(work))
    return {
        "work": work,
        "text": source_view.readable(work.source),
        "served": "what you tried last" if was_tried else f"your attempt {work.attempt}",
        "marks": [
            {"line": line, "message": mark.text} for line, all_ in said.items() for mark in all_
        ],
    }


def _page(
    request: Request,
    session: Db,
    person: Actor,
    assignment: Assignment,
    beginning: dict[str, Any],
    problem: Problem | None = None,
) -> Response:
    outlook = standing.outlook(session, person, assignment, person.user.id)
    return page(
        request,
        "work.html",
        person,
        problem.status if problem else 200,
        assignment=assignment,
        course=assignment.course,
        exercises=[(EXERCISES[slug], points) for slug, points in assignment.points.items()],
        left=outlook.allowance.left,
        **outlook._asdict(),
        moment=now(),
        problem=problem,
        **beginning,
    )
