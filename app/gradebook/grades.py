"""Owns grades: one student in one assignment, as worked out and as changed by hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.grading.rules import terms
from app.infrastructure.clock import now
from app.models import (
    Assignment,
    AssignmentExercise,
    AttemptMember,
    ExerciseResult,
    Kind,
    StoredGrade,
    Submission,
    in_queue,
    is_running,
)


class Grade(NamedTuple):
    """One student's standing in one assignment.

    `score` is what counts, `computed` what the attempt that counts has by itself, `deduction` the
    points that its lateness takes off. A gradebook has thousands of these, so that they are tuples
    of little.
    """

    score: float | None = None
    computed: float | None = None
    late: bool = False
    attempts: int = 0
    pending: int = 0
    remarks: int = 0
    """What staff may want to look at in the attempt that counts."""
    changed: bool = False
    """Whether `score` was set by hand, for the whole or for an exercise."""
    excused: bool = False
    on_time: bool = False
    """Whether it counts as in time, whenever it came."""
    since_best: int = 0
    """How many attempts came after the best one, and brought nothing."""
    recent: bool = False
    """Whether an attempt came within the last day."""
    deduction: float = 0.0
    has_time: bool = False
    """Whether an extension lets them hand in still, where others have missed it."""
    hidden: bool = False
    """Whether whoever looks is not shown the whole score; `score` is what they are shown of it."""
    most: float | None = None
    """What `score` is of, where it is of less than all points."""

    @property
    def has_failed(self) -> bool:
        """Whether something was handed in and, by our fault, has no score."""
        return self.attempts > 0 and self.score is None and not self.pending


_DAY = timedelta(days=1)
NOTHING = Grade()
ByAssignment = Mapping[int, Grade]
Pair = tuple[int, int]


class Counting(NamedTuple):
    """The attempt that counts, or the first one while none is graded."""

    submission_id: uuid.UUID
    submitted_at: datetime


def of_students(
    session: Session,
    course_id: int,
    *,
    users: Iterable[int] | None = None,
    assignment_id: int | None = None,
) -> dict[int, dict[int, Grade]]:
    """All grades in a course, of some people, or in one assignment, by user and assignment id."""
    wanted = None if users is None else set(users)
    asked: dict[str, Any] = {"course_id": course_id, "yesterday": now() - _DAY}
    if wanted is not None:
        asked["users"] = wanted
    if assignment_id is not None:
        asked["assignment_id"] = assignment_id
    rows = _rows(of_users=wanted is not None, of_assignment=assignment_id is not None)
    found: dict[int, dict[int, Grade]] = {}
    # Past the ORM, which takes longer to hand on twenty thousand rows than Postgres to find them.
    for user_id, number, *columns in session.connection().execute(rows, asked).all():
        found.setdefault(user_id, {})[number] = Grade(*columns)
    for user_id, number in _with_time(session, course_id):
        if (wanted is None or user_id in wanted) and assignment_id in (None, number):
            own = found.setdefault(user_id, {})
            own[number] = own.get(number, NOTHING)._replace(has_time=True)
    return found


def counting(session: Session, course_id: int, users: Iterable[int]) -> dict[Pair, Counting]:
    """The attempts that count of some people, by user id and assignment id."""
    rows = (
        select(
            *(StoredGrade.user_id, StoredGrade.assignment_id),
            *(StoredGrade.submission_id, StoredGrade.submitted_at),
        )
        .join(Assignment, Assignment.id == StoredGrade.assignment_id)
        .where(Assignment.course_id == course_id, StoredGrade.user_id.in_(users))
    )
    return {
        (user_id, assignment_id): Counting(submission_id, submitted_at)
        for user_id, assignment_id, submission_id, submitted_at in session.execute(rows)
        if submission_id is not None and submitted_at is not None
    }


def of_person(session: Session, course_id: int, user_id: int) -> dict[int, Grade]:
    """One person's grades by assignment id; whoever may see the course may see their own."""
    asked = {"course_id": course_id, "yesterday": now() - _DAY, "users": [user_id]}
    rows = session.execute(_rows(of_users=True, of_assignment=False), asked)
    own = {assignment_id: Grade(*columns) for _, assignment_id, *columns in rows}
    for _, assignment_id in _with_time(session, course_id, user_id):
        own[assignment_id] = own.get(assignment_id, NOTHING)._replace(has_time=True)
    return own


def _with_time(session: Session, course_id: int, user_id: int | None = None) -> Iterator[Pair]:
    """Who has an extension that is not over, in which assignments."""
    moment = now()
    for pair, window in terms.windows(session, course_id, user_id).items():
        if not window.is_over(moment):
            yield pair


@lru_cache
def _rows(*, of_users: bool, of_assignment: bool) -> Select[*tuple[Any, ...]]:
    """The columns of grades of `course_id`, and of `users` or an `assignment_id` only.

    Made once, as SQLAlchemy takes longer to put it together than Postgres to answer it.
    """
    waiting = (
        select(AttemptMember.assignment_id, AttemptMember.user_id, func.count().label("number"))
        .join(Submission, Submission.id == AttemptMember.submission_id)
        .where(in_queue() | is_running(Submission), Submission.kind == Kind.ATTEMPT)
        .group_by(AttemptMember.assignment_id, AttemptMember.user_id)
        .subquery()
    )
    same = and_(
        waiting.c.assignment_id == StoredGrade.assignment_id,
        waiting.c.user_id == StoredGrade.user_id,
    )
    rows = (
        select(
            *(StoredGrade.user_id, StoredGrade.assignment_id, counted(), StoredGrade.score),
            StoredGrade.late,
            *(StoredGrade.attempts, func.coalesce(waiting.c.number, 0)),
            StoredGrade.remarks,
            StoredGrade.given.is_not(None) | (StoredGrade.given_by_exercise != _NONE),
            *(StoredGrade.excused, StoredGrade.on_time, StoredGrade.since_best),
            func.coalesce(StoredGrade.last_at > bindparam("yesterday"), false()),
            _deduction(),
        )
        .join(Assignment, Assignment.id == StoredGrade.assignment_id)
        .outerjoin(waiting, same)
        .where(Assignment.course_id == bindparam("course_id"))
    )
    if of_users:
        rows = rows.where(StoredGrade.user_id.in_(bindparam("users", expanding=True)))
    if of_assignment:
        rows = rows.where(StoredGrade.assignment_id == bindparam("assignment_id"))
    return rows


_NONE: ColumnElement[dict[str, float]] = literal({}, JSONB)


def counted() -> ColumnElement[float | None]:
    """The score that counts: given by hand, or else what lateness leaves of what is worked out."""
    return case(
        (StoredGrade.given.is_not(None), StoredGrade.given), else_=_after_lateness(_in_time())
    )


def _deduction() -> ColumnElement[float]:
    """The points that lateness takes off; none where the whole score is given by hand."""
    taken = _in_time() - _after_lateness(_in_time())
    return case((StoredGrade.given.is_not(None), 0.0), else_=func.coalesce(taken, 0.0))


def _after_lateness(score: ColumnElement[float | None]) -> ColumnElement[float | None]:
    """What is left of it; most grades lose nothing, and calling a function takes its time."""
    share, points = StoredGrade.late_share, StoredGrade.late_points
    left = func.after_lateness(score, share, points, type_=Float())
    return case(((share == 0) & (points == 0), score), else_=left)


def _in_time() -> ColumnElement[float | None]:
    """What would count had it come in time: in part given by hand, or computed."""
    others = select(func.coalesce(func.sum(ExerciseResult.score), 0.0)).where(
        ExerciseResult.submission_id == StoredGrade.submission_id,
        ~StoredGrade.given_by_exercise.has_key(ExerciseResult.slug),
    )
    given = select(
        func.coalesce(
            func.sum(cast(StoredGrade.given_by_exercise[AssignmentExercise.slug].astext, Float)),
            0.0,
        )
    ).where(AssignmentExercise.assignment_id == StoredGrade.assignment_id)
    in_part = others.scalar_subquery() + given.scalar_subquery()
    return case((StoredGrade.given_by_exercise != _NONE, in_part), else_=StoredGrade.score)
