"""Owns grading all of an assignment again: on demand, or when its work is worth something else."""

from __future__ import annotations

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import queue
from app.infrastructure.clock import now
from app.models import Assignment, Kind, Status, Submission
from app.scheduling.fair_shares import REGRADE
from app.teaching import assignments, versions
from app.teaching.assignments import Draft


def handed_in(session: Session, assignment_id: int) -> int:
    """How many attempts there are at an assignment."""
    rows = select(func.count()).where(
        Submission.assignment_id == assignment_id, Submission.kind == Kind.ATTEMPT
    )
    return session.scalar(rows) or 0


def change(
    session: Session, actor: Actor, assignment_id: int, draft: Draft, *, seen: str | None = None
) -> Assignment:
    """Change an assignment; where that changes what work is worth, grade all of it again.

    Until then each attempt keeps its score, as one that is being graded. `seen` is the version
    that the draft was made from. Raises NotFound, Forbidden, Unprocessable, Stale.
    """
    before = lock(session, actor, assignment_id)
    versions.require_current(seen, assignments.version(before), "this assignment")
    worth = before.points, before.rubric
    changed = assignments.save(session, actor, before.course_id, draft, assignment_id)
    if worth != (changed.points, changed.rubric):
        grade_all_again(session, actor, assignment_id)
    return changed


def lock(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """An assignment as it is now, which nobody else changes until the commit."""
    found = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    session.refresh(found, with_for_update={"key_share": True})
    session.refresh(found, ["exercises"])
    return found


def grade_all_again(session: Session, actor: Actor, assignment_id: int) -> int:
    """Queue every attempt at an assignment again, and return how many they are.

    What is graded already goes behind live work, as its scores stay to be seen meanwhile. What is
    being graded right now begins anew: its lease ends, since it may be graded for what was asked
    before. What waits only has its row held, so that no worker takes it before the commit.
    Raises NotFound, Forbidden.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    settled = Submission.status.in_([Status.GRADED, Status.FAILED])
    waits = Submission.status == Status.QUEUED
    done = session.execute(
        update(Submission)
        .where(Submission.assignment_id == assignment_id, Submission.kind == Kind.ATTEMPT)
        .values(
            priority=case((settled, REGRADE), else_=Submission.priority),
            queued_at=case((waits, Submission.queued_at), else_=now()),
            claims=case((waits, Submission.claims), else_=0),
            status=Status.QUEUED,
            lease=None,
            leased_until=None,
            failure=None,
        )
        .execution_options(synchronize_session=False)
    )
    queue.sweep_committed(session)
    number = int(done.rowcount)  # type: ignore[attr-defined]
    audit.record(
        session, actor, Action.GRADING_AGAIN, assignment=assignment, after={"attempts": number}
    )
    return number
