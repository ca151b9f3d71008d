"""Owns trials of visitors: what somebody without an account may have graded, and for how long.

Who has the address of a trial's page may see it; it cannot be guessed, and is kept as a digest.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import NotFound, TooLarge, TooMany
from app.grading.uploads import Upload
from app.infrastructure import queue
from app.models import Status, VisitorTrial
from app.settings import settings

KEPT = timedelta(hours=1)
BYTES = 65_536
"""Of a visitor's file; what people hand in may be larger."""
MOST = 100
"""Trials that are kept at a time: beyond, the oldest goes."""
_FORGET = (
    delete(VisitorTrial)
    .where(VisitorTrial.came_at < func.now() - KEPT)
    .execution_options(synchronize_session=False)
)
LINE = 20
"""Trials that wait at a time."""
_COME_BACK_S = 60


def accept(session: Session, upload: Upload) -> str:
    """Take a visitor's file in as `queued`, and return the secret of its page.

    Raises NotFound where visitors may try nothing here, TooLarge, Unprocessable, and TooMany where
    the line is long.
    """
    if not settings().visitor_trials:
        raise NotFound("Files can be tried here by people who have an account. Sign in first.")
    if len(upload.content) > BYTES:
        raise TooLarge(too_large())
    upload.require_readable()
    waiting = select(func.count()).where(VisitorTrial.status == Status.QUEUED)
    if (session.scalar(waiting) or 0) >= LINE:
        raise TooMany(
            "Many visitors are waiting for a result already, and people with an account come "
            "first, so this file was not taken. Try again in a minute.",
            retry_after=_COME_BACK_S,
        )
    _make_room(session)
    secret = secrets.token_urlsafe(24)
    trial = VisitorTrial(
        secret_sha256=_digest(secret),
        filename=upload.name,
        source=upload.content,
        seed=secrets.token_bytes(32),
    )
    session.add(trial)
    session.flush()
    queue.announce_committed(session, trial.id)
    return secret


def too_large() -> str:
    """What to say of more than a visitor may send."""
    return (
        f"That is more than the {BYTES // 1024} kB that can be tried without an account, so it was "
        "not taken. One Python file with your Function classes, without data, is enough."
    )


def get(session: Session, secret: str) -> VisitorTrial:
    """The trial with this secret, while it is kept; raises NotFound."""
    found = session.scalar(
        select(VisitorTrial).where(
            VisitorTrial.secret_sha256 == _digest(secret),
            VisitorTrial.came_at > func.now() - KEPT,
        )
    )
    if found is None:
        raise NotFound(
            "There is no result at this address. What visitors try is deleted after an hour, or "
            "earlier where many do; the file can be tried again."
        )
    return found


def forget(session: Session) -> int:
    """Delete the trials whose hour is over, and return how many they were."""
    done = session.execute(_FORGET)
    return int(done.rowcount)  # type: ignore[attr-defined]


def _make_room(session: Session) -> None:
    """Delete the oldest settled ones beyond MOST; others who come meanwhile may make it a few more.

    Refusing new ones instead would let one visitor shut out all others for an hour.
    """
    oldest = (
        select(VisitorTrial.id)
        .where(VisitorTrial.status.in_([Status.GRADED, Status.FAILED]))
        .order_by(VisitorTrial.came_at.desc())
        .offset(MOST - 1)
    )
    session.execute(
        delete(VisitorTrial)
        .where(VisitorTrial.id.in_(oldest))
        .execution_options(synchronize_session=False)
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
