"""Owns what people do with submissions: hand in, look."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Unprocessable
from app.grading import receipts, stored_files
from app.grading.rules import admission, lateness, members, terms
from app.grading.rules.members import Members
from app.grading.showing import seen
from app.grading.showing.seen import Seen
from app.grading.uploads import Upload
from app.identity import accounts, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import queue
from app.infrastructure.clock import now
from app.models import Assignment, Enrolment, Kind, Status, Submission, User
from app.timing.terms import Terms
from app.visibility.rules import Shown

ATTEMPTS = 100
"""Attempts that are listed at a time."""


def accept(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    student: str | None = None,
    began_at: datetime | None = None,
) -> Submission:
    """Take a file in as `queued`. It is accepted once the caller commits, which wakes a worker.

    It counts as handed in when its upload began, as nobody can help how long that takes.

    `student` (an e-mail or external id) hands in for somebody else, which needs its own right.
    Raises NotFound, Forbidden, Conflict (closed, no attempts or room left), TooLarge,
    Unprocessable.
    """
    assignment = may_hand_in(session, actor, assignment_id, student)
    owner = actor.person if student is None else _student(session, assignment, student)
    upload.require_readable()
    whose = members.of(session, assignment, owner.id)
    rules = terms.of_members(session, assignment, whose)
    if student is None:
        admission.require_open(rules, began_at)
    admission.lock_uploads(session, *whose.users)
    attempt = 1 + admission.latest_attempt(session, assignment, *whose.users)
    if student is None:
        admission.require_attempt(session, assignment, owner.id, rules, began_at)
        stored_files.require_room(session, owner.id, assignment.course_id, upload.content)
    return store(
        session,
        actor,
        owner,
        assignment,
        upload,
        attempt=attempt,
        rules=rules,
        whose=whose,
        began_at=began_at,
    )


def may_hand_in(
    session: Session, actor: Actor, assignment_id: int, student: str | None
) -> Assignment:
    """The assignment, if the actor may hand in for themselves, or for `student` where one is named.

    Raises NotFound, Forbidden.
    """
    right = Right.SUBMIT if student is None else Right.SUBMIT_BEHALF
    terms.hold(session, assignment_id)
    return permissions.assignment(session, actor, assignment_id, right)


def store(
    session: Session,
    actor: Actor,
    owner: User,
    assignment: Assignment,
    upload: Upload,
    *,
    attempt: int = 0,
    priority: int = 0,
    rules: Terms | None = None,
    whose: Members | None = None,
    began_at: datetime | None = None,
) -> Submission:
    """Put a file into the queue, for whoever has made sure that it may be taken.

    With `rules` it is an attempt, as late as they say, of its owner or of `whose`; else a trial.
    """
    moment = now()
    made = Submission(
        id=uuid.uuid4(),
        assignment_id=assignment.id,
        user_id=owner.id,
        submitted_by_id=actor.user.id,
        kind=Kind.TRIAL if rules is None else Kind.ATTEMPT,
        attempt=attempt,
        priority=priority,
        filename=upload.name,
        sha256=stored_files.keep(session, upload.content),
        seed=secrets.token_bytes(32),
        submitted_at=began_at or moment,
        queued_at=moment,
        status=Status.QUEUED,
    )
    if rules is None:
        session.add(made)
        session.flush()
        queue.announce_committed(session, made.id)
        return made
    lateness.mark(made, rules)
    return _taken(session, made, whose or Members((owner.id,)))


def _taken(session: Session, attempt: Submission, whose: Members) -> Submission:
    """Store an attempt, note for whom it counts, give its receipt, and have it graded."""
    members.hold_grades(session, attempt.assignment_id, whose.users)
    session.add(attempt)
    session.flush()
    members.note(session, attempt, whose)
    receipts.issue(session, attempt)
    queue.announce_committed(session, attempt.id)
    return attempt


def make_attempt(session: Session, actor: Actor, trial: Submission) -> Submission:
    """Make an attempt of the actor's own trial, now, and queue it as such. Raises as `accept`.

    It is graded anew, behind its old score: the assignment may have changed since.
    """
    assignment = may_hand_in(session, actor, trial.assignment_id, None)
    whose = members.of(session, assignment, actor.user.id)
    rules = terms.of_members(session, assignment, whose)
    admission.require_open(rules)
    admission.lock_uploads(session, *whose.users)
    session.refresh(trial, with_for_update=True)
    if trial.kind is not Kind.TRIAL:
        raise Conflict("This file is handed in already; its grade is on its page.")
    members.hold_grades(session, assignment.id, whose.users)
    moment = now()
    trial.kind, trial.status, trial.priority = Kind.ATTEMPT, Status.QUEUED, 0
    trial.attempt = 1 + admission.latest_attempt(session, assignment, *whose.users)
    trial.submitted_at = trial.queued_at = moment
    lateness.mark(trial, rules)
    trial.claims, trial.lease, trial.leased_until, trial.failure = 0, None, None, None
    return _taken(session, trial, whose)


def _student(session: Session, assignment: Assignment, who: str) -> User:
    user = accounts.find(session, who)
    if user is None or not session.scalar(
        select(Enrolment.active).where(
            Enrolment.course_id == assignment.course_id, Enrolment.user_id == user.id
        )
    ):
        raise Unprocessable(
            f"Nobody in this course has the e-mail address or external id {who!r}.",
            errors={"student": "not in the course"},
        )
    return user


def get(session: Session, actor: Actor, submission_id: uuid.UUID) -> Seen:
    """One submission with its results, as far as the actor sees it; raises NotFound, Forbidden."""
    return seen.one(session, actor, permissions.submission(session, actor, submission_id))


def attempts(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int | None = None,
    *,
    before: int | None = None,
    also: Iterable[int] = (),
) -> list[Seen]:
    """The newest ATTEMPTS that count for a person, newest first; another's only for staff.

    `before` takes the newest of those with a smaller number; `also` adds those with these numbers.
    """
    if user_id is None or user_id == actor.user.id:
        assignment = permissions.work(session, actor, assignment_id)
    else:
        assignment = permissions.of_student(session, actor, assignment_id, user_id)
    theirs = (
        Submission.assignment_id == assignment_id,
        Submission.id.in_(members.attempts_of(user_id or actor.user.id)),
        Submission.kind == Kind.ATTEMPT,
    )
    newest = select(Submission.id).where(*theirs).order_by(Submission.attempt.desc())
    if before is not None:
        newest = newest.where(Submission.attempt < before)
    shown = Submission.id.in_(newest.limit(ATTEMPTS)) | Submission.attempt.in_(also)
    rows = select(Submission).where(*theirs, shown).order_by(Submission.attempt.desc())
    return seen.several(session, actor, assignment, list(session.scalars(rows)))


def best_before(session: Session, submission: Seen, user_id: int) -> float | None:
    """The most that an earlier attempt of a student counted; None without one, and where the
    actor does not see whole scores."""
    if submission.sight.score is not Shown.WHOLE:
        return None
    return session.scalar(
        select(func.max(Submission.counted)).where(
            Submission.assignment_id == submission.assignment_id,
            Submission.id.in_(members.attempts_of(user_id)),
            Submission.attempt < submission.attempt,
        )
    )
