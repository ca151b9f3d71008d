"""Owns that of two requests with the same key one waits for the other, and how long keys count."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from datetime import timedelta
from threading import BoundedSemaphore

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Conflict

KEPT = timedelta(hours=24)
WAIT_S = 5.0
_LOOK_S = 0.02
_waiting = BoundedSemaphore(12)
"""Each who waits holds a thread and a connection, of which a process has few."""


def digest(parts: Iterable[bytes]) -> bytes:
    """The SHA-256 of a payload, of which each part counts with its place and length."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()


def hold(session: Session, user_id: int, key: str) -> None:
    """Let nobody else through with this key until the commit.

    Raises Conflict after WAIT_S, and at once where many wait already.
    """
    name = func.hashtextextended(f"{user_id}:{key}", 0)
    lock = select(func.pg_try_advisory_xact_lock(name))
    if session.scalar(lock):
        return
    if not _waiting.acquire(blocking=False):
        raise _still_runs()
    try:
        deadline = time.monotonic() + WAIT_S
        while not session.scalar(lock):
            if time.monotonic() > deadline:
                raise _still_runs()
            time.sleep(_LOOK_S)
    finally:
        _waiting.release()


def _still_runs() -> Conflict:
    found = Conflict(
        "A request with this Idempotency-Key is still being worked on, so this one did "
        "nothing. Send it again in a moment: it gets the answer of the first."
    )
    found.headers["retry-after"] = "1"
    return found
