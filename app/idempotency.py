"""Owns uploads sent twice: the same Idempotency-Key with the same payload is one submission."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.auth import Actor
from app.clock import now
from app.errors import Conflict, Unprocessable
from app.models import IdempotencyKey, Submission

KEPT = timedelta(hours=24)
WAIT_S = 5.0
_LOOK_S = 0.02
_KEY = re.compile(r'"(?P<quoted>[ !#-\[\]-~]{1,255})"|(?P<bare>[!#-~]{1,255})')


def parse(header: str) -> str:
    """The key in an Idempotency-Key header, quoted or bare; raises Unprocessable."""
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise Unprocessable(
            "The Idempotency-Key must be 1 to 255 printable ASCII characters, quoted or not, so "
            "nothing was taken.",
            errors={"Idempotency-Key": "1 to 255 printable ASCII characters"},
        )
    return match["quoted"] or match["bare"]


def digest(*parts: bytes) -> bytes:
    """The SHA-256 of a payload, of which each part counts with its place and length."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()


def _hold(session: Session, name: str) -> None:
    """Let nobody else through with this name until the commit. Raises Conflict after WAIT_S."""
    deadline = time.monotonic() + WAIT_S
    lock = select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))
    while not session.scalar(lock):
        if time.monotonic() > deadline:
            raise Conflict(
                "An upload with this Idempotency-Key is still being stored, so this one was not "
                "taken. Send it again in a moment: it gets the answer of the first."
            )
        time.sleep(_LOOK_S)


def once(
    session: Session, actor: Actor, key: str, payload: bytes, make: Callable[[], Submission]
) -> tuple[Submission, bool]:
    """What `make` makes, or made when this person last sent `key`; and whether it was there before.

    `payload` is a digest of what was sent. A retry that comes while the first is still being
    stored waits for it, for WAIT_S seconds at most. Raises Conflict after that, Unprocessable where
    the key came with another payload, and what `make` raises: then the key stays unused.
    """
    _hold(session, f"{actor.user.id}:{key}")
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.user_id == actor.user.id, IdempotencyKey.created_at < now() - KEPT
        )
    )
    known = session.get(IdempotencyKey, (actor.user.id, key))
    if known is None:
        made = make()
        session.add(
            IdempotencyKey(user_id=actor.user.id, key=key, digest=payload, submission_id=made.id)
        )
        session.flush()
        return made, False
    if known.digest != payload:
        raise Unprocessable(
            "This Idempotency-Key was sent before with another payload, so nothing was taken. "
            "Use a new key for a new upload.",
            errors={"Idempotency-Key": "used with another payload"},
        )
    return session.get_one(Submission, known.submission_id), True
