"""Owns that of two requests with the same key one waits for the other, and how long keys count."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Conflict

KEPT = timedelta(hours=24)
WAIT_S = 5.0
_LOOK_S = 0.02


def digest(parts: Iterable[bytes]) -> bytes:
    """The SHA-256 of a payload, of which each part counts with its place and length."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()


def hold(session: Session, user_id: int, key: str) -> None:
    """Let nobody else through with this key until the commit. Raises Conflict after WAIT_S."""
    deadline = time.monotonic() + WAIT_S
    name = func.hashtextextended(f"{user_id}:{key}", 0)
    lock = select(func.pg_try_advisory_xact_lock(name))
    while not session.scalar(lock):
        if time.monotonic() > deadline:
            still_runs = Conflict(
                "A request with this Idempotency-Key is still being worked on, so this one did "
                "nothing. Send it again in a moment: it gets the answer of the first."
            )
            still_runs.headers["retry-after"] = "1"
            raise still_runs
        time.sleep(_LOOK_S)
