"""Owns comments on a student's work, which the student reads, also at a line of the source."""

from __future__ import annotations

import uuid
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import audit
from app.audit import Action
from app.errors import Forbidden, NotFound, Unprocessable
from app.grading.rules import members
from app.grading.showing.seen import Seen
from app.idempotency import forms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Comment, Kind, Submission
from app.models.field_limits import wrong_length
from app.teaching import courses
from app.visibility.rules import Sight


def of_grade(session: Session, assignment_id: int, user_id: int, sight: Sight) -> list[Comment]:
    """What was said of somebody's work in an assignment, in order, for whoever has this sight of
    it: comments are feedback, and come with it.

    What was said of a team's attempt is for each for whom it counts.
    """
    if not sight.feedback:
        return []
    shared = Comment.submission_id.in_(members.attempts_of(user_id))
    rows = select(Comment).where(
        Comment.assignment_id == assignment_id,
        (Comment.user_id == user_id) | shared,
        Comment.appeal_id.is_(None),
        Comment.withdrawn_at.is_(None),
    )
    return list(session.scalars(rows.options(joinedload(Comment.author)).order_by(Comment.id)))


def of_submission(session: Session, submission: Seen) -> dict[int | None, list[Comment]]:
    """What was said of a submission, by line; by None of it as a whole."""
    found: dict[int | None, list[Comment]] = {}
    for one in of_grade(session, submission.assignment_id, submission.user_id, submission.sight):
        if one.submission_id == submission.id:
            found.setdefault(one.line, []).append(one)
    return found


def add(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    text: str,
    *,
    submission_id: uuid.UUID | None = None,
    line: int | None = None,
) -> Comment:
    """Say something of a student's work, of one attempt or of a line of its source.

    Raises NotFound, Forbidden, Unprocessable.
    """
    assignment = permissions.of_student(session, actor, assignment_id, user_id, Right.GRADE)
    courses.member(session, actor, assignment.course_id, user_id)
    said = required(text)
    if line is not None and submission_id is None:
        raise Unprocessable("Say of which attempt this is a line.", errors={"line": "no attempt"})
    if submission_id is not None:
        _check_place(session, assignment, user_id, submission_id, line)
    made = Comment(
        assignment_id=assignment_id,
        user_id=user_id,
        author_id=actor.user.id,
        submission_id=submission_id,
        line=line,
        text=said,
    )
    session.add(made)
    _record(session, actor, assignment, made, Action.COMMENT)
    session.flush()
    return made


def add_once(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    text: str,
    *,
    key: str,
    submission_id: uuid.UUID | None = None,
    line: int | None = None,
) -> Comment:
    """Like `add`, and one comment however often the form with `key` is sent."""
    place = [assignment_id, user_id, submission_id, line]
    parts = [b"comment", *(str(one).encode() for one in place), text.encode(errors="surrogatepass")]
    make = partial(add, session, actor, assignment_id, user_id, text)
    return forms.once(
        session, actor, key, parts, partial(make, submission_id=submission_id, line=line)
    )


def withdraw(session: Session, actor: Actor, comment_id: int) -> Comment:
    """Take one's own comment back; the log keeps it. Raises NotFound, Forbidden."""
    found = session.get(Comment, comment_id, with_for_update=True)
    if found is None or found.withdrawn_at is not None or found.appeal_id is not None:
        raise NotFound("There is no such comment.")
    who = (found.assignment_id, found.user_id)
    assignment = permissions.of_student(session, actor, *who, Right.GRADE)
    if found.author_id != actor.user.id:
        raise Forbidden("Only who wrote a comment takes it back.")
    found.withdrawn_at = now()
    _record(session, actor, assignment, found, Action.COMMENT_WITHDRAWN)
    session.flush()
    return found


def required(text: str) -> str:
    """What was typed, without what surrounds it; raises Unprocessable."""
    said = text.replace("\r\n", "\n").strip()
    wrong = wrong_length("comment", said) if said else "Nothing was typed, so nothing was sent."
    if wrong:
        raise Unprocessable(wrong, errors={"text": wrong})
    return said


def _check_place(
    session: Session,
    assignment: Assignment,
    user_id: int,
    submission_id: uuid.UUID,
    line: int | None,
) -> None:
    submission = session.get(Submission, submission_id)
    if (
        submission is None
        or (submission.assignment_id, submission.kind) != (assignment.id, Kind.ATTEMPT)
        or not members.counts_for(session, submission.id, user_id)
    ):
        raise NotFound("There is no such attempt of this student.")
    lines = submission.source.count(b"\n") + 1
    if line is not None and not 1 <= line <= lines:
        wrong = f"The file has no line {line}; it has {lines}."
        raise Unprocessable(f"Nothing was sent. {wrong}", errors={"line": wrong})


def _record(
    session: Session, actor: Actor, assignment: Assignment, comment: Comment, action: Action
) -> None:
    audit.record(
        session,
        actor,
        action,
        assignment=assignment,
        user_id=comment.user_id,
        submission_id=comment.submission_id,
        after={"text": comment.text, "line": comment.line},
    )
