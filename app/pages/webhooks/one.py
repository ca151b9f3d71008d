"""Owns the page of one webhook: its form, its secret, and what was sent to it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.http.dependencies import Db, SignedIn, unkept
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Course, DeliveryState
from app.rendering.templates import page
from app.webhooks import deliveries, endpoints, outbox, signatures
from app.webhooks.endpoints import EndpointDraft

router = page_routes("/webhooks/{webhook_id}")
Word = Annotated[str, Form()]
Words = Annotated[list[str] | None, Form()]
PAGE = 50
AGES = {"1": "the last hour", "24": "the last day", "168": "the last week", "720": "30 days"}
"""Since when what failed can be sent again, by hours."""


@router.get("")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    webhook_id: uuid.UUID,
    only: DeliveryState | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """How it is, and its newest deliveries, or `only` those in one state."""
    return _page(request, session, person, webhook_id, only=only, before=before)


@router.post("")
def change(
    request: Request,
    session: Db,
    person: SignedIn,
    webhook_id: uuid.UUID,
    url: Word = "",
    title: Word = "",
    events: Words = None,
    enabled: Word = "",
    seen: Word = "",
) -> Response:
    """Have it be as it is typed."""
    draft = EndpointDraft(url.strip(), title.strip(), events or [], bool(enabled))
    try:
        endpoints.change(session, person, webhook_id, draft, seen=seen)
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, webhook_id, problem=problem, typed=draft)
    session.commit()
    return _to(webhook_id)


@router.post("/test")
def test(request: Request, session: Db, person: SignedIn, webhook_id: uuid.UUID) -> Response:
    """Send a message that tells of nothing."""
    try:
        endpoints.send_test(session, person, webhook_id)
    except Conflict as problem:
        session.rollback()
        return _page(request, session, person, webhook_id, problem=problem)
    session.commit()
    return _to(webhook_id, "#log")


@router.post("/rotate")
def rotate(session: Db, person: SignedIn, webhook_id: uuid.UUID, at_once: Word = "") -> Response:
    """Replace its secret."""
    endpoints.rotate(session, person, webhook_id, at_once=bool(at_once))
    session.commit()
    return _to(webhook_id, "#secret")


@router.post("/delete")
def delete(session: Db, person: SignedIn, webhook_id: uuid.UUID) -> Response:
    """Delete it."""
    gone = endpoints.delete(session, person, webhook_id)
    session.commit()
    of_course = f"/courses/{gone.course_id}/webhooks"
    return RedirectResponse("/accounts/webhooks" if gone.course_id is None else of_course, 303)


@router.post("/replay")
def replay_failed(
    request: Request, session: Db, person: SignedIn, webhook_id: uuid.UUID, hours: Word = "24"
) -> Response:
    """Send what failed of late again."""
    try:
        if hours not in AGES:
            raise Unprocessable("Choose since when. Nothing was sent.", errors={"hours": "choose"})
        since = now() - timedelta(hours=int(hours))
        deliveries.replay_failed(session, person, webhook_id, since)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, webhook_id, problem=problem)
    session.commit()
    return _to(webhook_id, "#log")


@router.post("/deliveries/{delivery_id}/replay")
def replay(
    request: Request, session: Db, person: SignedIn, webhook_id: uuid.UUID, delivery_id: int
) -> Response:
    """Send one delivery again."""
    try:
        deliveries.replay(session, person, webhook_id, delivery_id)
    except Conflict as problem:
        session.rollback()
        return _page(request, session, person, webhook_id, problem=problem)
    session.commit()
    return _to(webhook_id, f"#delivery-{delivery_id}")


def _to(webhook_id: uuid.UUID, mark: str = "") -> Response:
    return RedirectResponse(f"/webhooks/{webhook_id}{mark}", 303)


def _page(
    request: Request,
    session: Db,
    person: Actor,
    webhook_id: uuid.UUID,
    *,
    problem: Problem | None = None,
    typed: EndpointDraft | None = None,
    only: DeliveryState | None = None,
    before: int | None = None,
) -> Response:
    endpoint = endpoints.found(session, person, webhook_id)
    log = deliveries.log(session, person, webhook_id, PAGE + 1, before=before, state=only)
    number = endpoint.course_id
    course = None if number is None else session.get_one(Course, number)
    made = page(
        request,
        "webhooks/one.html",
        person,
        problem.status if problem else 200,
        endpoint=endpoint,
        course=course,
        zone=course.timezone if course else "UTC",
        rights=permissions.rights_in(session, person, number) if number else (),
        key=signatures.secret(endpoint),
        typed=typed or EndpointDraft.of(endpoint),
        seen=endpoints.version(endpoint),
        choices=endpoints.CHOICES,
        numbers=deliveries.numbers(session, [endpoint])[endpoint.id],
        log=log[:PAGE],
        more=len(log) > PAGE,
        only=only,
        states=list(DeliveryState),
        ages=AGES,
        message_id=outbox.message_id,
        problem=problem,
    )
    return unkept(made)
