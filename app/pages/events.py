"""Owns the stream that tells an open page of a submission's changes."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator

import redis
from fastapi import Request

from app.errors import Problem
from app.grading import status
from app.grading.status import Standing
from app.http import dependencies, event_streams
from app.identity.authentication import Actor
from app.infrastructure import database

_KEEP_ALIVE_S = 15.0
_LOOK_S = 3.0  # the place in the queue changes with other people's submissions, which send no news
RETRY_MS = 2000


def _look(request: Request, submission_id: uuid.UUID) -> tuple[Actor, Standing]:
    """Who asks, and how it stands, in a session of its own.

    Who asks is read anew each time: a sign-in may end, or a place in the course, while a page is
    open. Raises NotSignedIn, NotFound.
    """
    with database.session() as session:
        database.read_without_transaction(session)
        person = dependencies.signed_in(dependencies.visitor(request, session))
        found = status.look(session, person, submission_id)
        session.commit()
        return person, found


async def place(request: Request, submission_id: uuid.UUID) -> AsyncIterator[None]:
    """Hold one of the visitor's places until the stream has ended.

    Raises NotSignedIn, NotFound, TooMany.
    """
    person, _ = await event_streams.look(_look, request, submission_id)
    with event_streams.place(person.key):
        yield


def _still(request: Request, submission_id: uuid.UUID) -> tuple[str, bool]:
    """What to tell of it, and whether that is the last."""
    try:
        _, found = _look(request, submission_id)
    except Problem:
        return "gone 0", True
    judged = f" {found.judged}" if found.judged else ""
    return f"{found.status} {found.position}{judged}", found.is_settled


async def changes(request: Request, submission_id: uuid.UUID) -> AsyncIterator[str]:
    """Server-sent events: `change` with how it stands, whenever its status, its place in the queue
    or the number of its judged exercises changes.

    Ends after the event that says it is settled, or gone for whoever asks, or after its life or the
    server's; the browser then asks again. When Redis is away it says `away`, and the page polls.
    """
    yield f"retry: {RETRY_MS}\n\n"
    told, spoken = None, time.monotonic()
    try:
        async for _ in event_streams.moments(submission_id, _LOOK_S):
            words, is_last = await event_streams.look(_still, request, submission_id)
            if words != told:
                told, spoken = words, time.monotonic()
                yield f"event: change\ndata: {words}\n\n"
            elif time.monotonic() - spoken > _KEEP_ALIVE_S:
                spoken = time.monotonic()
                yield ": still here\n\n"
            if is_last:
                return
    except (redis.RedisError, OSError):
        yield "event: away\ndata: poll\n\n"
