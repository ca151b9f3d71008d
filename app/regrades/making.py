"""Owns asking for attempts to be graded again: which ones, for what, and by whom."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, select
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Unprocessable
from app.grading.rules import members
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import queue
from app.infrastructure.clock import now
from app.models import Assignment, Kind, Regrade, Status, StoredGrade, Submission
from app.scheduling.fair_shares import REGRADE
from app.teaching import assignments
from app.teaching.drafts import Draft

SETTLED = Submission.status.in_([Status.GRADED, Status.FAILED])


@dataclass(frozen=True)
class Selection:
    """Which attempts of an assignment: all, or those that count; of everybody, or of some.

    `students` are numbers of people; `submission_id` is one single attempt.
    """

    counting: bool = False
    students: tuple[int, ...] | None = None
    submission_id: uuid.UUID | None = None

    def facts(self) -> dict[str, Any]:
        """The same as it is kept."""
        return {
            "attempts": "counting" if self.counting else "all",
            "students": None if self.students is None else sorted(set(self.students)),
            "submission": str(self.submission_id) if self.submission_id else None,
        }

    def of(self, assignment_id: int) -> ColumnElement[bool]:
        """What holds of these attempts; what waits for its first verdict is none of them."""
        those = (Submission.assignment_id == assignment_id) & SETTLED
        those &= Submission.kind == Kind.ATTEMPT
        if self.submission_id is not None:
            those &= Submission.id == self.submission_id
        if self.students is not None:
            those &= Submission.id.in_(members.attempts_of(*self.students))
        if self.counting:
            counting = select(StoredGrade.submission_id).where(
                StoredGrade.assignment_id == assignment_id, StoredGrade.submission_id.is_not(None)
            )
            those &= Submission.id.in_(counting)
        return those


ALL = Selection()


def number_of(session: Session, assignment_id: int, selection: Selection = ALL) -> int:
    """How many attempts are selected."""
    return session.scalar(select(func.count()).where(selection.of(assignment_id))) or 0


def make(session: Session, actor: Actor, assignment_id: int, selection: Selection) -> Regrade:
    """Have attempts graded again as a preview, by the graders of now, behind all live work.

    Who asks for what a preview of theirs is open for already gets that one. Raises NotFound,
    Forbidden, Unprocessable where nothing is selected.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    worth = [[slug, points] for slug, points in assignment.points.items()]
    wanted = Regrade(
        assignment_id=assignment_id,
        made_by_id=actor.user.id,
        about=selection.facts(),
        worth=worth,
        rubric=assignment.rubric,
        none_counts_once=assignment.none_counts_once,
        seen=assignments.version(assignment),
        runs=True,
    )
    return _begun(session, actor, assignment, selection, wanted)


def make_for(
    session: Session, actor: Actor, assignment: Assignment, draft: Draft, seen: str
) -> Regrade:
    """A preview of what a change of an assignment does to all of its attempts.

    A file is run only where the change brings an exercise that nobody was asked for. `seen` is
    the version of the assignment that the change was made from.
    """
    wanted = Regrade(
        assignment_id=assignment.id,
        made_by_id=actor.user.id,
        about=ALL.facts(),
        worth=[[slug, points] for slug, points in draft.points.items()],
        rubric=dict(draft.rubric) if draft.rubric else None,
        none_counts_once=draft.none_counts_once,
        draft=draft.facts(),
        seen=seen,
        runs=not draft.points.keys() <= assignment.points.keys(),
    )
    return _begun(session, actor, assignment, ALL, wanted)


def _begun(
    session: Session, actor: Actor, assignment: Assignment, selection: Selection, wanted: Regrade
) -> Regrade:
    if known := _known(session, wanted):
        return known
    number = number_of(session, assignment.id, selection)
    if not number:
        said = "No attempt that is graded is among those that were asked for."
        raise Unprocessable(f"Nothing was begun. {said}", errors={"attempts": said})
    session.add(wanted)
    session.flush()
    _queue(session, wanted, selection)
    audit.record(
        session,
        actor,
        Action.REGRADE_MADE,
        assignment=assignment,
        submission_id=selection.submission_id,
        after={"regrade": wanted.id, "attempts": number, "which": wanted.about["attempts"]},
    )
    queue.sweep_committed(session)
    return wanted


def _known(session: Session, wanted: Regrade) -> Regrade | None:
    """The same person's preview of just the same, where one is open."""
    open_ones = select(Regrade).where(
        Regrade.assignment_id == wanted.assignment_id,
        Regrade.made_by_id == wanted.made_by_id,
        Regrade.applied_at.is_(None),
        Regrade.cancelled_at.is_(None),
    )
    names = ("about", "worth", "rubric", "none_counts_once", "draft", "seen")
    return next(
        (
            one
            for one in session.scalars(open_ones)
            if all(getattr(one, name) == getattr(wanted, name) for name in names)
        ),
        None,
    )


def _queue(session: Session, regrade: Regrade, selection: Selection) -> None:
    """Have a preview of each attempt wait for a worker, on the attempt's own seed."""
    same = (
        *(Submission.assignment_id, Submission.user_id, Submission.submitted_by_id),
        *(Submission.attempt, Submission.filename, Submission.sha256, Submission.seed),
        Submission.submitted_at,
    )
    others = {
        "id": func.gen_random_uuid(),
        "kind": literal(Kind.PREVIEW.value),
        "of_id": Submission.id,
        "regrade_id": literal(regrade.id),
        "status": literal(Status.QUEUED.value),
        "priority": literal(REGRADE),
        "queued_at": literal(now()),
    }
    attempts = select(*same, *others.values()).where(selection.of(regrade.assignment_id))
    names = [*(one.key for one in same), *others]
    session.execute(insert(Submission).from_select(names, attempts))
