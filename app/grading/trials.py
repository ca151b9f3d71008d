"""Owns trials: a file graded as if it were handed in, that counts nowhere and is kept for a day.

An assignment may have them use up attempts, or have none.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.grading import stored_files, submissions
from app.grading.rules import admission, members, terms
from app.grading.showing import seen
from app.grading.showing.seen import Seen
from app.grading.uploads import Upload
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Kind, Submission, Trials

KEPT = timedelta(days=1)
_FORGET = (
    delete(Submission)
    .where(
        Submission.kind == Kind.TRIAL,
        Submission.submitted_at < bindparam("then"),
        Submission.assignment_id.not_in(
            select(Assignment.id).where(Assignment.trials == Trials.COUNTED)
        ),
    )
    .execution_options(synchronize_session=False)
)
PRIORITY = 5
"""Behind what is handed in, before what is graded again."""


def accept(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    began_at: datetime | None = None,
) -> Submission:
    """Take a file in to be tried, while the assignment is open or was when its upload began.

    However many attempts are used, unless the assignment counts trials as such. Raises NotFound,
    Forbidden, Conflict (closed, no trials here, no attempt or room left), TooLarge, Unprocessable.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    upload.require_readable()
    whose = members.of(session, assignment, actor.user.id)
    rules = terms.of_members(session, assignment, whose)
    admission.require_open(rules, began_at)
    if assignment.trials is Trials.OFF:
        raise Conflict(
            "In this assignment files cannot be tried without handing them in, so this one was "
            "not taken. Hand it in when it is ready."
        )
    admission.lock_uploads(session, *whose.users)
    stored_files.require_room(session, actor.user.id, assignment.course_id, upload.content)
    if assignment.trials is Trials.COUNTED:
        admission.require_attempt(session, assignment, actor.user.id, rules, began_at)
    return submissions.store(
        session,
        actor,
        actor.person,
        assignment,
        upload,
        priority=PRIORITY,
        began_at=began_at,
    )


def kept_until(trial: Submission) -> datetime | None:
    """When it goes away; None where trials count as attempts, which stay."""
    if trial.assignment.trials is Trials.COUNTED:
        return None
    return trial.submitted_at + KEPT


def hand_in(session: Session, actor: Actor, trial_id: uuid.UUID) -> Submission:
    """Hand in the very file that was tried; raises as `submissions.accept` does.

    Where trials use up attempts, this one has: it becomes that attempt, and none more is needed.
    """
    trial = permissions.submission(session, actor, trial_id)
    if trial.user_id != actor.user.id:
        raise NotFound("Only whoever tried this file can hand it in.")
    if trial.kind is not Kind.TRIAL:
        raise Conflict("This file is handed in already; its grade is on its page.")
    if trial.assignment.trials is Trials.COUNTED:
        return submissions.make_attempt(session, actor, trial)
    upload = Upload(trial.filename, trial.source)
    return submissions.accept(session, actor, trial.assignment_id, upload)


def latest_work(session: Session, actor: Actor, assignment_id: int) -> Seen | None:
    """What counts for the actor or what they tried last in an assignment."""
    found = session.scalar(
        select(Submission)
        .where(
            Submission.assignment_id == assignment_id,
            ((Submission.kind == Kind.TRIAL) & (Submission.user_id == actor.user.id))
            | Submission.id.in_(members.attempts_of(actor.user.id)),
        )
        .order_by(Submission.submitted_at.desc())
        .limit(1)
    )
    return None if found is None else seen.one(session, actor, found)


def forget(session: Session) -> int:
    """Delete the trials whose day is over, and return how many they were.

    Those that count as attempts stay, as attempts do.
    """
    done = session.execute(_FORGET, {"then": now() - KEPT})
    if done.rowcount:  # type: ignore[attr-defined]
        stored_files.forget(session)
    return int(done.rowcount)  # type: ignore[attr-defined]
