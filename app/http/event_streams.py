"""Owns the event streams that are open: how many there may be, and how often they look.

Each costs the process looks at the database for as long as it is open. Who is refused one polls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from app.errors import TooMany
from app.settings import settings

P = ParamSpec("P")
T = TypeVar("T")
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


@lru_cache
def _threads() -> CapacityLimiter:
    return CapacityLimiter(_THREADS)


async def look(function: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
    """Ask the database in a thread of the streams' own: pages shall not wait for streams."""
    return await to_thread.run_sync(lambda: function(*arguments, **words), limiter=_threads())
