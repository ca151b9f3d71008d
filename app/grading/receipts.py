"""Owns what is signed of a hand-in: a receipt when it comes in, a result sheet once it is graded.

A receipt that was given is kept as it is, and never made anew from rows that may have changed.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.errors import Conflict, Unavailable
from app.grading.rules import members
from app.grading.showing import sights
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Kind, Receipt, Status, StoredGrade, Submission, User
from app.settings import settings
from app.signing import signed_texts
from app.signing.signed_texts import Statement
from app.visibility.rules import Shown

log = structlog.get_logger(__name__)
RECEIPT, RESULT_SHEET = "receipt", "result sheet"


@dataclass(frozen=True)
class Verified:
    """A text that we have signed, and how the service's records differ from it by now.

    `has_record` is whether the submission is still there.
    """

    statement: Statement
    kid: str
    has_record: bool
    differences: list[str] = field(default_factory=list)


def issue(session: Session, submission: Submission) -> None:
    """Give a receipt for what was just handed in. Without a key the hand-in is taken all the same.

    Its receipt is then made when somebody asks for it.
    """
    try:
        _give(session, submission)
    except Unavailable as problem:
        log.error("receipts.not_signed", submission_id=str(submission.id), reason=problem.detail)


def of_submission(session: Session, actor: Actor, submission_id: uuid.UUID) -> str:
    """The receipt of a hand-in, as it was given; the caller commits, as it may be made only now.

    Raises NotFound, Forbidden, Conflict for a trial, Unavailable.
    """
    submission = permissions.submission(session, actor, submission_id)
    _require_hand_in(submission)
    given = session.get(Receipt, submission_id)
    return given.text if given else _give(session, submission)


def given(session: Session, submission: Submission) -> str | None:
    """The receipt of somebody's own hand-in, if one could be given."""
    found = session.get(Receipt, submission.id)
    return found.text if found else None


def result_sheet(session: Session, actor: Actor, submission_id: uuid.UUID) -> str:
    """What the graders found, as it stands, with our signature.

    Raises NotFound, Forbidden, Conflict for a trial or where there is no score, Unavailable.
    """
    submission = permissions.submission(session, actor, submission_id)
    _require_hand_in(submission)
    if submission.status is not Status.GRADED:
        raise Conflict("There is a result sheet as soon as the file is graded; it is not yet.")
    sight = sights.of(session, actor, submission.assignment)
    if sight.score is not Shown.WHOLE:
        raise Conflict("There is a result sheet as soon as the whole score is shown.")
    whose = _whom_the_actor_sees(session, actor, submission)
    said = _about(submission, whose, submission.assignment) | {
        "score": submission.score,
        "max_score": submission.max_score,
        "late": submission.late,
        "counted": submission.counted,
        "graders": submission.grader_version,
        "graded_at": _written(submission.graded_at),
        "exercises": [
            {"exercise": one.slug, "score": one.score, "max_score": one.max_score}
            for one in submission.results
        ],
        "by_hand": _by_hand(session, submission, whose.id),
    }
    return signed_texts.signed({"statement": RESULT_SHEET, **said, "issued_at": _written(now())})


def _whom_the_actor_sees(session: Session, actor: Actor, submission: Submission) -> User:
    """Of those for whom an attempt counts: the actor, or else one whose work the actor sees, and
    whoever sent it before others."""
    if members.counts_for(session, submission.id, actor.user.id):
        return actor.person
    course_id = submission.assignment.course_id
    rights = permissions.rights_in(session, actor, course_id)
    sees = permissions.seen(rights, actor, course_id)
    if sees is None:
        return submission.user
    seen = set(session.scalars(sees))
    return next(one for one in (submission.user, *submission.members) if one.id in seen)


def verify(session: Session, text: str) -> Verified:
    """What a receipt or result sheet says, and whether our records still say so.

    Whoever holds one may know all that is in it, so nobody need be signed in. Raises Unprocessable
    for what we have not signed, Unavailable.
    """
    opened = signed_texts.opened(text)
    said = opened.statement
    submission = session.get(Submission, uuid.UUID(said["submission"]))
    if submission is None:
        return Verified(said, opened.kid, has_record=False)
    found = _differences(submission, said)
    if said["statement"] != RESULT_SHEET:
        return Verified(said, opened.kid, True, found)
    student_id = said["student"]["id"]
    sight = sights.of_student(session, submission.assignment, student_id)
    if sight.score is not Shown.WHOLE:
        found.append("Whether the score is still this one is told when the whole score is shown.")
        return Verified(said, opened.kid, True, found)
    found += _other_score(submission, said)
    if said.get("by_hand") != _by_hand(session, submission, student_id):
        found.append("What was changed by hand of the grade is something else by now.")
    return Verified(said, opened.kid, True, found)


def _require_hand_in(submission: Submission) -> None:
    if submission.kind is Kind.TRIAL:
        raise Conflict("This file was only tried, so there is nothing to sign of it.")
    if submission.kind is not Kind.ATTEMPT:
        raise Conflict("Another verdict on an attempt is not signed; the attempt's own is.")


def _give(session: Session, submission: Submission) -> str:
    issued_at = now()
    said = _about(submission, submission.user, submission.assignment)
    if submission.team is not None:  # each member may have it, and knows the others by name alone
        said["student"] = {"id": submission.user.id, "name": submission.user.name}
    text = signed_texts.signed(
        {"statement": RECEIPT, **said, "issued_at": _written(issued_at)},
    )
    values = {"submission_id": submission.id, "text": text, "issued_at": issued_at}
    made = session.execute(
        insert(Receipt).values(values).on_conflict_do_nothing().returning(Receipt.text)
    ).scalar_one_or_none()
    return made or session.get_one(Receipt, submission.id).text  # somebody else was quicker


def _about(submission: Submission, owner: User, assignment: Assignment) -> dict[str, Any]:
    """Who handed in which file to which assignment, and when.

    The seed stays secret; its hash holds us to the one that was drawn when the file came in.
    """
    course = assignment.course
    return {
        "service": settings().base_url,
        "submission": str(submission.id),
        "course": {"id": course.id, "code": course.code, "title": course.title},
        "assignment": {"id": assignment.id, "title": assignment.title},
        "student": {
            "id": owner.id,
            "name": owner.name,
            "email": owner.email,
            "external_id": owner.external_id,
        },
        **_team(submission),
        "handed_in_by": _others_name(submission),
        "attempt": submission.attempt,
        "file": {"name": submission.filename, "sha256": submission.sha256},
        "submitted_at": _written(submission.submitted_at),
        "seed_sha256": hashlib.sha256(submission.seed).hexdigest(),
    }


def _team(submission: Submission) -> dict[str, Any]:
    """The team that it was handed in for, with all for whom it counts; nothing for one alone.

    By name alone: whoever holds a receipt need not know more of the others.
    """
    if submission.team is None:
        return {}
    return {
        "team": {
            "title": submission.team.title,
            "members": [{"id": one.id, "name": one.name} for one in submission.members],
        }
    }


def _by_hand(session: Session, submission: Submission, user_id: int) -> dict[str, Any] | None:
    """What was set by hand of a grade, where this attempt counts; None for nothing."""
    grade = session.get(StoredGrade, (submission.assignment_id, user_id))
    if grade is None or grade.submission_id != submission.id:
        return None
    given = grade.given
    if given is None and grade.given_by_exercise:
        own = {one.slug: one.score for one in submission.results}
        given = round(sum((own | grade.given_by_exercise).values()), 2)
    if given is None and not grade.excused:
        return None
    return {
        "score": given,
        "excused": grade.excused,
        "reason": grade.reason,
        "changed_by": grade.changed_by.name if grade.changed_by else None,
        "changed_at": _written(grade.changed_at),
    }


def _others_name(submission: Submission) -> str | None:
    """Who handed in for somebody else."""
    if submission.submitted_by_id == submission.user_id:
        return None
    sender = submission.submitted_by
    return f"{sender.name} ({sender.email})" if sender.email else sender.name


def _differences(submission: Submission, said: Statement) -> list[str]:
    """How our rows differ from what we have signed, in sentences."""
    by_now = {
        "The assignment": (said["assignment"]["id"], submission.assignment_id),
        "The number of the attempt": (said["attempt"], submission.attempt),
        "The time of the hand-in": (said["submitted_at"], _written(submission.submitted_at)),
        "The file": (said["file"]["sha256"], hashlib.sha256(submission.source).hexdigest()),
        "The seed": (said["seed_sha256"], hashlib.sha256(submission.seed).hexdigest()),
    }
    found = [f"{what} is another one in the service's records." for what, (was, is_now) in
             by_now.items() if was != is_now]  # fmt: skip
    signed = {one["id"] for one in said.get("team", {}).get("members", [said["student"]])}
    if signed != {one.id for one in submission.members} or said["student"]["id"] not in signed:
        found.insert(0, "Whom it counts for is somebody else in the service's records.")
    return found


def _other_score(submission: Submission, said: Statement) -> list[str]:
    if said["score"] == submission.score:
        return []
    if _written(submission.graded_at) != said["graded_at"]:
        return ["The score is another one by now: the file was graded again since, or it is being."]
    return ["The score is another one in the records, though the file was not graded again."]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
