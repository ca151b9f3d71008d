"""Owns the page of a course's settings: what it is called, archiving, deleting what is empty."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions, rights
from app.identity.authentication import Actor
from app.rendering.templates import page
from app.teaching import course_settings, deletion
from app.teaching.course_drafts import CourseDraft

router = page_routes("/courses/{course_id}")
Word = Annotated[str, Form()]


@router.get("/settings")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """The course's settings; of an archived one, how to open it again."""
    return _page(request, session, person, course_id)


@router.post("/settings")
def save(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    code: Word = "",
    title: Word = "",
    term: Word = "",
    timezone: Word = "UTC",
    seen: Word = "",
) -> Response:
    """Change what the course is called, and its time zone."""
    draft = CourseDraft(code, title, term, timezone)
    try:
        course_settings.change(session, person, course_id, draft, seen=seen)
    except Problem as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem, typed=draft)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}", 303)


@router.post("/archive")
def archive(
    request: Request, session: Db, person: SignedIn, course_id: int, seen: Word = ""
) -> Response:
    """Have nothing in the course change any more."""
    try:
        course_settings.archive(session, person, course_id, seen=seen)
    except Stale as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}", 303)


@router.post("/reopen")
def reopen(session: Db, person: SignedIn, course_id: int) -> Response:
    """Take the course out of the archive."""
    course_settings.reopen(session, person, course_id)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}", 303)


@router.post("/delete")
def delete(
    request: Request, session: Db, person: SignedIn, course_id: int, seen: Word = ""
) -> Response:
    """Delete the course, if nothing is in it."""
    try:
        deletion.delete_course(session, person, course_id, seen=seen)
    except (Conflict, Stale) as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem)
    session.commit()
    return RedirectResponse("/", 303)


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    typed: CourseDraft | None = None,
) -> Response:
    course = permissions.course(session, person, course_id)
    return page(
        request,
        "administration/settings.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.require(session, person, rights.managing(course), course_id),
        typed=typed or CourseDraft.of(course),
        seen=course_settings.version(course),
        inside=deletion.what_is_in(session, course_id),
        problem=problem,
        zones=sorted(available_timezones()),
    )
