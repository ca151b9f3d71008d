"""Owns changing a grade by hand, with a reason, and taking that back. What was computed stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.gradebook import grades
from app.grading.rules import lateness, terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Account, Assignment, AuditEntry, Enrolment, StoredGrade
from app.models.field_limits import wrong_length
from app.visibility.rules import WHOLE, Shown, Sight
from graders.exercises import EXERCISES

_BY_HAND = (Action.GRADE, Action.GRADE_UNDONE)
_OF_RULES = (Action.CHOICE, Action.EXTENSION, Action.EXTENSION_BACK, Action.LATE_DAYS)


@dataclass(frozen=True)
class ByHand:
    """What is set by hand of a grade: the whole score, or the points of some exercises."""

    score: float | None = None
    exercises: Mapping[str, float] = field(default_factory=dict)
    excused: bool = False
    on_time: bool = False

    @classmethod
    def of(cls, grade: StoredGrade | None) -> Self:
        """What is set of a stored grade."""
        if grade is None:
            return cls()
        return cls(grade.given, dict(grade.given_by_exercise), grade.excused, grade.on_time)

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> Self:
        """What an entry of the log says."""
        return cls(facts["score"], facts["exercises"], facts["excused"], facts["on_time"])

    def facts(self) -> dict[str, Any]:
        """The same for the log."""
        return {
            "score": self.score,
            "exercises": dict(self.exercises),
            "excused": self.excused,
            "on_time": self.on_time,
        }

    def errors(self, assignment: Assignment) -> dict[str, str]:
        """What is wrong with it, by field; empty when nothing is."""
        wrong: dict[str, str] = {}
        if self.score is not None and self.exercises:
            wrong["score"] = "Set the whole score or that of exercises, not both."
        elif self.score is not None and not 0 <= self.score <= assignment.max_score:
            wrong["score"] = f"The score lies between 0 and {assignment.max_score:g}."
        for slug, points in self.exercises.items():
            if slug not in assignment.points:
                wrong[slug] = f"The assignment has no exercise {slug!r}."
            elif not 0 <= points <= assignment.points[slug]:
                title = EXERCISES[slug].title if slug in EXERCISES else slug
                wrong[slug] = f"{title} lies between 0 and {assignment.points[slug]:g}."
        return wrong


@dataclass(frozen=True)
class SetByHand:
    """What is set by hand of a grade, by whom, when and why, as somebody is told of it.

    Without the whole score it is told that somebody is excused or exempt, and no more: the reason,
    the name and the time may be of points.
    """

    what: ByHand
    reason: str = ""
    by: Account | None = None
    at: datetime | None = None

    @classmethod
    def of(cls, grade: StoredGrade | None, sight: Sight) -> Self:
        """What is set of a stored grade."""
        what = ByHand.of(grade)
        if sight.score is not Shown.WHOLE:
            return cls(ByHand(excused=what.excused, on_time=what.on_time))
        return cls(what, grade.reason, grade.changed_by, grade.changed_at) if grade else cls(what)

    @property
    def version(self) -> str:
        """What a form that changes the grade is filled in from."""
        return versions.of_facts(self.what.facts() | {"at": self.at})


def change(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    wanted: ByHand,
    reason: str,
    *,
    seen: str | None = None,
) -> AuditEntry:
    """Set what is set by hand of a grade; the entry in the log, by which it can be taken back.

    `seen` is the version of the grade that the actor has seen. Raises NotFound, Forbidden,
    Unprocessable, Stale.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    grade = _held(session, actor, assignment, user_id, seen)
    reason = reason.strip()
    wrong = wanted.errors(assignment)
    if said := wrong_length("reason", reason):
        wrong["reason"] = said
    if not reason:
        wrong["reason"] = "Say why: the student reads it, and so does whoever looks later."
    if not wrong and wanted == ByHand.of(grade):
        wrong["score"] = "This is how the grade is already."
    if wrong:
        raise Unprocessable(" ".join(["Nothing was changed.", *wrong.values()]), errors=wrong)
    return _set(session, actor, assignment, grade, wanted, reason, Action.GRADE, reason)


def change_along(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    user_id: int,
    wanted: ByHand,
    reason: str,
) -> AuditEntry:
    """Set for a member of a team what `change` has set for another, who gave the right to it."""
    grade = _locked(session, assignment, user_id)
    return _set(session, actor, assignment, grade, wanted, reason, Action.GRADE, reason)


def undo(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    entry_id: int,
    *,
    seen: str | None = None,
) -> AuditEntry:
    """Have a grade as it was before a change in the log, and log that. Raises as `change` does.

    Raises Conflict where it is that already.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    grade = _held(session, actor, assignment, user_id, seen)
    found = entry(session, assignment_id, user_id, entry_id)
    if found is None or found.before is None:
        raise NotFound("There is no such change of this grade.")
    wanted = ByHand.of_facts(found.before)
    if wanted == ByHand.of(grade):
        raise Conflict("The grade is already as it was before this change.")
    kept = str(found.before["reason"])
    said = f"Taken back: {found.reason}"
    return _set(session, actor, assignment, grade, wanted, kept, Action.GRADE_UNDONE, said)


def entry(session: Session, assignment_id: int, user_id: int, entry_id: int) -> AuditEntry | None:
    """A change of this grade by hand, by its number in the log; None where that is of something
    else."""
    return session.scalar(
        select(AuditEntry).where(
            AuditEntry.id == entry_id,
            AuditEntry.assignment_id == assignment_id,
            AuditEntry.user_id == user_id,
            AuditEntry.action.in_([one.value for one in _BY_HAND]),
        )
    )


def version(grade: StoredGrade | None) -> str:
    """What a form that changes a grade is filled in from: what was set by hand, and when."""
    return SetByHand.of(grade, WHOLE).version


def history(
    session: Session, assignment_id: int, user_id: int, sight: Sight = WHOLE
) -> list[AuditEntry]:
    """What was changed of a grade, newest first, as far as somebody with this sight sees it."""
    actions = [*_OF_RULES]
    actions += _BY_HAND if sight.score is Shown.WHOLE else ()
    actions += [Action.SCORE] if sight.has_all_in_time else ()
    rows = select(AuditEntry).where(
        AuditEntry.assignment_id == assignment_id,
        AuditEntry.user_id == user_id,
        AuditEntry.action.in_([one.value for one in actions]),
    )
    return list(session.scalars(rows.order_by(AuditEntry.id.desc())))


def _held(
    session: Session, actor: Actor, assignment: Assignment, user_id: int, seen: str | None
) -> StoredGrade:
    """A student's grade as it is now, which nobody else changes until the commit."""
    if user_id == actor.user.id:
        raise Forbidden("Nobody changes their own grade; ask somebody else who teaches here.")
    permissions.of_student(session, actor, assignment.id, user_id, Right.GRADE)
    enrolment = session.get(Enrolment, (assignment.course_id, user_id))
    if enrolment is None:
        raise NotFound("There is no such student in this course.")
    grade = _locked(session, assignment, user_id)
    name = enrolment.user.name
    versions.require_current(seen, version(grade), f"the grade of {name}", _by_now(session, grade))
    return grade


def _locked(session: Session, assignment: Assignment, user_id: int) -> StoredGrade:
    terms.hold(session, assignment.id, to_change=True)
    lateness.held(session, assignment.id, [user_id])
    key = {"assignment_id": assignment.id, "user_id": user_id}
    session.execute(insert(StoredGrade).values(**key).on_conflict_do_nothing())
    return session.get_one(
        StoredGrade, key, with_for_update={"key_share": True}, populate_existing=True
    )


def _by_now(session: Session, grade: StoredGrade) -> str:
    who = grade.changed_by.name if grade.changed_by else "nobody"
    points = _points(session, grade)
    said = "excused" if grade.excused else "without a score" if points is None else f"{points:g}"
    return f"By now it is {said}, as changed by {who}: {grade.reason or 'taken back'}."


def _set(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    grade: StoredGrade,
    wanted: ByHand,
    reason: str,
    action: Action,
    said: str,
) -> AuditEntry:
    """Store it and log it: `reason` stands beside the grade, `said` in the log."""
    before, was_exempt = _facts(session, grade), grade.on_time
    grade.given, grade.given_by_exercise = wanted.score, dict(wanted.exercises)
    grade.excused, grade.on_time = wanted.excused, wanted.on_time
    grade.reason, grade.changed_by_id, grade.changed_at = reason, actor.user.id, now()
    session.flush()
    if grade.on_time != was_exempt:
        lateness.follow(session, assignment, [grade.user_id])
        session.refresh(grade)
    entry = audit.record(
        session,
        actor,
        action,
        assignment=assignment,
        user_id=grade.user_id,
        submission_id=grade.submission_id,
        before=before,
        after=_facts(session, grade),
        reason=said,
    )
    session.flush()
    return entry


def _facts(session: Session, grade: StoredGrade) -> dict[str, Any]:
    by_hand = ByHand.of(grade).facts()
    return {"points": _points(session, grade), **by_hand, "reason": grade.reason}


def _points(session: Session, grade: StoredGrade) -> float | None:
    return session.scalar(
        select(grades.counted()).where(
            StoredGrade.assignment_id == grade.assignment_id,
            StoredGrade.user_id == grade.user_id,
        )
    )
