"""Owns what people do with submissions: hand in, look, ask for a regrade."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import secrets
import tokenize
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session, selectinload

from app import accounts, permissions
from app.auth import Actor
from app.clock import now
from app.errors import Conflict, TooLarge, Unprocessable
from app.models import Assignment, Enrolment, Kind, Status, Submission, User
from app.permissions import Right
from app.settings import settings

REGRADE = 10
MAX_FILENAME = 120
_ENCODINGS = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]")
"""What source is written in. Others can cost seconds to decode (punycode), or decode no text."""


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    filename: str
    content: bytes

    def check(self) -> None:
        """Raise TooLarge or Unprocessable where no grader could make anything of it."""
        limit = settings().upload_limit_bytes
        if len(self.content) > limit:
            raise TooLarge(
                f"The file is larger than {limit // 1024} kB, so it was not taken. "
                "Hand in one Python file with your Function classes, without data."
            )
        if not self.content.strip():
            raise Unprocessable(
                "The file is empty, so it was not taken. Was it saved before the upload?",
                errors={"file": "empty"},
            )
        if b"\0" in self.content or self.content.startswith(b"\x89PNG"):
            raise Unprocessable(
                "This is not a text file, so it was not taken. "
                "Hand in the Python source (.py), not an image, notebook archive or compiled file.",
                errors={"file": "not text"},
            )
        try:
            decoded(self.content)
        except (SyntaxError, LookupError, UnicodeError) as error:
            raise Unprocessable(
                f"{_undecodable(self.content, error)}, so the file was not taken. "
                "Save it as UTF-8 in your editor and hand it in again.",
                errors={"file": "not UTF-8"},
            ) from None


def decoded(content: bytes) -> str:
    """Python source as text, in the encoding that it declares or else UTF-8.

    Raises SyntaxError or LookupError for an encoding that is not taken, UnicodeError.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    if not _ENCODINGS.fullmatch(codecs.lookup(encoding).name):
        raise LookupError(encoding)
    return content.decode(encoding)


def _undecodable(content: bytes, error: Exception) -> str:
    """What Python cannot read, as the beginning of a sentence."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return f"Line {line} has a letter that is not encoded as UTF-8"
    return f"The encoding that its first lines declare cannot be used ({error})"


def accept(
    session: Session,
    actor: Actor,
    assignment_id: int,
    upload: Upload,
    *,
    student: str | None = None,
) -> Submission:
    """Take a file in as `queued`. It is accepted once the caller has committed.

    `student` (an e-mail or external id) hands in for somebody else, which needs its own right.
    Raises NotFound, Forbidden, Conflict (closed, no attempts left), TooLarge, Unprocessable.
    """
    right = Right.SUBMIT if student is None else Right.SUBMIT_BEHALF
    assignment = permissions.assignment(session, actor, assignment_id, right)
    owner = actor.user if student is None else _student(session, assignment, student)
    upload.check()
    if student is None:
        check_open(assignment)
    # Serialises one person's uploads, so that attempts are numbered without gaps or doubles.
    session.execute(select(User.id).where(User.id == owner.id).with_for_update(key_share=True))
    attempt = 1 + (
        session.scalar(
            select(func.max(Submission.attempt)).where(
                Submission.assignment_id == assignment.id, Submission.user_id == owner.id
            )
        )
        or 0
    )
    if student is None and assignment.max_attempts and attempt > assignment.max_attempts:
        raise Conflict(
            f"All attempts ({assignment.max_attempts}) are used, so this file was not taken. "
            "Your earlier attempts count as they are."
        )
    return store(session, actor, owner, assignment, upload, attempt=attempt)


def store(
    session: Session,
    actor: Actor,
    owner: User,
    assignment: Assignment,
    upload: Upload,
    *,
    kind: Kind = Kind.HAND_IN,
    attempt: int = 0,
    priority: int = 0,
) -> Submission:
    """Put a file into the queue, for whoever has made sure that it may be taken."""
    moment = now()
    submission = Submission(
        id=uuid.uuid4(),
        assignment_id=assignment.id,
        user_id=owner.id,
        submitted_by_id=actor.user.id,
        kind=kind,
        attempt=attempt,
        priority=priority,
        filename=_clean(upload.filename),
        source=upload.content,
        sha256=hashlib.sha256(upload.content).hexdigest(),
        seed=secrets.token_bytes(32),
        late=assignment.is_late(moment),
        submitted_at=moment,
        queued_at=moment,
        turn=_waiting_of(session, owner.id, kind),
        status=Status.QUEUED,
    )
    session.add(submission)
    session.flush()
    return submission


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


def check_open(assignment: Assignment) -> None:
    """Raise Conflict unless the assignment takes work now."""
    moment = now()
    if assignment.opens_at is not None and moment < assignment.opens_at:
        raise Conflict("This assignment has not opened yet, so the file was not taken.")
    if not assignment.is_open(moment):
        raise Conflict(
            "This assignment is closed, so the file was not taken. "
            "If you need more time, ask your instructor."
        )


def _clean(filename: str) -> str:
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-MAX_FILENAME:] or "submission.py"


def _waiting_of(session: Session, user_id: int, kind: Kind) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Submission.user_id == user_id,
                Submission.kind == kind,
                Submission.status == Status.QUEUED,
            )
        )
        or 0
    )


def get(session: Session, actor: Actor, submission_id: uuid.UUID) -> Submission:
    """One submission with its results, if the actor may see it; raises NotFound."""
    found = session.get(
        Submission,
        submission_id,
        options=[selectinload(Submission.results), selectinload(Submission.assignment)],
    )
    return permissions.see_submission(session, actor, found)


def attempts(
    session: Session, actor: Actor, assignment_id: int, user_id: int | None = None
) -> list[Submission]:
    """A person's attempts at an assignment, newest first; another's only for who may see all."""
    own = user_id is None or user_id == actor.user.id
    permissions.assignment(session, actor, assignment_id, Right.SEE if own else Right.SEE_ALL_WORK)
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.assignment_id == assignment_id,
                Submission.user_id == (user_id or actor.user.id),
                Submission.kind == Kind.HAND_IN,
            )
            .order_by(Submission.attempt.desc())
        )
    )


def counting(session: Session, assignment: Assignment, user_id: int) -> Submission | None:
    """The attempt that counts: the best graded one (first of equals), or the latest graded."""
    order = (
        [Submission.attempt.desc()]
        if assignment.counts == "latest"
        else [Submission.score.desc().nulls_last(), Submission.attempt.asc()]
    )
    return session.scalar(
        select(Submission)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.user_id == user_id,
            Submission.kind == Kind.HAND_IN,
            Submission.score.is_not(None),
        )
        .order_by(*order)
        .limit(1)
    )


def position(session: Session, submission: Submission) -> int:
    """How many submissions a worker takes before this one; 0 when it is next or no longer waits."""
    if submission.status is not Status.QUEUED:
        return 0
    ahead = tuple_(Submission.priority, Submission.turn, Submission.queued_at) < tuple_(
        submission.priority, submission.turn, submission.queued_at
    )
    return (
        session.scalar(select(func.count()).where(Submission.status == Status.QUEUED, ahead)) or 0
    )


def expected_wait(session: Session, submission: Submission, ahead: int) -> float:
    """How long a submission waits behind `ahead` others, in seconds.

    By the latest gradings of its assignment, and for one worker: with more it is shorter.
    """
    took = func.extract("epoch", Submission.graded_at - Submission.started_at)
    latest = (
        select(took.label("seconds"))
        .where(
            Submission.assignment_id == submission.assignment_id,
            Submission.status == Status.GRADED,
            Submission.started_at < Submission.graded_at,
        )
        .order_by(Submission.graded_at.desc())
        .limit(20)
        .subquery()
    )
    typical = session.scalar(select(func.avg(latest.c.seconds)))
    return (ahead + 1) * float(typical if typical is not None else 0.1)


def regrade(session: Session, actor: Actor, submission_id: uuid.UUID) -> Submission:
    """Queue a settled submission again, behind live work. Its seed, and so its score, stays.

    Raises NotFound, Forbidden, Conflict while it is still being graded, or for a check.
    """
    submission = get(session, actor, submission_id)
    permissions.require(session, actor, Right.MANAGE, submission.assignment.course_id)
    if submission.kind is Kind.CHECK:
        raise Conflict("This file was only checked, so there is no grade to work out again.")
    done = session.execute(
        update(Submission)
        .where(
            Submission.id == submission_id, Submission.status.in_([Status.GRADED, Status.FAILED])
        )
        .values(
            status=Status.QUEUED, priority=REGRADE, turn=0, claims=0, queued_at=now(), failure=None
        )
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This submission is being graded right now; wait for its result.")
    session.refresh(submission)
    return submission


def waiting(session: Session) -> int:
    """How many submissions wait in the queue."""
    return session.scalar(select(func.count()).where(Submission.status == Status.QUEUED)) or 0
