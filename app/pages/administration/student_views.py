"""Owns looking at a course as a student does, and the end of that."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.http.dependencies import Db, SignedIn, cookie_name
from app.http.routes import page_routes
from app.identity import student_views

router = page_routes()
_THERE = re.compile(r"/(courses|assignments|submissions)/[\w/-]+")


@router.post("/courses/{course_id}/student-view")
def start(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    student: Annotated[int | None, Form(ge=1, le=2**31 - 1)] = None,
    to: Annotated[str, Form()] = "",
) -> Response:
    """Look as a student does, or as this one, and go to the page `to`."""
    student_views.start(session, person, request.cookies[cookie_name()], course_id, student)
    session.commit()
    return RedirectResponse(_page(to) or f"/courses/{course_id}", 303)


@router.post("/student-view/end")
def end(
    request: Request, session: Db, person: SignedIn, to: Annotated[str, Form()] = ""
) -> Response:
    """Look as oneself again, at the page `to`."""
    student_views.end(session, request.cookies[cookie_name()])
    session.commit()
    return RedirectResponse(_page(to) or "/", 303)


def _page(to: str) -> str | None:
    return to if _THERE.fullmatch(to) else None
