"""Owns the event streams that are open: how many there may be, and how often they look.

Each costs the process looks at the database for as long as it is open. Who is refused one polls.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from redis import RedisError

from app.errors import TooMany
from app.infrastructure import pubsub
from app.settings import settings

P = ParamSpec("P")
T = TypeVar("T")
LIFE_S = 300.0
_THREADS = 4
_LOOKS_A_SECOND = 40
_COME_BACK_S = 5
_open: Counter[str] = Counter()


@contextmanager
def place(key: str) -> Iterator[None]:
    """Hold a place for one more stream of whoever has this key; raises TooMany."""
    own, most = _open[key], settings().streams_per_person
    if own >= most:
        raise TooMany(
            f"{most} streams of yours are open, which is all that a person may have at a time. "
            "Close one, or ask for the standing every few seconds instead.",
            retry_after=_COME_BACK_S,
        )
    if _open.total() >= settings().streams:
        raise TooMany(
            "No more streams can be open at a time. Ask for the standing every few seconds "
            "instead.",
            retry_after=_COME_BACK_S,
        )
    _open[key] = own + 1
    try:
        yield
    finally:
        _open[key] -= 1
        if not _open[key]:
            del _open[key]


def pause(seconds: float) -> float:
    """How long a stream waits that would look every so many seconds: longer beside many others."""
    return max(seconds, _open.total() / _LOOKS_A_SECOND)


async def moments(
    submission_id: uuid.UUID, every_s: float, without_news_s: float | None = None
) -> AsyncIterator[None]:
    """When to look at a submission: at once, at news of it, and every so many seconds, as news may
    get lost; until the stream's life or the server's is over.

    While Redis is away it is every `without_news_s` seconds; where that is None, raises RedisError
    or OSError instead.
    """
    ends = time.monotonic() + LIFE_S

    def is_over() -> bool:
        return time.monotonic() >= ends or pubsub.has_ended()

    try:
        async with pubsub.subscribe(submission_id) as news:
            while not is_over():
                yield
                await news.wait(pause(every_s))
        return
    except (RedisError, OSError):
        if without_news_s is None:
            raise
    while not is_over():
        yield
        await asyncio.sleep(pause(without_news_s))


@lru_cache
def _threads() -> CapacityLimiter:
    return CapacityLimiter(_THREADS)


async def look(function: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
    """Ask the database in a thread of the streams' own: pages shall not wait for streams."""
    return await to_thread.run_sync(lambda: function(*arguments, **words), limiter=_threads())
