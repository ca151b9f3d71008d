"""Owns releasing an assignment's results to its students, and taking that back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment
from app.teaching import assignments
from app.visibility.rules import When


def release(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Show all students what waits for it, from now on; done twice it is done once.

    Raises NotFound, Forbidden, Conflict where nothing waits for it.
    """
    assignment = assignments.lock(session, actor, assignment_id)
    if not waits(assignment):
        raise Conflict(
            "Nothing of this assignment waits to be released, so nothing was changed: its form "
            "says what students see when."
        )
    if assignment.released_at is None:
        assignment.released_at = now()
        audit.record(session, actor, Action.RELEASED, assignment=assignment)
        session.flush()
    return assignment


def take_back(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Show it to students no longer; what they have seen they have seen.

    Raises NotFound, Forbidden.
    """
    assignment = assignments.lock(session, actor, assignment_id)
    if assignment.released_at is not None:
        assignment.released_at = None
        audit.record(session, actor, Action.RELEASE_BACK, assignment=assignment)
        session.flush()
    return assignment


def waits(assignment: Assignment) -> bool:
    """Whether anything of it is shown after release."""
    return When.AFTER_RELEASE in assignment.visibility.shown.values()
