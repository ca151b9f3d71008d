"""Owns the stream that tells an open page of a submission's changes."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator

import redis
from starlette.concurrency import run_in_threadpool

from app import db, live, waiting
from app.models import Submission

LIFE_S = 300.0
_KEEP_ALIVE_S = 15.0
_LOOK_S = 3.0  # the place in the queue changes with other people's submissions, which send no news
RETRY_MS = 2000


def _standing(submission_id: uuid.UUID) -> tuple[str, int, bool]:
    """Status, place in the queue, whether it is settled; in a session of its own."""
    with db.session() as session:
        submission = session.get(Submission, submission_id)
        if submission is None:
            return "gone", 0, True
        place = waiting.position(session, submission)
        return submission.status.value, place, submission.is_settled


async def changes(submission_id: uuid.UUID) -> AsyncIterator[str]:
    """Server-sent events: `change` with the status whenever it or the place in the queue changes.

    Ends after the event that says it is settled, or after its life; the browser then asks again.
    When Redis is away it says `away`, and the page polls.
    """
    yield f"retry: {RETRY_MS}\n\n"
    ends = time.monotonic() + LIFE_S
    try:
        async with live.subscribe(submission_id) as news:
            told, spoken = None, time.monotonic()
            while time.monotonic() < ends:
                standing = await run_in_threadpool(_standing, submission_id)
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
