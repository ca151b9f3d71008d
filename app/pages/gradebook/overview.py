"""Owns the page with all grades of one student, and how their total comes about."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from app.gradebook import overview
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.rendering.templates import page

router = page_routes("/courses/{course_id}/grades/{user_id}")


@router.get("")
def show(request: Request, session: Db, person: SignedIn, course_id: int, user_id: int) -> Response:
    """All of a student's grades in the course; it can be printed."""
    found = overview.of(session, person, course_id, user_id)
    return page(
        request,
        "gradebook/overview.html",
        person,
        overview=found,
        course=found.course,
        owner=found.row.student,
        rights=permissions.rights_in(session, person, course_id),
    )
