"""Owns the choice of the attempt that counts, where that is the student's."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict
from app.grading.rules import members, terms
from app.grading.showing import seen
from app.grading.showing.seen import Seen
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Kind, StoredGrade
from app.timing.counting import Counts


def choose(session: Session, actor: Actor, submission_id: uuid.UUID) -> Seen:
    """Have one's own attempt count, until the assignment has closed.

    Raises NotFound, Forbidden, Conflict where nothing is to be chosen, or no longer.
    """
    attempt = permissions.submission(session, actor, submission_id)
    if not members.counts_for(session, attempt.id, actor.user.id):
        permissions.require_own(actor, attempt.user_id)
    assignment = permissions.assignment(session, actor, attempt.assignment_id, Right.SUBMIT)
    rules = terms.of(session, assignment, actor.user.id)
    if rules.counts is not Counts.CHOSEN:
        raise Conflict("In this assignment nothing is chosen: its page says which attempt counts.")
    if attempt.kind is not Kind.ATTEMPT or attempt.score is None:
        raise Conflict("Only an attempt that is graded can be chosen, so nothing was changed.")
    if rules.window.has_closed(now()):
        raise Conflict("This assignment is closed, so another attempt can no longer be chosen.")
    grade = session.get_one(
        StoredGrade,
        (assignment.id, actor.user.id),
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    grade.chosen_id = attempt.id
    session.flush()
    audit.record(
        session,
        actor,
        Action.CHOICE,
        assignment=assignment,
        user_id=actor.user.id,
        submission_id=attempt.id,
        after={"attempt": attempt.attempt},
    )
    return seen.one(session, actor, attempt)
