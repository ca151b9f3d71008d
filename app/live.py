"""Owns live news: who waits for a submission hears that it changed, and fetches it as usual."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from threading import Event

import redis
import redis.asyncio
import structlog
from anyio import CancelScope

from app.settings import settings

log = structlog.get_logger(__name__)
_ended = Event()
_waits: set[CancelScope] = set()
_TIMEOUTS = {"socket_connect_timeout": 2, "socket_timeout": 5}


def _channel(submission_id: uuid.UUID) -> str:
    return f"chainrule:submission:{submission_id}"


@lru_cache
def _publisher() -> redis.Redis:
    return redis.Redis.from_url(settings().redis_url.get_secret_value(), **_TIMEOUTS)


def publish(submission_id: uuid.UUID) -> None:
    """Say that something about this submission changed. Lost news is harmless: pages also poll."""
    try:
        _publisher().publish(_channel(submission_id), b"")
    except redis.RedisError as error:
        log.warning("live.away", submission=str(submission_id), error=type(error).__name__)


def forget() -> None:
    """Drop the connection that a forked process shares with its parent; for the child's start."""
    _publisher.cache_clear()


class News:
    """A subscription to one submission; `wait` tells whether there was news within the time."""

    def __init__(self, pubsub: redis.asyncio.client.PubSub) -> None:
        self._pubsub = pubsub

    async def wait(self, seconds: float) -> bool:
        """True at the next change, False when `seconds` pass without one, or all listening ends."""
        message = None
        if has_ended():
            return False
        with CancelScope() as waiting:
            _waits.add(waiting)
            try:
                message = await self._pubsub.get_message(
                    ignore_subscribe_messages=True, timeout=seconds
                )
            finally:
                _waits.discard(waiting)
        return message is not None


def end() -> None:
    """Have whoever listens stop: the process is about to end, and waits for open streams."""
    _ended.set()
    for waiting in list(_waits):
        waiting.cancel()


def has_ended() -> bool:
    """Whether nobody should listen any more."""
    return _ended.is_set()


@asynccontextmanager
async def subscribe(submission_id: uuid.UUID) -> AsyncIterator[News]:
    """Listen from now on. Subscribe first, read the status after, or a fast grade is missed."""
    client = redis.asyncio.Redis.from_url(
        settings().redis_url.get_secret_value(),
        socket_connect_timeout=2,
        protocol=2,  # each listener connects: no trips to greet, it only wants its channel
        driver_info=None,
    )
    pubsub = client.pubsub()
    try:
        await pubsub.subscribe(_channel(submission_id))
        yield News(pubsub)
    finally:
        with suppress(redis.RedisError, OSError):
            await pubsub.aclose()  # type: ignore[no-untyped-call]
        await client.aclose()
