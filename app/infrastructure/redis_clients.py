"""Owns how Redis or Valkey is reached: where it is, and how long anybody waits for it."""

from __future__ import annotations

import redis
import redis.asyncio

from app.settings import settings

CONNECT_S = 2.0


def client(*, connect_s: float = CONNECT_S, answer_s: float | None = None) -> redis.Redis:
    """A client that gives up after so many seconds; `answer_s` is `connect_s` where not given."""
    return redis.Redis.from_url(
        settings().redis_url.get_secret_value(),
        socket_connect_timeout=connect_s,
        socket_timeout=connect_s if answer_s is None else answer_s,
    )


def listener() -> redis.asyncio.Redis:
    """A client that waits for messages however long none comes."""
    return redis.asyncio.Redis.from_url(
        settings().redis_url.get_secret_value(), socket_connect_timeout=CONNECT_S
    )
