"""Owns the forms for a course's sections, on the page of its people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, NotFound, Stale, Unprocessable
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.models import Section
from app.pages.people import roster
from app.teaching import sections

router = page_routes()
Typed = Annotated[str, Form()]


@router.post("/courses/{course_id}/sections")
def add(
    request: Request, session: Db, person: SignedIn, course_id: int, title: Typed = ""
) -> Response:
    """Make a section."""
    try:
        sections.add(session, person, course_id, title)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"section": title}
        return roster.shown(
            request, session, person, course_id, problem=problem, about="sections", typed=typed
        )
    session.commit()
    return _to(course_id)


@router.post("/sections/{section_id}")
def change(
    request: Request,
    session: Db,
    person: SignedIn,
    section_id: int,
    title: Typed = "",
    remove: Typed = "",
) -> Response:
    """Give a section another title, or take it away."""
    course_id = _course(session, section_id)
    try:
        if remove:
            sections.remove(session, person, section_id)
        else:
            sections.rename(session, person, section_id, title)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        return roster.shown(request, session, person, course_id, problem=problem, about="sections")
    session.commit()
    return _to(course_id)


@router.post("/courses/{course_id}/people/{user_id}/sections")
def put(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    user_id: int,
    titles: Typed = "",
    seen: Typed = "",
) -> Response:
    """Have somebody be in just the sections that are typed."""
    try:
        sections.put(session, person, course_id, user_id, sections.named(titles), seen=seen)
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return roster.shown(
            request,
            session,
            person,
            course_id,
            problem=problem,
            about="role",
            in_sections={user_id: titles},
        )
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/people#person-{user_id}", 303)


def _course(session: Db, section_id: int) -> int:
    section = session.get(Section, section_id)
    if section is None:
        raise NotFound("There is no such section; perhaps somebody has taken it away already.")
    return section.course_id


def _to(course_id: int) -> Response:
    return RedirectResponse(f"/courses/{course_id}/people#sections", 303)
