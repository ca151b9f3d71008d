"""Owns forms that are sent twice, by two presses or after going back: one thing is made.

A form has a key of its own, which counts together with what was sent: who goes back and sends
something else in the same form means something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.idempotency.holding import KEPT, digest, hold
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Comment, IdempotencyKey, Submission

T = TypeVar("T", Submission, Assignment, Comment)
_COLUMNS: dict[type[Any], str] = {
    Submission: "submission_id",
    Assignment: "assignment_id",
    Comment: "comment_id",
}


def once(
    session: Session, actor: Actor, key: str, parts: Iterable[bytes], make: Callable[[], T]
) -> T:
    """What `make` makes, or made when this person last sent the same in the same form.

    `parts` are what was sent; without a `key` each press counts. A second press while the first is
    still being stored waits for it. Raises Conflict where that takes too long, and what `make`
    raises: then the key stays unused.
    """
    if not key:
        return make()
    name = f"form {digest([key.encode(errors='surrogatepass'), digest(parts)]).hex()}"
    hold(session, actor.user.id, name)
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.user_id == actor.user.id, IdempotencyKey.created_at < now() - KEPT
        )
    )
    known = session.get(IdempotencyKey, (actor.user.id, name))
    if known is None:
        made = make()
        what = {_COLUMNS[type(made)]: made.id}
        session.add(IdempotencyKey(user_id=actor.user.id, key=name, **what))
        session.flush()
        return made
    made_then = ((kind, getattr(known, column)) for kind, column in _COLUMNS.items())
    kind, number = next((kind, number) for kind, number in made_then if number is not None)
    found: T = session.get_one(kind, number)
    return found
