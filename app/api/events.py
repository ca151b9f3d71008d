"""Owns the stream of a submission's standing: an event at once, and one at each change."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from redis import RedisError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app import db, doors, live, standings
from app.api.routing import Caller, errors, router
from app.api.submissions import SubmissionId
from app.api.verdicts import StandingView
from app.auth import Actor
from app.doors import Db
from app.errors import Problem
from app.standings import Standing

LIFE_S = 300.0
_LOOK_S = 5.0  # news may get lost: then this is how late a change is seen
_LOOK_WITHOUT_NEWS_S = 1.0


def _look(request: Request, submission_id: uuid.UUID) -> Standing:
    """The standing right now, read in a session of its own, the token's reach as well.

    Raises NotSignedIn, NotFound, Forbidden.
    """
    with db.session() as session:
        actor = doors.bearer(request, session)
        return _seen(session, actor, submission_id)


def _seen(session: Session, actor: Actor, submission_id: uuid.UUID) -> Standing:
    db.glance(session)
    found = standings.look(session, actor, submission_id)
    session.commit()  # a stream lasts, and must hold no connection
    return found


def watched(request: Request, submission_id: SubmissionId, actor: Caller, session: Db) -> Standing:
    """The standing at first, if the caller may see it; raises NotFound, Forbidden."""
    request.state.submission_id = submission_id
    return _seen(session, actor, submission_id)


@router.get(
    "/submissions/{submission_id}/events",
    tags=["submissions"],
    summary="A submission's standing, live",
    response_class=EventSourceResponse,
    responses=errors(403, 404),
)
async def stream(
    request: Request, submission_id: SubmissionId, first: Annotated[Standing, Depends(watched)]
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events. Each one's data is the standing as JSON: `id`, `status`, `score`,
    `max_score`, `position` in the queue, `submitted_at`, `graded_at`.

    The first comes at once. The stream ends with the event that says `graded` or `failed`, and
    after five minutes in any case; then open it again. It ends early when the token is revoked.
    Scope: `submissions:read`.
    """
    if first.is_settled:  # no news to wait for
        yield _event(first)
        return
    told = None
    async for _ in _moments(submission_id):
        try:
            now = await run_in_threadpool(_look, request, submission_id)
        except Problem:  # the token was revoked, or its holder has left the course
            return
        if now != told:
            told = now
            yield _event(now)
        if now.is_settled:
            return


def _event(standing: Standing) -> ServerSentEvent:
    return ServerSentEvent(data=StandingView.model_validate(standing).model_dump(mode="json"))


async def _moments(submission_id: uuid.UUID) -> AsyncIterator[None]:
    """When to look: at once, at news, and now and then, until the stream's life is over."""
    end = time.monotonic() + LIFE_S
    try:
        async with live.subscribe(submission_id) as news:
            while time.monotonic() < end:
                yield
                await news.wait(_LOOK_S)
            return
    except (RedisError, OSError):
        pass  # Redis is away: look more often instead
    while time.monotonic() < end:
        yield
        await asyncio.sleep(_LOOK_WITHOUT_NEWS_S)
