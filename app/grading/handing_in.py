"""Owns how files come in: one call for pages and programs alike, each sending taken once.

Whoever calls commits; workers are woken then, and not at all where the commit does not come.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.grading import idempotency, submissions, trials
from app.grading.idempotency import Key
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.models import Submission

Taken = tuple[Submission, bool]
"""What was made of a file, and whether that was there before: the sending came again."""


def hand_in(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    key: Key | None = None,
    student: str | None = None,
    began_at: datetime | None = None,
) -> Taken:
    """Take a file in as an attempt. Raises as `submissions.accept` and `idempotency.once` do."""
    if key is not None:  # to be told again, too, one has to be allowed to hand in
        submissions.may_hand_in(session, actor, assignment_id, student)
    make = partial(submissions.accept, session, actor, assignment_id, upload)
    whom = b"" if student is None else b"for " + student.encode()
    parts = [b"hand in", str(assignment_id).encode(), whom, *upload.parts()]
    return idempotency.once(
        session, actor, key, parts, partial(make, student=student, began_at=began_at)
    )


def try_file(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    key: Key | None = None,
    began_at: datetime | None = None,
) -> Taken:
    """Take a file in as a trial. Raises as `trials.accept` and `idempotency.once` do."""
    make = partial(trials.accept, session, actor, assignment_id, upload, began_at=began_at)
    parts = [b"try", str(assignment_id).encode(), *upload.parts()]
    return idempotency.once(session, actor, key, parts, make)


def hand_in_trial(
    session: Session, actor: Actor, trial_id: uuid.UUID, *, key: Key | None = None
) -> Taken:
    """Hand in what was tried. Raises as `trials.hand_in` and `idempotency.once` do."""
    make = partial(trials.hand_in, session, actor, trial_id)
    return idempotency.once(session, actor, key, [b"tried", trial_id.bytes], make)
