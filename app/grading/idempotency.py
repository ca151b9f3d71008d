"""Owns what is sent twice: the same key with the same payload makes one thing.

A program sends an Idempotency-Key with its upload, a page has a key in its form.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Unprocessable
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Comment, IdempotencyKey, Submission

T = TypeVar("T", Submission, Assignment, Comment)
_COLUMNS: dict[type[Any], str] = {
    Submission: "submission_id",
    Assignment: "assignment_id",
    Comment: "comment_id",
}
KEPT = timedelta(hours=24)
WAIT_S = 5.0
_LOOK_S = 0.02
_KEY = re.compile(r'"(?P<quoted>[ !#-\[\]-~]{1,255})"|(?P<bare>[!#-~]{1,255})')


@dataclass(frozen=True)
class Key:
    """What tells one sending from the next.

    Whoever goes back and sends something else in the same form means something else, so a form's
    key counts together with what was sent; a program's may come with nothing else.
    """

    text: str
    of_form: bool = False


def of_form(text: str) -> Key | None:
    """The key that a form carried; without one each press counts."""
    return Key(text, of_form=True) if text else None


def of_header(header: str | None) -> Key | None:
    """The key in an Idempotency-Key header, quoted or bare; raises Unprocessable."""
    if header is None:
        return None
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise Unprocessable(
            "The Idempotency-Key must be 1 to 255 printable ASCII characters, quoted or not, so "
            "nothing was taken.",
            errors={"Idempotency-Key": "1 to 255 printable ASCII characters"},
        )
    return Key(match["quoted"] or match["bare"])


def _digest(*parts: bytes) -> bytes:
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
    session: Session, actor: Actor, key: Key | None, parts: Iterable[bytes], make: Callable[[], T]
) -> tuple[T, bool]:
    """What `make` makes, or made when this person last sent `key`; and whether it was there before.

    `parts` are what was sent. A retry that comes while the first is still being stored waits for
    it, for WAIT_S seconds at most. Raises Conflict after that, Unprocessable where a program's key
    came with another payload, and what `make` raises: then the key stays unused.
    """
    if key is None:
        return make(), False
    payload = _digest(*parts)
    if key.of_form:
        payload = _digest(key.text.encode(errors="surrogatepass"), payload)
        return _once(session, actor, f"form {payload.hex()}", payload, make)
    return _once(session, actor, key.text, payload, make)


def _once(
    session: Session, actor: Actor, key: str, payload: bytes, make: Callable[[], T]
) -> tuple[T, bool]:
    _hold(session, f"{actor.user.id}:{key}")
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.user_id == actor.user.id, IdempotencyKey.created_at < now() - KEPT
        )
    )
    known = session.get(IdempotencyKey, (actor.user.id, key))
    if known is None:
        made = make()
        what = {_COLUMNS[type(made)]: made.id}
        held = {"user_id": actor.user.id, "key": key, "digest": payload, **what}
        session.add(IdempotencyKey(**held))
        session.flush()
        return made, False
    if known.digest != payload:
        raise Unprocessable(
            "This Idempotency-Key was sent before with another payload, so nothing was taken. "
            "Use a new key for a new upload.",
            errors={"Idempotency-Key": "used with another payload"},
        )
    made_then = ((kind, getattr(known, column)) for kind, column in _COLUMNS.items())
    kind, number = next((kind, number) for kind, number in made_then if number is not None)
    found: Any = session.get_one(kind, number)
    return found, True
