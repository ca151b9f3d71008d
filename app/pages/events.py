"""Owns the stream that tells an open page of a submission's changes."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator

import redis
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app import db, doors, live, submissions, waiting
from app.errors import Problem

LIFE_S = 300.0
_KEEP_ALIVE_S = 15.0
_LOOK_S = 3.0  # the place in the queue changes with other people's submissions, which send no news
RETRY_MS = 2000


Standing = tuple[str, int, bool]


def standing(request: Request, submission_id: uuid.UUID) -> Standing:
    """Status, place in the queue, whether it is settled; in a session of its own.

    Who asks is read anew as well: a sign-in may end, or a place in the course, while a page is
    open. Raises NotSignedIn, NotFound.
    """
    with db.session() as session:
        person = doors.person(doors.visitor(request, session))
        submission = submissions.get(session, person, submission_id)
        place = waiting.position(session, submission)
        return submission.status.value, place, submission.is_settled


def _still(request: Request, submission_id: uuid.UUID) -> Standing:
    try:
        return standing(request, submission_id)
    except Problem:
        return "gone", 0, True


async def changes(request: Request, submission_id: uuid.UUID) -> AsyncIterator[str]:
    """Server-sent events: `change` with the status whenever it or the place in the queue changes.

    Ends after the event that says it is settled, or gone for whoever asks, or after its life; the
    browser then asks again. When Redis is away it says `away`, and the page polls.
    """
    yield f"retry: {RETRY_MS}\n\n"
    ends = time.monotonic() + LIFE_S
    try:
        async with live.subscribe(submission_id) as news:
            told, spoken = None, time.monotonic()
            while time.monotonic() < ends:
                standing = await run_in_threadpool(_still, request, submission_id)
                if standing != told:
                    told, spoken = standing, time.monotonic()
                    yield f"event: change\ndata: {standing[0]} {standing[1]}\n\n"
                elif time.monotonic() - spoken > _KEEP_ALIVE_S:
                    spoken = time.monotonic()
                    yield ": still here\n\n"
                if standing[2]:
                    return
                await news.wait(_LOOK_S)
    except (redis.RedisError, OSError):
        yield "event: away\ndata: poll\n\n"
