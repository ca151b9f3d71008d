"""Owns rate limits, counted in Redis for all processes, or here alone while Redis is away."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import redis
import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.errors import TooMany
from app.infrastructure import redis_clients

log = structlog.get_logger(__name__)
_AWAY_S = 5.0
_TIMEOUT_S = 1.0
_turn = Lock()
"""Who comes first makes the counters, and in memory a key's first uses at once would be lost."""


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit: `remaining` of `limit` requests; more come back in `reset_s`."""

    name: str
    limit: int
    window_s: int
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """The RateLimit-Policy and RateLimit headers of an answer."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit};w={self.window_s}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset_s}',
        }


class Exceeded(TooMany):
    """A used up limit; `allowance` is what an answer's headers tell of it."""

    def __init__(self, allowance: Allowance, detail: str) -> None:
        super().__init__(detail, retry_after=max(1, allowance.reset_s))
        self.allowance = allowance


def take(name: str, rate: str, key: str, *, times: int = 1, uses: int = 1) -> Allowance:
    """Count `uses` of `key` against `rate` ("60/minute"); raises Exceeded when fewer are left.

    `times` is how many times the rate is allowed.

    `name` tells limits with the same key apart and is shown to callers. A refused use costs
    nothing, so that whoever waits is let in again.
    """
    granted, allowance = _counted(name, _item(rate, times), key, uses=uses)
    if not granted:
        raise _exceeded(allowance)
    return allowance


def refund(name: str, rate: str, key: str, *, times: int = 1) -> None:
    """Undo one `take` of the same arguments: for what costs only when it fails, as a sign-in does.

    What is looked at before and counted afterwards would let many in at the same moment.
    """
    _counted(name, _item(rate, times), key, uses=-1)


def _item(rate: str, times: int) -> RateLimitItem:
    item = parse(rate)
    return type(item)(item.amount * times, item.multiples)


def _exceeded(allowance: Allowance) -> Exceeded:
    wait = max(1, allowance.reset_s)
    return Exceeded(
        allowance,
        f"That was more than {allowance.limit} times in {allowance.window_s} seconds, so this one "
        f"was not taken. Wait {wait} {'second' if wait == 1 else 'seconds'} and try again.",
    )


def _counted(name: str, item: RateLimitItem, key: str, *, uses: int = 1) -> tuple[bool, Allowance]:
    # A digest keeps e-mail addresses out of Redis and any text out of its keys.
    digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    with _turn:
        counters = _counters()
    if counters.redis_answers:
        try:
            return _ask(counters.shared, name, item, digest, uses)
        except (redis.RedisError, OSError) as error:
            counters.away()
            log.warning("ratelimits.away", error=type(error).__name__)
    with _turn:
        return _ask(counters.own, name, item, digest, uses)


def _ask(
    limiter: SlidingWindowCounterRateLimiter,
    name: str,
    item: RateLimitItem,
    digest: str,
    uses: int,
) -> tuple[bool, Allowance]:
    granted = limiter.hit(item, name, digest, cost=uses)
    left = limiter.get_window_stats(item, name, digest)
    reset_s = max(0, math.ceil(left.reset_time - time.time()))
    return granted, Allowance(name, item.amount, item.get_expiry(), left.remaining, reset_s)


class _Counters:
    """Where uses are counted; Redis is left alone for a while after it did not answer."""

    def __init__(self) -> None:
        pool = redis_clients.client(connect_s=_TIMEOUT_S).connection_pool
        self.shared = SlidingWindowCounterRateLimiter(
            RedisStorage("redis://", connection_pool=pool, key_prefix="chainrule:limits")
        )
        self.own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._away_until = 0.0

    @property
    def redis_answers(self) -> bool:
        return time.monotonic() >= self._away_until

    def away(self) -> None:
        self._away_until = time.monotonic() + _AWAY_S


@lru_cache
def _counters() -> _Counters:
    return _Counters()
