"""Owns how files come in: one call for pages and programs alike, each sending taken once.

Whoever calls commits; workers are woken then, and not at all where the commit does not come.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.grading import submissions, trials
from app.grading.uploads import Upload
from app.idempotency import forms
from app.identity.authentication import Actor
from app.models import Submission


def hand_in(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    key: str = "",
    student: str | None = None,
    began_at: datetime | None = None,
) -> Submission:
    """Take a file in as an attempt. Raises as `submissions.accept` and `forms.once` do."""
    if key:  # to be told again, too, one has to be allowed to hand in
        submissions.may_hand_in(session, actor, assignment_id, student)
    make = partial(submissions.accept, session, actor, assignment_id, upload)
    parts = [b"hand in", str(assignment_id).encode(), *upload.parts()]
    return forms.once(session, actor, key, parts, partial(make, student=student, began_at=began_at))


def try_file(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    key: str = "",
    began_at: datetime | None = None,
) -> Submission:
    """Take a file in as a trial. Raises as `trials.accept` and `forms.once` do."""
    make = partial(trials.accept, session, actor, assignment_id, upload, began_at=began_at)
    parts = [b"try", str(assignment_id).encode(), *upload.parts()]
    return forms.once(session, actor, key, parts, make)


def hand_in_trial(
    session: Session, actor: Actor, trial_id: uuid.UUID, *, key: str = ""
) -> Submission:
    """Hand in what was tried. Raises as `trials.hand_in` and `forms.once` do."""
    make = partial(trials.hand_in, session, actor, trial_id)
    return forms.once(session, actor, key, [b"tried", trial_id.bytes], make)
