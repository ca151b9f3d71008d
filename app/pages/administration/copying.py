"""Owns the forms that copy an assignment or a whole course, and that delete an assignment."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.idempotency import forms
from app.identity import permissions, rights
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Course
from app.rendering.templates import page
from app.teaching import assignments, copying, deletion
from app.teaching.course_drafts import CourseDraft

router = page_routes()
Word = Annotated[str, Form()]
_USUAL_WEEKS = "52"


@router.get("/courses/{course_id}/copy")
def ask_course(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """The form for the course's next term."""
    course = _whole(session, person, course_id)
    typed = {"title": course.title, "code": "", "term": "", "weeks": _USUAL_WEEKS, "staff": "on"}
    return _course_page(request, session, person, course, typed, None)


@router.post("/courses/{course_id}/copy")
def copy_course(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    title: Word = "",
    code: Word = "",
    term: Word = "",
    weeks: Word = "0",
    staff: Word = "",
) -> Response:
    """Make the next term's course and go on to it."""
    course = _whole(session, person, course_id)
    draft = CourseDraft(code, title, term, course.timezone)
    try:
        made = copying.copy_course(
            session, person, course_id, draft, weeks=_weeks(weeks), with_staff=bool(staff)
        )
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"title": title, "code": code, "term": term, "weeks": weeks, "staff": staff}
        course = _whole(session, person, course_id)
        return _course_page(request, session, person, course, typed, problem)
    session.commit()
    return RedirectResponse(f"/courses/{made.id}", 303)


@router.get("/assignments/{assignment_id}/copy")
def ask_assignment(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The form for a copy of an assignment."""
    return _assignment_page(
        request, session, person, assignment_id, {"title": "", "weeks": "1", "teams": ""}
    )


@router.post("/assignments/{assignment_id}/copy")
def copy_assignment(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    title: Word = "",
    weeks: Word = "0",
    teams: Word = "",
    key: Word = "",
) -> Response:
    """Make the copy, one however often the form is sent, and go on to its own form."""
    permissions.assignment(session, person, assignment_id, Right.MANAGE)
    try:
        made = forms.once(
            session,
            person,
            key,
            [b"copy", str(assignment_id).encode(), *map(_sent, (title, weeks.strip(), teams))],
            lambda: copying.copy_assignment(
                session,
                person,
                assignment_id,
                weeks=_weeks(weeks),
                title=title.strip() or None,
                with_teams=bool(teams),
            ),
        )
    except Unprocessable as problem:
        session.rollback()
        typed = {"title": title, "weeks": weeks, "teams": teams}
        return _assignment_page(request, session, person, assignment_id, typed, problem)
    session.commit()
    return RedirectResponse(f"/assignments/{made.id}/edit", 303)


@router.post("/assignments/{assignment_id}/delete")
def delete(
    request: Request, session: Db, person: SignedIn, assignment_id: int, seen: Word = ""
) -> Response:
    """Delete an assignment on which nobody has worked."""
    try:
        gone = deletion.delete_assignment(session, person, assignment_id, seen=seen)
    except Stale as problem:
        session.rollback()
        typed = {"title": "", "weeks": "1", "teams": ""}
        return _assignment_page(request, session, person, assignment_id, typed, problem)
    course_id = gone.course_id
    session.commit()
    return RedirectResponse(f"/courses/{course_id}", 303)


def _sent(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _weeks(text: str) -> int:
    try:
        return int(text.strip() or "0")
    except ValueError:
        raise Unprocessable(
            f"{text[:20]!r} is no number of weeks.", errors={"weeks": "no number"}
        ) from None


def _whole(session: Db, person: Actor, course_id: int) -> Course:
    """The course, archived or not, if it is the actor's to copy."""
    course = permissions.course(session, person, course_id)
    permissions.require(session, person, rights.managing(course), course_id)
    return course


def _course_page(
    request: Request,
    session: Db,
    person: Actor,
    course: Course,
    typed: dict[str, str],
    problem: Problem | None,
) -> Response:
    return page(
        request,
        "administration/copy_course.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course.id),
        number=len(assignments.all_of(session, course.id)),
        typed=typed,
        problem=problem,
        most=copying.MOST_WEEKS,
    )


def _assignment_page(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    typed: dict[str, str],
    problem: Problem | None = None,
) -> Response:
    assignment = permissions.assignment(session, person, assignment_id, Right.MANAGE)
    return page(
        request,
        "administration/copy_assignment.html",
        person,
        problem.status if problem else 200,
        assignment=assignment,
        course=assignment.course,
        worked_on=deletion.is_worked_on(session, assignment_id),
        seen=assignments.version(assignment),
        typed=typed,
        problem=problem,
        key=secrets.token_urlsafe(12),
        most=copying.MOST_WEEKS,
    )
