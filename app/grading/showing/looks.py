"""Owns looking at hints step by step: each look is noted, and costs nothing."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.errors import Conflict, NotFound
from app.grading.rules import members
from app.grading.showing import seen
from app.grading.showing.seen import Seen
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.rights import Right
from app.models import HintLook
from app.visibility.steps import Step


def look(
    session: Session, actor: Actor, submission_id: uuid.UUID, exercise: str, step: Step
) -> Seen:
    """Look at a step of what is wrong in an exercise of one's own work, and note that.

    Looked at again it is noted once; in an archived course nothing more is. Raises NotFound,
    Forbidden, Conflict where there is no such step, or not yet.
    """
    submission = permissions.submission(session, actor, submission_id)
    if not members.counts_for(session, submission.id, actor.user.id):
        permissions.require_own(actor, submission.user_id)
    permissions.require(session, actor, Right.SUBMIT, submission.assignment.course_id)
    found = seen.one(session, actor, submission)
    result = next((one for one in found.results if one.slug == exercise), None)
    if result is None:
        raise NotFound("There is no such exercise in this submission.")
    so_far = found.step(exercise)
    if result.report.get("step") is None or step is Step.WRONG:
        raise Conflict("There is no hint to be asked for, so nothing was noted.")
    if step > so_far + 1:
        raise Conflict(f"One step after the other: next comes {Step(so_far + 1).word}.")
    held = {"submission_id": submission_id, "user_id": actor.user.id, "slug": exercise}
    note = insert(HintLook).values(**held, step=step.value)
    session.execute(note.on_conflict_do_nothing())
    return seen.one(session, actor, submission)


def of(session: Session, submission_id: uuid.UUID) -> list[HintLook]:
    """What was looked at of a submission, in order, for whoever may see it."""
    rows = select(HintLook).where(HintLook.submission_id == submission_id)
    rows = rows.options(joinedload(HintLook.user)).order_by(HintLook.at, HintLook.id)
    return list(session.scalars(rows))
