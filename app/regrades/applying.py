"""Owns what is made of a preview: its verdicts change places with those of the attempts, or go."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import CompoundSelect, Select, case, delete, func, select, union_all, update
from sqlalchemy.orm import Session, aliased

from app import audit, versions
from app.audit import Action
from app.errors import Conflict, NotFound, Stale, Unprocessable
from app.grading.rules import lateness, members
from app.identity.authentication import Actor
from app.infrastructure import queue
from app.infrastructure.clock import now
from app.models import Assignment, ExerciseResult, Kind, Regrade, Status, Submission
from app.models.field_limits import wrong_length
from app.regrades import preview
from app.regrades.preview import ATTEMPT, NEW
from app.teaching import assignments
from app.teaching.drafts import Draft

_AT_ONCE = 250
_VERDICT = (
    *("status", "queued_at", "started_at", "graded_at", "score", "max_score", "failure"),
    *("grader_version", "ran_with", "notes", "remarks", "timings_ms"),
)
"""What of a submission is its verdict, beside the results of its exercises."""


def apply(
    session: Session,
    actor: Actor,
    regrade_id: int,
    reason: str,
    *,
    never_lower: bool = False,
    seen: str | None = None,
) -> Regrade:
    """Have the attempts get their new verdicts, all of them, or but those that would lose by it.

    What they had before stays to be read as an earlier verdict. A change of the assignment that
    the preview is about is saved with it. `seen` is the version of the preview that the actor has
    seen. Raises NotFound, Forbidden, Conflict where it has ended or is not worked out yet, Stale,
    Unprocessable.
    """
    regrade, assignment = _held(session, actor, regrade_id)
    said = _why(reason)
    if never_lower and regrade.draft is not None:
        wrong = "A change of points holds for all, or is not made."
        raise Unprocessable(f"Nothing was changed. {wrong}", errors={"never_lower": wrong})
    if not preview.progress(session, regrade).is_ready:
        raise Conflict("Nothing was changed: the preview is not worked out yet.")
    _require_current(session, regrade, assignment, seen)
    lateness.held(session, assignment.id)
    _drop(session, regrade, never_lower=never_lower)
    regrade.applied_at, regrade.ended_by_id = now(), actor.user.id
    regrade.reason, regrade.never_lower = said, never_lower
    _record(session, actor, assignment, regrade)
    _exchange(session, regrade)
    if regrade.draft is not None:
        draft = TypeAdapter(Draft).validate_python(in_order(regrade.draft))
        assignments.save(session, actor, assignment.course_id, draft, assignment.id)
        _queue_the_rest(session, regrade)
    session.flush()
    return regrade


def cancel(session: Session, actor: Actor, regrade_id: int) -> Regrade:
    """End a preview; nothing is changed. What a worker is at right now leaves nothing behind.

    Raises NotFound, Forbidden, Conflict where it has ended.
    """
    regrade, assignment = _held(session, actor, regrade_id)
    _forget(session, _previews(regrade))
    regrade.cancelled_at, regrade.ended_by_id = now(), actor.user.id
    audit.record(
        session,
        actor,
        Action.REGRADE_CANCELLED,
        assignment=assignment,
        after={"regrade": regrade.id},
    )
    session.flush()
    return regrade


def _held(session: Session, actor: Actor, regrade_id: int) -> tuple[Regrade, Assignment]:
    """A preview and its assignment as they are now, which nobody else changes until the commit."""
    found = session.get(Regrade, regrade_id)
    if found is None:
        raise NotFound("There is no such regrade, or you are not in its course.")
    assignment = assignments.lock(session, actor, found.assignment_id)
    session.refresh(found, with_for_update=True)
    if not found.is_open:
        was = "applied" if found.applied_at else "cancelled"
        raise Conflict(f"Nothing was changed: this preview was {was} already.")
    return found, assignment


def _why(reason: str) -> str:
    said = reason.strip()
    wrong = wrong_length("reason", said)
    if not said:
        wrong = "Say why: whoever gets another score reads it."
    if wrong:
        raise Unprocessable(f"Nothing was changed. {wrong}", errors={"reason": wrong})
    return said


def _require_current(
    session: Session, regrade: Regrade, assignment: Assignment, seen: str | None
) -> None:
    """Raise Stale where the preview is about an assignment, or about scores, that are no more."""
    versions.require_current(seen, preview.version(session, regrade), "some of these scores")
    is_same = all(
        getattr(assignment, name) == getattr(regrade, name)
        for name in ("points", "rubric", "none_counts_once")
    )
    if regrade.draft is not None:
        is_same = regrade.seen == assignments.version(assignment)
    if not is_same:
        raise Stale(
            "Somebody else has changed this assignment meanwhile, so nothing was saved. Leave "
            "everything as it is here, and make a new preview."
        )


def _previews(regrade: Regrade) -> Select[uuid.UUID]:
    return select(Submission.id).where(
        Submission.regrade_id == regrade.id, Submission.kind == Kind.PREVIEW
    )


def _in_parts(session: Session, found: Select[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """These submissions, so many at a time that no statement about them takes long."""
    ids = session.scalars(found).all()
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _forget(session: Session, found: Select[uuid.UUID]) -> None:
    for some in _in_parts(session, found):
        session.execute(
            delete(Submission)
            .where(Submission.id.in_(some))
            .execution_options(synchronize_session=False)
        )


def _drop(session: Session, regrade: Regrade, *, never_lower: bool) -> None:
    """Forget the new verdicts that are not wanted, or that could not be worked out.

    An attempt that is being graded just now gets a verdict of its own.
    """
    attempts = select(ATTEMPT.id).where(
        ATTEMPT.id == Submission.of_id, ATTEMPT.status.in_([Status.GRADED, Status.FAILED])
    )
    if never_lower:
        attempts = attempts.where(
            Submission.score >= func.coalesce(ATTEMPT.score, Submission.score)
        )
    wanted = (Submission.status == Status.GRADED) & attempts.correlate(Submission).exists()
    _forget(session, _previews(regrade).where(~wanted))


def _exchange(session: Session, regrade: Regrade) -> None:
    """Have each new verdict and its attempt's change places."""
    for some in _in_parts(session, _previews(regrade)):
        _exchange_some(session, regrade, some)
    session.expire_all()


def _exchange_some(session: Session, regrade: Regrade, some: Sequence[uuid.UUID]) -> None:
    both = _both(regrade, some)
    session.execute(
        update(ExerciseResult)
        .where(ExerciseResult.submission_id == both.c.at)
        .values(submission_id=both.c.other)
        .execution_options(synchronize_session=False)
    )
    other = aliased(Submission)
    session.execute(
        update(Submission)
        .where(Submission.id == both.c.at, other.id == both.c.other)
        .values(
            {name: getattr(other, name) for name in _VERDICT}
            | {"kind": case((Submission.kind == Kind.PREVIEW, Kind.EARLIER), else_=Submission.kind)}
        )
        .execution_options(synchronize_session=False)
    )


def _both(regrade: Regrade, some: Sequence[uuid.UUID]) -> Any:
    """Which submission gets the verdict of which `other`: each pair both ways."""
    pairs = preview.of_regrade(regrade.id).where(NEW.id.in_(some))
    ways: CompoundSelect[Any] = union_all(
        pairs.with_only_columns(NEW.id.label("at"), ATTEMPT.id.label("other")),
        pairs.with_only_columns(ATTEMPT.id.label("at"), NEW.id.label("other")),
    )
    return ways.subquery()


def in_order(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A change of an assignment as it was asked for: the database keeps no order of points."""
    return dict(draft) | {"points": {slug: draft["points"][slug] for slug in draft["order"]}}


def _queue_the_rest(session: Session, regrade: Regrade) -> None:
    """Have those attempts graded for what is asked now that came in during the preview.

    What has no verdict yet keeps its turn. What is being graded begins anew: its lease ends, as
    it may be graded for what was asked before.
    """
    previewed = select(Submission.of_id).where(
        Submission.regrade_id == regrade.id, Submission.kind == Kind.EARLIER
    )
    queue_again(session, regrade.assignment_id, Submission.id.not_in(previewed))


def queue_again(session: Session, assignment_id: int, *those: Any) -> None:
    """Queue attempts again that are graded for what is asked no more; they keep their turn.

    Whoever hands in at this moment waits for the commit: their file would be graded for what was
    asked before, and nobody would see to it any more.
    """
    session.execute(select(Assignment.id).where(Assignment.id == assignment_id).with_for_update())
    waits = Submission.status == Status.QUEUED
    session.execute(
        update(Submission)
        .where(Submission.assignment_id == assignment_id, Submission.kind == Kind.ATTEMPT, *those)
        .values(
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


def _record(session: Session, actor: Actor, assignment: Assignment, regrade: Regrade) -> None:
    """Log what is about to be done: each score that changes, and the whole."""
    changed = preview.changes(session, regrade, limit=None)
    whose = members.users_of(session, [one.attempt_id for one in changed])
    for one in changed:
        checks = [check.words for check in one.checks]
        for user_id in whose[one.attempt_id]:
            audit.record(
                session,
                actor,
                Action.SCORE,
                assignment=assignment,
                user_id=user_id,
                submission_id=one.attempt_id,
                before={"score": one.before, "verdict": str(one.preview_id)},
                after={"score": one.after, "checks": checks, "regrade": regrade.id},
                reason=regrade.reason,
            )
    number = session.scalar(select(func.count()).select_from(_previews(regrade).subquery()))
    facts = {"regrade": regrade.id, "attempts": number, "scores changed": len(changed)}
    audit.record(
        session,
        actor,
        Action.REGRADE_APPLIED,
        assignment=assignment,
        after=facts | {"never lower": regrade.never_lower},
        reason=regrade.reason,
    )
    session.flush()
