"""Owns what programs were answered whose requests had a key: the same request is answered again.

An answer is kept in the transaction of what it tells of, so there is either both or none.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from app.errors import Conflict, Forbidden, TooMany, Unavailable, Unprocessable
from app.idempotency.holding import KEPT, digest, hold
from app.identity.authentication import Actor
from app.infrastructure import rate_limits
from app.infrastructure.clock import now
from app.models import KeptAnswer
from app.signing import sealing

LARGEST = 1_000_000
"""The bytes of an answer that is kept; of a larger one it is kept that there was one."""
_BYTES = "67108864/day"
"""Of one person's answers; beyond that, too, it is kept that there were some."""
_FORGET = (
    delete(KeptAnswer)
    .where(KeptAnswer.created_at < bindparam("then"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True)
class Answer:
    """What a program was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Sending:
    """A request of somebody's that came with a key; `parts` are all that it asks for."""

    def __init__(self, session: Session, actor: Actor, key: str, parts: Iterable[bytes]) -> None:
        self._session = session
        self._actor = actor
        self._key = key
        self._digest = digest(parts)
        self._name = f"{actor.user.id}:{key}".encode()

    def known(self) -> Answer | None:
        """How it was answered before, if it was; until the commit nobody else sends with its key.

        Raises Unprocessable where the key came with another request, Forbidden where the token
        reaches less far than the one that was answered, and Conflict where the first still runs or
        its answer can be told no more.
        """
        hold(self._session, self._actor.user.id, self._key)
        kept = self._session.get(KeptAnswer, (self._actor.user.id, self._key))
        if kept is not None and kept.created_at < now() - KEPT:
            self._session.delete(kept)
            self._session.flush()
            kept = None
        if kept is None:
            return None
        if kept.digest != self._digest:
            raise Unprocessable(
                "This Idempotency-Key was sent before with another payload, so nothing was done. "
                "Use a new key for another request.",
                errors={"Idempotency-Key": "used with another payload"},
            )
        self._check_reach(kept)
        return self._opened(kept)

    def _check_reach(self, kept: KeptAnswer) -> None:
        lacking = sorted(set(kept.scopes) - (self._actor.scopes or frozenset()))
        if lacking or self._actor.course_id not in (None, kept.course_id):
            lacks = f"lacks {', '.join(lacking)}" if lacking else "is for another course"
            raise Forbidden(
                f"This was done before with this Idempotency-Key, by a token that reaches further. "
                f"This one {lacks}, so it is not told what came of it."
            )

    def _opened(self, kept: KeptAnswer) -> Answer:
        try:
            whole = kept.answer and sealing.opened(self._name, kept.answer)
        except Unavailable:
            whole = None
        if not whole:
            gone = Conflict(
                "This was done before with this Idempotency-Key, and nothing was done again. The "
                f"answer can be told no more; see how it is now{_at(kept.location)}."
            )
            if kept.location:
                gone.headers["location"] = kept.location
            raise gone
        head, _, body = zlib.decompress(whole).partition(b"\n")
        said = json.loads(head)
        return Answer(said["status"], said["headers"], body)

    def keep(self, answer: Answer) -> None:
        """Keep how it was answered; whoever calls commits."""
        self._session.add(
            KeptAnswer(
                user_id=self._actor.user.id,
                key=self._key,
                digest=self._digest,
                scopes=sorted(self._actor.scopes or ()),
                course_id=self._actor.course_id,
                location=answer.headers.get("location", ""),
                answer=self._sealed(answer),
            )
        )

    def _sealed(self, answer: Answer) -> bytes | None:
        if len(answer.body) > LARGEST:
            return None
        head = json.dumps({"status": answer.status, "headers": answer.headers}).encode()
        whole = zlib.compress(head + b"\n" + answer.body)
        try:
            rate_limits.take("kept", _BYTES, self._actor.key, uses=len(whole))
            return sealing.sealed(self._name, whole)
        except (TooMany, Unavailable):
            return None


def _at(location: str) -> str:
    return f", at {location}" if location else ""


def forget(session: Session) -> None:
    """Forget the answers whose day is over."""
    session.execute(_FORGET, {"then": now() - KEPT})
