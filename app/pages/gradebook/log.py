"""Owns the page of what was changed in a course, by whom and why, and its CSV."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from app.audit import Action
from app.gradebook import log
from app.gradebook.log import Search
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import file_name
from app.rendering.templates import page
from app.teaching import assignments

router = page_routes("/courses/{course_id}")
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/log")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    q: str = "",
    action: str = "",
    assignment: str = "",
    before: Number = None,
) -> Response:
    """The changes that are looked for, newest first."""
    course = permissions.course(session, person, course_id, Right.SEE_CLASS)
    search = _search(q, action, assignment)
    found = log.entries(session, person, course_id, search, before=before, limit=log.PAGE + 1)
    asked = {"q": q, "action": action, "assignment": assignment}
    titles = {one.id: one.title for one in assignments.all_of(session, course_id)}
    return page(
        request,
        "gradebook/log.html",
        person,
        course=course,
        rights=permissions.rights_in(session, person, course_id),
        entries=found[: log.PAGE],
        more=len(found) > log.PAGE,
        differences=log.differences,
        actions=list(Action),
        titles=titles,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        before=before,
    )


@router.get("/log.csv")
def as_csv(
    session: Db,
    person: SignedIn,
    course_id: int,
    q: str = "",
    action: str = "",
    assignment: str = "",
) -> Response:
    """All that is looked for, as CSV."""
    course = permissions.course(session, person, course_id, Right.SEE_CLASS)
    text = log.to_csv(session, person, course_id, _search(q, action, assignment))
    name = file_name("log", course.code, "csv")
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _search(q: str, action: str, assignment: str) -> Search:
    """What the form says; an assignment that is no number is none."""
    number = int(assignment) if assignment.isascii() and assignment.isdigit() else None
    return Search(q, action, number if number is not None and number < 2**31 else None)
