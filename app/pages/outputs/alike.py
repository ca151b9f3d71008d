"""Owns the pages of alike files: the pairs in an assignment, and two files beside each other."""

from __future__ import annotations

import uuid

from fastapi import Request
from fastapi.responses import Response

from app.analytics import alike, likeness
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.rendering import source_view
from app.rendering.templates import page

router = page_routes("/assignments/{assignment_id}/alike")


@router.get("")
def show(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The pairs that staff may want to look at."""
    found = likeness.look(session, person, assignment_id)
    course = found.assignment.course
    return page(
        request,
        "outputs/alike.html",
        person,
        found=found,
        assignment=found.assignment,
        course=course,
        fewest=alike.FEWEST,
        rights=permissions.rights_in(session, person, course.id),
    )


@router.get("/{one}/{other}")
def beside(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    one: uuid.UUID,
    other: uuid.UUID,
) -> Response:
    """Two attempts beside each other, with the lines that hardly anybody else has."""
    found = likeness.beside(session, person, assignment_id, one, other)
    sides = [
        (attempt, source_view.listing(source_view.readable(attempt.source), {}, lines), lines)
        for attempt, lines in zip((found.one, found.other), found.lines, strict=True)
    ]
    return page(
        request,
        "outputs/beside.html",
        person,
        sides=sides,
        assignment=found.assignment,
        course=found.assignment.course,
    )
