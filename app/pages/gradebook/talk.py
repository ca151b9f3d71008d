"""Owns what staff and students say to each other: appeals, their queue, comments."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Unprocessable
from app.gradebook.talk import appeals, comments
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.permissions import Right
from app.models import Appeal
from app.pages.gradebook import grade
from app.pages.gradebook.grade import points_typed
from app.rendering.templates import page

router = page_routes()
Typed = Annotated[str, Form()]


@router.get("/courses/{course_id}/appeals")
def queue(
    request: Request, session: Db, person: SignedIn, course_id: int, closed: bool = False
) -> Response:
    """The open appeals of a course, the oldest first, or those that are closed."""
    course = permissions.course(session, person, course_id, Right.SEE_GRADEBOOK)
    return page(
        request,
        "gradebook/appeals.html",
        person,
        course=course,
        rights=permissions.rights_in(session, person, course_id),
        appeals=appeals.of_course(session, person, course_id, closed=closed),
        closed=closed,
    )


@router.post("/assignments/{assignment_id}/grades/{user_id}/appeals")
def ask(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    user_id: int,
    about: Typed = "",
    text: Typed = "",
) -> Response:
    """Ask for another look; `about` is an exercise, or an exercise and a check of it."""
    exercise, _, check = about.partition("/")
    permissions.require_own(person, user_id)
    try:
        made = appeals.open_one(session, person, assignment_id, exercise, check, text)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"about": about, "appeal": text}
        return grade.shown(
            request, session, person, assignment_id, user_id, problem=problem, typed=typed
        )
    session.commit()
    return _to(made)


@router.post("/appeals/{appeal_id}/reply")
def reply(
    request: Request,
    session: Db,
    person: SignedIn,
    appeal_id: int,
    text: Typed = "",
    withdraw: Typed = "",
    known: Typed = "",
) -> Response:
    """The student adds something, or withdraws the appeal."""
    appeal = appeals.get(session, person, appeal_id)
    try:
        appeals.reply(
            session, person, appeal_id, text, withdraw=bool(withdraw), known=_known(known)
        )
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        who = (appeal.assignment_id, appeal.user_id)
        typed = {f"reply-{appeal_id}": text}
        return grade.shown(request, session, person, *who, problem=problem, typed=typed)
    session.commit()
    return _to(appeal)


@router.post("/appeals/{appeal_id}/answer")
def answer(
    request: Request,
    session: Db,
    person: SignedIn,
    appeal_id: int,
    text: Typed = "",
    points: Typed = "",
    ask: Typed = "",
    seen: Typed = "",
    known: Typed = "",
) -> Response:
    """Staff answer: with other points, without, or with a question, so that it stays open."""
    appeal = appeals.get(session, person, appeal_id)
    try:
        appeals.answer(
            session,
            person,
            appeal_id,
            text,
            points=points_typed(points, "points"),
            stays_open=bool(ask),
            seen=seen,
            known=_known(known),
        )
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        who = (appeal.assignment_id, appeal.user_id)
        typed = {f"reply-{appeal_id}": text, f"points-{appeal_id}": points}
        return grade.shown(request, session, person, *who, problem=problem, typed=typed)
    session.commit()
    return _to(appeal)


@router.post("/assignments/{assignment_id}/grades/{user_id}/comments")
def comment(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    user_id: int,
    text: Typed = "",
    submission: Annotated[uuid.UUID | None, Form()] = None,
    line: Typed = "",
    key: Typed = "",
) -> Response:
    """Say something that the student reads: of the assignment, an attempt, or a line of it."""
    try:
        number = _line(line)
        comments.add_once(
            session,
            person,
            assignment_id,
            user_id,
            text,
            key=key,
            submission_id=submission,
            line=number,
        )
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"comment": text, "line": line, "key": key}
        return grade.shown(
            request, session, person, assignment_id, user_id, problem=problem, typed=typed
        )
    session.commit()
    here = f"/assignments/{assignment_id}/grades/{user_id}#comments"
    there = f"/submissions/{submission}" + (f"#L{number}" if number else "")
    return RedirectResponse(there if submission else here, 303)


@router.post("/comments/{comment_id}/withdraw")
def withdraw(session: Db, person: SignedIn, comment_id: int) -> Response:
    """Take one's own comment back."""
    found = comments.withdraw(session, person, comment_id)
    session.commit()
    here = f"/assignments/{found.assignment_id}/grades/{found.user_id}#comments"
    return RedirectResponse(here, 303)


def _known(text: str) -> int | None:
    """How much had been said on the page that the form was on; None where it does not say."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _line(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        wrong = f"{text[:40]!r} is no number of a line."
        raise Unprocessable(f"Nothing was sent. {wrong}", errors={"line": wrong})
    return int(text)


def _to(appeal: Appeal) -> Response:
    here = f"/assignments/{appeal.assignment_id}/grades/{appeal.user_id}"
    return RedirectResponse(f"{here}#appeal-{appeal.id}", 303)
