"""Owns fair shares: how much of the workers' time each person has used, and who may have the next.

Time counts, not files. It is charged when a run ends and fades with a half-life of ten minutes.
Nobody has all workers, and a long run that has the last of them gives way to whoever has used less.
docs/decisions/shares-of-time.md has the arithmetic.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Float

from app.models import CellReport, GradingTime, Submission, in_queue, is_running
from app.scheduling import cell_registry

REGRADE = 10
"""The priority of what is graded again, behind all live work."""
HALF_LIFE_S = 600.0
STEP_S = 10.0
"""Who has used less is as good as new; beyond, each such step stands behind the one before."""
LONG_S = 1.0
"""A run that lasts longer than this is a long one."""
GATE = text(
    "SELECT pg_advisory_xact_lock(726175), "
    "set_config('idle_in_transaction_session_timeout', '3000', true)"
)
"""One claim at a time, or two workers would each give a person's file the same free place. Where
the one that has the lock stands still, Postgres ends its session."""
_Submissions = type[Submission]
_other = aliased(Submission)


def _faded() -> ColumnElement[float]:
    """What is left of the time that somebody had used."""
    age = as_type(func.extract("epoch", func.now() - GradingTime.at), Float)
    return GradingTime.seconds * func.power(0.5, age / HALF_LIFE_S)


def level(submissions: _Submissions = Submission) -> ColumnElement[float]:
    """How many steps of time the owner of a submission has used lately; the lowest is next."""
    used = (
        select(func.floor(_faded() / STEP_S))
        .where(GradingTime.user_id == submissions.user_id)
        .correlate(submissions)
        .scalar_subquery()
    )
    return func.coalesce(used, 0.0)


def is_live(submissions: _Submissions = Submission) -> ColumnElement[bool]:
    """That somebody waits for it. Written out, as `in_queue` is, for the sake of the index."""
    return submissions.priority < literal_column(str(REGRADE))


def line(*conditions: ColumnElement[bool]) -> Subquery:
    """The live submissions of these that wait, each `id` with its `place` in the line, from 1.

    Among those who have used as much time, a person's second file stands behind everybody's first,
    and whoever had a file graded last behind the rest. Places are not kept: a file that found a
    long line could be passed by for ever.
    """
    served = (
        select(GradingTime.at)
        .where(GradingTime.user_id == Submission.user_id)
        .correlate(Submission)
        .scalar_subquery()
    )
    own = func.row_number().over(
        partition_by=(Submission.user_id, Submission.priority), order_by=Submission.queued_at
    )
    those = (
        select(
            *(Submission.id, Submission.priority, Submission.queued_at),
            *(level().label("level"), own.label("own"), served.label("served")),
        )
        .where(in_queue(), is_live(), *conditions)
        .subquery()
    )
    turn = (those.c.own, those.c.served.asc().nulls_first(), those.c.queued_at)
    order = (those.c.priority, those.c.level, *turn)
    place = func.row_number().over(order_by=order)
    return select(those.c.id, place.label("place")).subquery()


def _most() -> ScalarSelect[int]:
    """How many workers one person may have, or long runs that give way to nobody: all but one."""
    present = CellReport.seen_at >= func.now() - cell_registry.SILENT
    return (
        select(func.greatest(1, func.count() - 1))
        .where(present, CellReport.container.is_not(None))
        .scalar_subquery()
    )


def _is_long(submissions: _Submissions) -> ColumnElement[bool]:
    return submissions.started_at < func.now() - timedelta(seconds=LONG_S)


def _is_preview(submissions: _Submissions) -> ColumnElement[bool]:
    return submissions.kind == literal_column("'preview'")


def has_a_place() -> ColumnElement[bool]:
    """Whether a worker may be given to a waiting submission, for all that its owner has.

    Previews are nobody's doing: together they have as many workers as one person may have.
    """
    full = (
        select(_other.user_id)
        .where(is_running(_other), ~_is_preview(_other))
        .group_by(_other.user_id)
        .having(func.count() >= _most())
    )
    previews = select(func.count()).where(is_running(_other), _is_preview(_other))
    return case(
        (_is_preview(Submission), previews.scalar_subquery() < _most()),
        else_=Submission.user_id.not_in(full),
    )


def must_give_way(session: Session, submission_id: uuid.UUID) -> bool:
    """Whether a run is long, has the last worker, and keeps somebody waiting who has used less.

    Whoever is as good as new comes before any long run, and any live work before a preview's,
    whatever worker that has.
    """
    mine = aliased(Submission)
    earlier = (
        select(func.count())
        .select_from(_other)
        .where(is_running(_other), _is_long(_other), _other.started_at < mine.started_at)
        .correlate(mine)
        .scalar_subquery()
    )
    someone = exists().where(
        in_queue(),
        Submission.user_id != mine.user_id,
        Submission.retry_at.is_(None),
        or_(level() < 1, level() < level(mine)),
    )
    anyone = exists().where(in_queue(), is_live(), Submission.retry_at.is_(None), has_a_place())
    asked = select(func.count()).where(
        mine.id == submission_id,
        is_running(mine),
        _is_long(mine),
        or_(
            _is_preview(mine) & anyone,
            and_(~_is_preview(mine), earlier >= _most(), someone.correlate(mine)),
        ),
    )
    return bool(session.scalar(asked))


def charge(session: Session, user_id: int, seconds: float) -> None:
    """Add time that a person's file has used."""
    new = insert(GradingTime).values(user_id=user_id, seconds=seconds, at=func.now())
    session.execute(
        new.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"seconds": _faded() + new.excluded.seconds, "at": new.excluded.at},
        )
    )
