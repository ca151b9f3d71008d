"""Owns the buttons by which results are released to students, and taken back."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.pages import assignments
from app.teaching import releases

router = page_routes("/assignments/{assignment_id}/release")


@router.post("")
def release(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """Show all students what waits for it."""
    try:
        releases.release(session, person, assignment_id)
    except Conflict as problem:
        session.rollback()
        return assignments.shown(request, session, person, assignment_id, problem)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}#shown", 303)


@router.post("/take-back")
def take_back(session: Db, person: SignedIn, assignment_id: int) -> Response:
    """Show it to students no longer."""
    releases.take_back(session, person, assignment_id)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}#shown", 303)
