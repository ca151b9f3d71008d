"""Owns whether a file is taken now: the assignment is open, and an attempt is left."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.grading.rules import members
from app.infrastructure.clock import now
from app.models import Assignment, AttemptMember, Kind, Submission, Trials, User
from app.timing import moments
from app.timing.limits import Allowance, Used
from app.timing.terms import Terms


def lock_uploads(session: Session, *users: int) -> None:
    """Serialise people's uploads until the commit: no attempt has a number twice, or is free."""
    rows = select(User.id).where(User.id.in_(users)).order_by(User.id)
    session.execute(rows.with_for_update(key_share=True))


def latest_attempt(session: Session, assignment: Assignment, *users: int) -> int:
    """The greatest number of an attempt that counts for any of these people; 0 without one."""
    latest = (
        select(func.max(Submission.attempt))
        .join(AttemptMember, AttemptMember.submission_id == Submission.id)
        .where(AttemptMember.assignment_id == assignment.id, AttemptMember.user_id.in_(users))
    )
    return session.scalar(latest) or 0


def allowance(
    session: Session,
    assignment: Assignment,
    user_id: int,
    rules: Terms,
    moment: datetime | None = None,
) -> Allowance:
    """What somebody may still hand in. Trials count as attempts where the assignment says so.

    What one member of a team has used, the team has used.
    """
    if not rules.limits.bind:
        return Allowance()
    moment, users = moment or now(), members.of(session, assignment, user_id).users
    is_used: ColumnElement[bool] = Submission.id.in_(members.attempts_of(*users))
    if assignment.trials is Trials.COUNTED:
        is_used |= (Submission.kind == Kind.TRIAL) & Submission.user_id.in_(users)
    is_todays = Submission.submitted_at >= moments.start_of_day(moment, rules.zone)
    used = session.execute(
        select(
            func.count(),
            func.count().filter(is_todays),
            func.max(Submission.submitted_at),
        ).where(Submission.assignment_id == assignment.id, is_used)
    ).one()
    return rules.limits.allowance(Used(*used), moment, rules.zone)


def require_attempt(
    session: Session,
    assignment: Assignment,
    user_id: int,
    rules: Terms,
    began_at: datetime | None = None,
) -> None:
    """Raise Conflict where no attempt is left, or none for now."""
    found = allowance(session, assignment, user_id, rules, began_at)
    limits, kept = rules.limits, "Your earlier attempts count as they are."
    counted = ", trials among them," if assignment.trials is Trials.COUNTED else ""
    if found.is_used_up:
        raise Conflict(
            f"All attempts ({limits.in_all}){counted} are used, so this file was not taken. {kept}"
        )
    if found.again_at is None:
        return
    local = found.again_at.astimezone(ZoneInfo(rules.zone))
    again = f"The next one is taken from {local:%H:%M} on {local:%Y-%m-%d} ({rules.zone}) on."
    if found.left_today == 0:
        raise Conflict(
            f"All attempts of today ({limits.a_day}){counted} are used, so this file was not "
            f"taken. {again} {kept}"
        )
    pause = round(limits.pause.total_seconds() / 60)
    raise Conflict(
        f"Between two attempts{counted} there is a pause of {pause} minutes, so this file was not "
        f"taken yet. {again} {kept}"
    )


def require_open(rules: Terms, began_at: datetime | None = None) -> None:
    """Raise Conflict unless work is taken now, or was when the upload began."""
    moment = now()
    if not rules.window.has_opened(moment):
        raise Conflict("This assignment has not opened yet, so the file was not taken.")
    if rules.window.has_closed(began_at or moment):
        raise Conflict(
            "This assignment is closed, so the file was not taken. "
            "If you need more time, ask your instructor."
        )
