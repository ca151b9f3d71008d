"""Owns lists of submissions as a program reads them: newest first, a page at a time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.errors import Forbidden, NotFound
from app.grading import sections
from app.grading.rules import members
from app.grading.showing import seen
from app.grading.showing.seen import Seen
from app.identity import accounts, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import (
    AttemptMember,
    Enrolment,
    Kind,
    Status,
    Submission,
    User,
)

ME = "me"
Place = tuple[datetime, uuid.UUID]


@dataclass(frozen=True)
class Search:
    """What is looked for; nothing narrows nothing.

    `student` is an e-mail, an external id, or "me"; `since` when it was handed in or got its score,
    at the earliest.
    """

    student: str | None = None
    section_id: int | None = None
    status: Status | None = None
    since: datetime | None = None


def place(submission: Seen) -> Place:
    """Where a submission stands in such a list, for the next page to go on from."""
    return submission.submitted_at, submission.id


def of_assignment(
    session: Session,
    actor: Actor,
    assignment_id: int,
    search: Search,
    *,
    after: Place | None = None,
    limit: int,
) -> list[Seen]:
    """Submissions with their `user`: one's own, or everybody's for who may see all work.

    Raises NotFound, Forbidden.
    """
    assignment = permissions.work(session, actor, assignment_id)
    permissions.require_scope(actor, "submissions:read")
    rights = permissions.rights_in(session, actor, assignment.course_id)
    rows = (
        select(Submission)
        .join(Submission.user)
        .options(
            contains_eager(Submission.user),
            joinedload(Submission.team),
            selectinload(Submission.members),
        )
        .where(Submission.assignment_id == assignment_id, Submission.kind == Kind.ATTEMPT)
        .order_by(Submission.submitted_at.desc(), Submission.id.desc())
        .limit(limit)
    )
    theirs = permissions.seen(rights, actor, assignment.course_id)
    if search.student is not None or Right.SEE_GRADEBOOK not in rights:
        person = _person(session, actor, assignment.course_id, search.student)
        rows = rows.where(Submission.id.in_(members.attempts_of(person.id)))
    elif theirs is not None:
        some = select(AttemptMember.submission_id).where(AttemptMember.user_id.in_(theirs))
        rows = rows.where(Submission.id.in_(some))
    rows = _narrowed(session, rows, assignment.course_id, search)
    if after is not None:
        rows = rows.where(tuple_(Submission.submitted_at, Submission.id) < after)
    return seen.several(session, actor, assignment, list(session.scalars(rows)))


def _narrowed(
    session: Session, rows: Select[Submission], course_id: int, search: Search
) -> Select[Submission]:
    if search.section_id is not None:
        within = sections.people(session, course_id, search.section_id)
        some = select(AttemptMember.submission_id).where(AttemptMember.user_id.in_(within))
        rows = rows.where(Submission.id.in_(some))
    if search.status is not None:
        rows = rows.where(Submission.status == search.status)
    if search.since is not None:
        moments = (Submission.submitted_at, Submission.graded_at)
        rows = rows.where(or_(*(moment >= search.since for moment in moments)))
    return rows


def _person(session: Session, actor: Actor, course_id: int, who: str | None) -> User:
    if who is None or who == ME:
        return actor.person
    found = accounts.find(session, who)
    if Right.SEE_GRADEBOOK in permissions.rights_in(session, actor, course_id):
        if found is None or session.get(Enrolment, (course_id, found.id)) is None:
            raise NotFound(f"Nobody in this course has the e-mail address or external id {who!r}.")
        if found.id != actor.user.id:
            permissions.course_of_student(session, actor, course_id, found.id)
        return found
    if found is None or found.id != actor.user.id:
        raise Forbidden("You can list your own submissions only.")
    return found
