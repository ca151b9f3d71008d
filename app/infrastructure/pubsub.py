"""Owns live news: who waits for a submission hears that it changed, and fetches it as usual.

A process has one subscription for all that it listens to: who opens many streams takes no more
connections of Redis than who opens one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from threading import Event

import redis
import redis.asyncio
import structlog
from redis.asyncio.client import PubSub

from app.infrastructure import redis_clients

log = structlog.get_logger(__name__)
_CHANNEL = "chainrule:submissions"
_ANSWER_S = 5.0
_ended = Event()


@lru_cache
def _publisher() -> redis.Redis:
    return redis_clients.client(answer_s=_ANSWER_S)


def publish(submission_id: uuid.UUID) -> None:
    """Say that something about this submission changed. Lost news is harmless: pages also poll."""
    try:
        _publisher().publish(_CHANNEL, submission_id.bytes)
    except redis.RedisError as error:
        log.warning("live.away", submission=str(submission_id), error=type(error).__name__)


def forget() -> None:
    """Drop the connection that a forked process shares with its parent; for the child's start."""
    _publisher.cache_clear()


class News:
    """What one listener hears of one submission; `wait` tells of news within the time."""

    def __init__(self) -> None:
        self._heard = asyncio.Event()
        self._is_cut = False

    async def wait(self, seconds: float) -> bool:
        """True at the next change, False when `seconds` pass without one, or all listening ends.

        Raises redis.ConnectionError once Redis is away.
        """
        if has_ended():
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), seconds)
        if self._is_cut:
            raise redis.ConnectionError("the subscription has ended")
        was_heard = self._heard.is_set() and not has_ended()
        self._heard.clear()
        return was_heard

    def tell(self) -> None:
        """Wake who waits."""
        self._heard.set()

    def cut(self) -> None:
        """Have who waits hear that nothing more will come."""
        self._is_cut = True
        self._heard.set()


class _Subscription:
    """The process's one subscription, and those who listen to it."""

    def __init__(self) -> None:
        self._listeners: defaultdict[bytes, set[News]] = defaultdict(set)
        self._connecting = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    def everybody(self) -> Iterator[News]:
        for those in self._listeners.values():
            yield from those

    def add(self, submission_id: uuid.UUID, news: News) -> None:
        self._listeners[submission_id.bytes].add(news)

    def remove(self, submission_id: uuid.UUID, news: News) -> None:
        those = self._listeners[submission_id.bytes]
        those.discard(news)
        if not those:
            del self._listeners[submission_id.bytes]

    async def connect(self) -> None:
        """Be subscribed; raises RedisError, OSError."""
        async with self._connecting:
            if self._reading is None or self._reading.done():
                client = redis_clients.listener()
                pubsub = client.pubsub(ignore_subscribe_messages=True)
                try:
                    await pubsub.subscribe(_CHANNEL)
                except BaseException:
                    await _close(client, pubsub)
                    raise
                self._reading = asyncio.create_task(self._read(client, pubsub))

    async def _read(self, client: redis.asyncio.Redis, pubsub: PubSub) -> None:
        try:
            while True:
                message = await pubsub.get_message(timeout=None)
                for news in self._listeners.get(message["data"], ()) if message else ():
                    news.tell()
        except (redis.RedisError, OSError) as error:
            log.warning("live.cut", error=type(error).__name__)
        finally:
            for news in self.everybody():
                news.cut()
            await _close(client, pubsub)


async def _close(client: redis.asyncio.Redis, pubsub: PubSub) -> None:
    with suppress(redis.RedisError, OSError):
        await pubsub.aclose()  # type: ignore[no-untyped-call]
    await client.aclose()


@lru_cache
def _subscription() -> _Subscription:
    return _Subscription()


def end() -> None:
    """Have whoever listens stop: the process is about to end, and waits for open streams."""
    _ended.set()
    for news in _subscription().everybody():
        news.tell()


def has_ended() -> bool:
    """Whether nobody should listen any more."""
    return _ended.is_set()


@asynccontextmanager
async def subscribe(submission_id: uuid.UUID) -> AsyncIterator[News]:
    """Listen from now on. Subscribe first, read the status after, or a fast grade is missed.

    Raises RedisError, OSError where Redis is away.
    """
    shared, news = _subscription(), News()
    shared.add(submission_id, news)
    try:
        await shared.connect()
        yield news
    finally:
        shared.remove(submission_id, news)
