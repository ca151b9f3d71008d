"""Owns how a submission stands: the little of it that those who watch it ask for time and again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.grading.showing import seen
from app.identity import permissions, sight
from app.identity.authentication import Actor
from app.models import Assignment, AssignmentExercise, Enrolment, Status, Submission
from app.scheduling import progress, queue_position
from app.visibility.rules import Shown

_WORTH = (
    select(func.coalesce(func.sum(AssignmentExercise.points), 0.0))
    .where(AssignmentExercise.assignment_id == Submission.assignment_id)
    .scalar_subquery()
)
_HIDES = (Assignment.shown != literal({}, JSONB)) | Assignment.hints_in_steps
_STANDING = (
    select(
        Submission.id,
        Submission.status,
        Submission.score,
        func.coalesce(Submission.max_score, _WORTH),
        queue_position.PLACE,
        progress.JUDGED,
        Submission.submitted_at,
        Submission.graded_at,
        func.coalesce(Submission.of_id, Submission.id),
        *(Submission.user_id, sight.COUNTS_FOR_ACTOR, Assignment.course_id),
        *(Enrolment.role, Submission.kind, _HIDES),
    )
    .join(Submission.assignment)
    .outerjoin(Enrolment, sight.MEMBERSHIP)
    .where(Submission.id == bindparam("submission_id"))
)
"""All in one question: neither the file nor the report, which are large, is read for it."""


@dataclass(frozen=True)
class Standing:
    """`max_score` is what it was graded for, or what its assignment is worth now.

    `position` is how many are graded before it while it is queued, `judged` how many of its
    exercises are, while it runs and takes its time.
    """

    id: uuid.UUID
    status: Status
    score: float | None
    max_score: float
    position: int
    judged: int
    submitted_at: datetime
    graded_at: datetime | None
    score_shown: Shown = Shown.WHOLE

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.status.is_settled


def look(session: Session, actor: Actor, submission_id: uuid.UUID) -> Standing:
    """How it stands right now, if the actor may see it; raises NotFound, Forbidden."""
    found = session.execute(
        _STANDING, {"submission_id": submission_id, "actor_id": actor.user.id}
    ).one_or_none()
    if found is None:
        raise NotFound(permissions.NO_SUBMISSION)
    *standing, number, owner_id, counts, course_id, role, kind, hides = found
    permissions.require_sight(session, actor, (number, owner_id, counts), course_id, role, kind)
    told = Standing(*standing)
    return _seen(session, actor, told) if hides else told


def _seen(session: Session, actor: Actor, told: Standing) -> Standing:
    """The same, where something in the assignment may be kept from who asks.

    Which exercises are judged is not told then: a hidden check that takes its time would show.
    """
    submission = session.get_one(Submission, told.id, populate_existing=True)
    found = seen.one(session, actor, submission)
    if found.sight.is_whole:
        return told
    most = told.max_score if found.max_score is None else found.max_score
    shown = found.sight.score
    return replace(told, score=found.score, max_score=most, judged=0, score_shown=shown)
