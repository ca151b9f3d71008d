"""Owns the pages of all webhooks of a course, and of the site."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Unprocessable
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.models import Course
from app.rendering.templates import page
from app.webhooks import deliveries, endpoints
from app.webhooks.endpoints import EndpointDraft

router = page_routes()
Word = Annotated[str, Form()]
Words = Annotated[list[str] | None, Form()]


@router.get("/courses/{course_id}/webhooks")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """A course's webhooks, and how they go."""
    return _page(request, session, person, course_id)


@router.post("/courses/{course_id}/webhooks")
def make(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    url: Word = "",
    title: Word = "",
    events: Words = None,
) -> Response:
    """Make one of a course."""
    draft = EndpointDraft(url.strip(), title.strip(), events or [])
    return _made(request, session, person, course_id, draft)


@router.get("/accounts/webhooks")
def show_of_site(request: Request, session: Db, person: SignedIn) -> Response:
    """The site's webhooks, which are told of all courses."""
    return _page(request, session, person, None)


@router.post("/accounts/webhooks")
def make_of_site(
    request: Request,
    session: Db,
    person: SignedIn,
    url: Word = "",
    title: Word = "",
    events: Words = None,
) -> Response:
    """Make one of the site."""
    draft = EndpointDraft(url.strip(), title.strip(), events or [])
    return _made(request, session, person, None, draft)


def _made(
    request: Request, session: Db, person: Actor, course_id: int | None, draft: EndpointDraft
) -> Response:
    try:
        made = endpoints.make(session, person, course_id, draft)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem, typed=draft)
    session.commit()
    return RedirectResponse(f"/webhooks/{made.id}", 303)


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int | None,
    *,
    problem: Problem | None = None,
    typed: EndpointDraft | None = None,
) -> Response:
    found = endpoints.of(session, person, course_id)
    return page(
        request,
        "webhooks/list.html",
        person,
        problem.status if problem else 200,
        course=None if course_id is None else session.get_one(Course, course_id),
        rights=permissions.rights_in(session, person, course_id) if course_id else (),
        found=found,
        numbers=deliveries.numbers(session, found),
        typed=typed or EndpointDraft("", "", endpoints.CHOICES),
        choices=endpoints.CHOICES,
        most=endpoints.MOST,
        problem=problem,
    )
