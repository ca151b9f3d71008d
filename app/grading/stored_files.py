"""Owns stored files: equal ones are kept once, and nobody keeps more than a quota in a course."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.models import Assignment, Source, Submission
from app.settings import settings

_LEFT_ALONE = timedelta(hours=1)
"""What came in so lately may belong to an upload that is not committed yet."""


def keep(session: Session, content: bytes) -> str:
    """Store a file, and return its SHA-256, by which it is found."""
    digest = hashlib.sha256(content).hexdigest()
    new = insert(Source).values(sha256=digest, content=content, size=len(content))
    session.execute(
        new.on_conflict_do_update(index_elements=["sha256"], set_={"stored_at": func.now()})
    )
    return digest


def require_room(session: Session, user_id: int, course_id: int, content: bytes) -> None:
    """Raise Conflict where this file is one too many of somebody's in a course.

    A file that they keep there already takes no more room. The person's uploads must be held.
    """
    quota = settings().quota_bytes
    kept = taken(session, course_id, user_id).get(user_id, 0)
    if kept + len(content) <= quota:
        return
    digest = hashlib.sha256(content).hexdigest()
    known = exists().where(
        Submission.user_id == user_id,
        Submission.sha256 == digest,
        Submission.assignment_id == Assignment.id,
        Assignment.course_id == course_id,
    )
    if not session.scalar(select(known)):
        raise Conflict(
            f"This file was not taken: there is room for {_mb(quota)} of files of yours in this "
            f"course, and {_mb(kept)} are in use. What you have handed in stays and counts as it "
            "is, and a file that you handed in before can be handed in again. If you need more "
            "room, ask your instructor."
        )


def taken(session: Session, course_id: int, user_id: int | None = None) -> dict[int, int]:
    """How many bytes each person's files in a course have, equal ones counted once; or one's."""
    own = (
        select(Submission.user_id, Submission.sha256)
        .join(Submission.assignment)
        .where(Assignment.course_id == course_id)
        .distinct()
    )
    if user_id is not None:
        own = own.where(Submission.user_id == user_id)
    files = own.subquery()
    rows = session.execute(
        select(files.c.user_id, func.sum(Source.size))
        .join(Source, Source.sha256 == files.c.sha256)
        .group_by(files.c.user_id)
    )
    return {person: int(size) for person, size in rows}


def forget(session: Session) -> None:
    """Delete the files that belong to no submission any more."""
    unused = ~exists().where(Submission.sha256 == Source.sha256)
    session.execute(
        delete(Source)
        .where(Source.stored_at < func.now() - _LEFT_ALONE, unused)
        .execution_options(synchronize_session=False)
    )


def _mb(size: int) -> str:
    return f"{round(size / 1_048_576, 1):g} MB"
