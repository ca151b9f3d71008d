"""Owns the pages of late days: a course's, for staff, and spending one's own on an assignment."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.gradebook import book as books
from app.grading.rules import late_days
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.pages import assignments
from app.rendering.templates import page

router = page_routes()
HERE = "/courses/{course_id}/late-days"
Typed = Annotated[str, Form()]


@router.get(HERE)
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """How many each student may spend, and who has spent how many."""
    return _page(request, session, person, course_id)


@router.post(HERE)
def change(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    days: Typed = "",
    seen: Typed = "",
) -> Response:
    """Let each student spend another number."""
    permissions.course(session, person, course_id, Right.MANAGE)
    try:
        late_days.budget(session, person, course_id, _whole(days), seen=_whole(seen))
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem, days)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/late-days", 303)


@router.post("/assignments/{assignment_id}/late-days")
def spend(
    request: Request, session: Db, person: SignedIn, assignment_id: int, days: Typed = ""
) -> Response:
    """Have spent so many of one's own."""
    try:
        late_days.spend(session, person, assignment_id, _whole(days))
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        return assignments.shown(request, session, person, assignment_id, problem)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}", 303)


def _whole(text: str) -> int:
    text = text.strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        said = "Days are counted whole: write 0, 1 or 2."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"days": said})
    return int(text)


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    problem: Problem | None = None,
    typed: str | None = None,
) -> Response:
    spent = late_days.of_course(session, person, course_id)
    students = session.execute(books.students(course_id, dropped=False))
    course = permissions.course(session, person, course_id)
    return page(
        request,
        "gradebook/late_days.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course_id),
        spent=[(one, spent[one.id]) for one, _ in students if one.id in spent],
        problem=problem,
        typed=str(course.late_days) if typed is None else typed,
    )
