"""Owns all hand-ins of an assignment or a course as files, and the manifest that says of each what
it is.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.infrastructure.spreadsheets import Cell, file_name
from app.models import Assignment, Course, Kind, Source, StoredGrade, Submission, User

COLUMNS = (
    "Path",
    "Student",
    "Email",
    "External ID",
    "Assignment ID",
    "Assignment",
    "Attempt",
    "Counts",
    "Handed in (UTC)",
    "Late",
    "Status",
    "Score",
    "After lateness",
    "Of",
    "File name",
    "SHA-256",
    "Receipt number",
    "Team",
    "Members",
)
_FILES, _LINES = 20, 500
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Collection:
    """What was asked for: the numbers of the hand-ins in their order, as of a moment."""

    course: Course
    numbers: Sequence[uuid.UUID]
    moment: datetime

    @property
    def file_name(self) -> str:
        """What its archive is called."""
        return file_name("hand-ins", self.course.code, "zip")

    def lines(self) -> Iterator[Sequence[uuid.UUID]]:
        """Parts of which the manifest's lines are read at once."""
        return _parts(self.numbers, _LINES)

    def files(self) -> Iterator[Sequence[uuid.UUID]]:
        """Parts of which the files are read at once: a few megabytes at most."""
        return _parts(self.numbers, _FILES)


def collect(
    session: Session,
    actor: Actor,
    course_id: int,
    assignment_id: int | None = None,
    *,
    counting: bool = False,
) -> Collection:
    """The hand-ins of a course, or of one assignment of it; `counting` takes only those that count.

    Raises NotFound, Forbidden.
    """
    course = permissions.course(session, actor, course_id, Right.SEE_ALL_WORK)
    rows = (
        select(Submission.id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Assignment.course_id == course_id, Submission.kind == Kind.ATTEMPT)
        .order_by(Submission.assignment_id, Submission.user_id, Submission.attempt)
    )
    if assignment_id is not None:
        rows = rows.where(Submission.assignment_id == assignment_id)
    if counting:
        counts = select(StoredGrade.submission_id).where(StoredGrade.submission_id.is_not(None))
        rows = rows.where(Submission.id.in_(counts), Submission.score.is_not(None))
    return Collection(course, session.scalars(rows).all(), now())


def lines(session: Session, numbers: Sequence[uuid.UUID]) -> Iterator[Sequence[Cell]]:
    """The manifest's lines of some hand-ins, each in the order of COLUMNS."""
    rows = session.execute(
        select(Submission, User, Assignment, StoredGrade.submission_id)
        .join(User, User.id == Submission.user_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(StoredGrade, StoredGrade.submission_id == Submission.id)
        .where(Submission.id.in_(numbers))
        .options(joinedload(Submission.team), selectinload(Submission.members))
    )
    found = {row[0].id: row for row in rows}
    for number in numbers:
        if number in found:
            yield _line(*found[number])


def _line(
    one: Submission, who: User, what: Assignment, counting: uuid.UUID | None
) -> Sequence[Cell]:
    counts = counting is not None and one.score is not None
    return (
        *(_path(one.assignment_id, who, one.attempt), who.name, who.email, who.external_id),
        *(what.id, what.title, one.attempt, "yes" if counts else ""),
        *(one.submitted_at, "yes" if one.late else "", one.status.value),
        *(one.score, one.counted, one.max_score, one.filename, one.sha256, str(one.id)),
        *((one.team.title, "; ".join(who.email for who in one.members)) if one.team else ("", "")),
    )


def files(session: Session, numbers: Sequence[uuid.UUID]) -> Iterator[tuple[str, bytes, datetime]]:
    """Path, content and time of some hand-ins."""
    rows = session.execute(
        select(
            Submission.id,
            Submission.assignment_id,
            Submission.attempt,
            Submission.submitted_at,
            User,
            Source.content,
        )
        .join(User, User.id == Submission.user_id)
        .join(Source, Source.sha256 == Submission.sha256)
        .where(Submission.id.in_(numbers))
    )
    found = {row.id: row for row in rows}
    for number in numbers:
        if number in found:
            row = found[number]
            path = _path(row.assignment_id, row.User, row.attempt)
            yield path, row.content, row.submitted_at


def _path(assignment_id: int, who: User, attempt: int) -> str:
    """Where a file is in the archive: by assignment and student; each name once, on any disk."""
    plain = unicodedata.normalize("NFKD", who.name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME] or "student"
    return f"assignment-{assignment_id}/{name}-{who.id}/attempt-{attempt:03}.py"


def _parts(numbers: Sequence[uuid.UUID], size: int) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def with_titles(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The manifest as a table."""
    yield COLUMNS
    yield from rows
