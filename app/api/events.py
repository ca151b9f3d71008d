"""Owns the stream of a submission's standing: an event at once, and one at each change."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from redis import RedisError
from starlette.concurrency import run_in_threadpool

from app import db, doors, live, submissions, waiting
from app.api.routing import Caller, errors, router
from app.api.submissions import SubmissionId
from app.api.verdicts import standing
from app.errors import Problem

LIFE_S = 300.0
_LOOK_S = 5.0  # news may get lost: then this is how late a change is seen
_LOOK_WITHOUT_NEWS_S = 1.0
_SETTLED = ("graded", "failed")


def _look(request: Request, submission_id: uuid.UUID) -> dict[str, Any]:
    """The standing right now, read in a session of its own, the token's reach as well.

    Raises NotSignedIn, NotFound, Forbidden.
    """
    with db.session() as session:
        actor = doors.bearer(request, session)
        found = submissions.get(session, actor, submission_id)
        return standing(found, waiting.position(session, found))


def watched(request: Request, submission_id: SubmissionId, _actor: Caller) -> None:
    """Make sure that the caller may see this submission; raises NotFound, Forbidden."""
    request.state.submission_id = submission_id
    _look(request, submission_id)


@router.get(
    "/submissions/{submission_id}/events",
    tags=["submissions"],
    summary="A submission's standing, live",
    response_class=EventSourceResponse,
    responses=errors(403, 404),
    dependencies=[Depends(watched)],
)
async def stream(request: Request, submission_id: SubmissionId) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events. Each one's data is the standing as JSON: `id`, `status`, `score`,
    `max_score`, `position` in the queue, `submitted_at`, `graded_at`.

    The first comes at once. The stream ends with the event that says `graded` or `failed`, and
    after five minutes in any case; then open it again. It ends early when the token is revoked.
    Scope: `submissions:read`.
    """
    told: dict[str, Any] = {}
    async for _ in _moments(submission_id):
        try:
            now = await run_in_threadpool(_look, request, submission_id)
        except Problem:  # the token was revoked, or its holder has left the course
            return
        if now != told:
            told = now
            yield ServerSentEvent(data=now)
        if now["status"] in _SETTLED:
            return


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
