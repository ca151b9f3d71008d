"""Owns the pages about grading again: what to grade, the preview, and what is made of it."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Unprocessable
from app.gradebook import book, log
from app.gradebook.table import view
from app.gradebook.table.view import View
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Regrade
from app.pages.gradebook.looking import Looked, query
from app.regrades import applying, editing, listing, making, preview
from app.regrades.making import Selection
from app.rendering.templates import page
from app.teaching.drafts import Draft

router = page_routes()
OF_ASSIGNMENT = "/assignments/{assignment_id}/regrades"


@router.get(OF_ASSIGNMENT)
def show_all(
    request: Request, session: Db, person: SignedIn, assignment_id: int, looked: Looked
) -> Response:
    """An assignment's regrades, and the form for another, of the students that are looked for."""
    return _listed(request, session, person, assignment_id, looked)


@router.post(OF_ASSIGNMENT)
def make(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    looked: Looked,
    attempts: Annotated[str, Form()] = "all",
    submission: Annotated[str, Form()] = "",
) -> Response:
    """Begin a preview, of the students that the address says."""
    assignment = permissions.assignment(session, person, assignment_id, Right.MANAGE)
    students = _students(session, person, assignment.course_id, looked)
    one = _number(submission)
    selection = Selection(attempts == "counting", students, one)
    try:
        made = making.make(session, person, assignment_id, selection)
    except Unprocessable as problem:
        session.rollback()
        return _listed(request, session, person, assignment_id, looked, problem)
    session.commit()
    return RedirectResponse(f"/regrades/{made.id}", 303)


@router.get("/regrades/{regrade_id}")
def show(request: Request, session: Db, person: SignedIn, regrade_id: int) -> Response:
    """A preview as far as it is, or what became of it."""
    return _page(request, session, person, regrade_id)


@router.get("/regrades/{regrade_id}/panel")
def panel(request: Request, session: Db, person: SignedIn, regrade_id: int) -> Response:
    """The part of the page that changes, by itself."""
    return _page(request, session, person, regrade_id, template="gradebook/_regrade.html")


@router.post("/regrades/{regrade_id}/apply")
def apply(
    request: Request,
    session: Db,
    person: SignedIn,
    regrade_id: int,
    reason: Annotated[str, Form()] = "",
    losses: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Have the new verdicts count."""
    try:
        applying.apply(session, person, regrade_id, reason, never_lower=losses == "none", seen=seen)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        session.expire_all()
        typed = {"reason": reason, "losses": losses}
        return _page(request, session, person, regrade_id, problem=problem, typed=typed)
    session.commit()
    return RedirectResponse(f"/regrades/{regrade_id}", 303)


@router.post("/regrades/{regrade_id}/cancel")
def cancel(request: Request, session: Db, person: SignedIn, regrade_id: int) -> Response:
    """Leave everything as it is."""
    try:
        applying.cancel(session, person, regrade_id)
    except Conflict as problem:
        session.rollback()
        session.expire_all()
        return _page(request, session, person, regrade_id, problem=problem)
    session.commit()
    return RedirectResponse(f"/regrades/{regrade_id}", 303)


def _number(text: str) -> uuid.UUID | None:
    """A submission's id; raises Unprocessable."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Unprocessable("There is no such attempt, so nothing was begun.") from None


def _students(session: Db, person: Actor, course_id: int, looked: View) -> tuple[int, ...] | None:
    """Who is looked for; None for everybody."""
    if not looked.narrows:
        return None
    found = view.rows(book.of_course(session, person, course_id), looked)
    return tuple(row.student.id for row in found)


def _listed(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    looked: View,
    problem: Problem | None = None,
) -> Response:
    found = listing.of_assignment(session, person, assignment_id)
    assignment = permissions.assignment(session, person, assignment_id, Right.SEE_CLASS)
    students = _students(session, person, assignment.course_id, looked)
    everything = Selection(students=students)
    return page(
        request,
        "gradebook/regrades.html",
        person,
        problem.status if problem else 200,
        assignment=assignment,
        course=assignment.course,
        rights=permissions.rights_in(session, person, assignment.course_id),
        regrades=[(one, preview.progress(session, one)) for one in found],
        students=None if students is None else len(students),
        attempts=making.number_of(session, assignment_id, everything),
        counting=making.number_of(
            session, assignment_id, Selection(counting=True, students=students)
        ),
        tail=f"?{query(looked)}" if query(looked) else "",
        problem=problem,
    )


def _page(
    request: Request,
    session: Db,
    person: Actor,
    regrade_id: int,
    *,
    template: str = "gradebook/regrade.html",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    regrade = preview.get(session, person, regrade_id)
    progress = preview.progress(session, regrade)
    is_ready = regrade.is_open and progress.is_ready
    return page(
        request,
        template,
        person,
        problem.status if problem else 200,
        regrade=regrade,
        assignment=regrade.assignment,
        course=regrade.assignment.course,
        rights=permissions.rights_in(session, person, regrade.assignment.course_id),
        progress=progress,
        is_ready=is_ready,
        changes=preview.changes(session, regrade) if is_ready else [],
        students=preview.students_with_another_grade(session, regrade) if is_ready else 0,
        other_rules=is_ready and editing.changes_rules(regrade),
        applied=preview.applied(session, regrade) if regrade.applied_at else [],
        edits=_edits(regrade),
        seen=preview.version(session, regrade) if is_ready else "",
        typed=typed or {"reason": "", "losses": ""},
        problem=problem,
        errors=problem.errors if problem else {},
    )


def _edits(regrade: Regrade) -> list[tuple[str, str, str]]:
    """What the change of the assignment changes, where the preview is about one."""
    if regrade.draft is None or not regrade.is_open:
        return []
    before = Draft.of(regrade.assignment).facts()
    return log.between(before, applying.in_order(regrade.draft))
