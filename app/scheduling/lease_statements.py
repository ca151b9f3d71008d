"""Owns the statements by which leases are taken, looked after, and results stored.

Each is made once, as all that is said for each submission or at each sweep: SQLAlchemy then knows
it at sight.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Interval,
    ScalarSelect,
    Select,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from app.models import (
    Assignment,
    AssignmentExercise,
    ExerciseResult,
    Regrade,
    Source,
    Status,
    Submission,
    in_queue,
)
from app.scheduling import fair_shares


def _due() -> ColumnElement[bool]:
    ready = or_(Submission.retry_at.is_(None), Submission.retry_at <= func.now())
    return in_queue() & ready


def _live(limit: ColumnElement[int] | int) -> Select[uuid.UUID]:
    """The live work that may have a worker now, in the order of its turn."""
    line = fair_shares.line(_due())
    return (
        select(Submission.id)
        .join(line, line.c.id == Submission.id)
        .where(fair_shares.has_a_place())
        .order_by(line.c.place)
        .limit(limit)
    )


def _behind(limit: ColumnElement[int] | int) -> Select[uuid.UUID]:
    """What may have a worker when no live work may, in the order in which it was queued."""
    return (
        select(Submission.id)
        .where(_due(), ~fair_shares.is_live(), fair_shares.has_a_place())
        .order_by(Submission.priority, Submission.queued_at, Submission.id)
        .limit(limit)
    )


def _held_first(those: Select[uuid.UUID]) -> ScalarSelect[uuid.UUID]:
    return those.with_for_update(of=Submission, skip_locked=True).scalar_subquery()


LIVE, BEHIND = (those(bindparam("most", type_=Integer)) for those in (_live, _behind))
"""What a worker could take now: the `most` that come first."""
EXPIRED = (
    select(Submission.id, Submission.lease)
    .where(Submission.status == Status.RUNNING, Submission.leased_until < func.now())
    .with_for_update(skip_locked=True)
)
"""What was leased too long."""
_pair = func.json_build_array(AssignmentExercise.slug, AssignmentExercise.points)
_of_regrade = Regrade.id == Submission.regrade_id


def _ruled_by(
    of_assignment: InstrumentedAttribute[Any], of_regrade: InstrumentedAttribute[Any]
) -> ColumnElement[Any]:
    """What the assignment asks for, or for a preview what that asks for."""
    own = select(of_assignment).where(Assignment.id == Submission.assignment_id).scalar_subquery()
    return case(
        (Submission.regrade_id.is_(None), own),
        else_=select(of_regrade).where(_of_regrade).scalar_subquery(),
    )


CLAIM = (
    update(Submission)
    .where(
        Submission.id == func.coalesce(_held_first(_live(1)), _held_first(_behind(1))), in_queue()
    )
    .values(
        status=Status.RUNNING,
        lease=func.gen_random_uuid(),
        leased_until=func.now() + bindparam("lasting", type_=Interval),
        claims=Submission.claims + 1,
        started_at=bindparam("moment"),
        retry_at=None,
    )
    .returning(
        *(Submission.id, Submission.lease, Submission.leased_until, Submission.claims),
        *(Submission.queued_at, Submission.started_at, Submission.seed, Submission.of_id),
        select(Source.content)
        .where(Source.sha256 == Submission.sha256)
        .scalar_subquery()
        .label("source"),
        _ruled_by(Assignment.rubric, Regrade.rubric).label("rubric"),
        _ruled_by(Assignment.none_counts_once, Regrade.none_counts_once).label("none_counts_once"),
        case(
            (
                Submission.regrade_id.is_(None),
                select(func.jsonb_agg(aggregate_order_by(_pair, AssignmentExercise.position)))
                .where(AssignmentExercise.assignment_id == Submission.assignment_id)
                .scalar_subquery(),
            ),
            else_=select(Regrade.worth).where(_of_regrade).scalar_subquery(),
        ).label("points"),
        select(Regrade.runs).where(_of_regrade).scalar_subquery().label("runs"),
        func.set_config("synchronous_commit", "off", True),
    )
    .execution_options(synchronize_session=False)
)
"""Takes the submission whose turn it is; gives all that grading it takes."""
_held = (
    select(Submission.id, Submission.assignment_id, Submission.user_id, Submission.score)
    .where(
        Submission.id == bindparam("submission_id"),
        Submission.lease == bindparam("lease"),
        Submission.status == Status.RUNNING,
    )
    .with_for_update(key_share=True)  # a grade may point to it meanwhile
    .cte("held")
)
HOLD = select(_held).add_cte(
    delete(ExerciseResult)
    .where(ExerciseResult.submission_id.in_(select(_held.c.id)))
    .returning(ExerciseResult.id)
    .cte("cleared")
)
"""Nobody else settles or takes it until the commit; what an earlier grading found is gone, but
for its score, which this gives."""
_exercise = (
    func.jsonb_array_elements(bindparam("exercises", type_=JSONB))
    .table_valued(column("report", JSONB), with_ordinality="place", name="exercise")
    .render_derived()
)
RESULTS = insert(ExerciseResult.metadata.tables["exercise_results"]).from_select(
    ["submission_id", "slug", "position", "score", "max_score", "report"],
    select(
        bindparam("graded_id", type_=Uuid),
        _exercise.c.report["slug"].astext,
        cast(_exercise.c.place - 1, Integer),
        cast(_exercise.c.report["score"].astext, Float),
        cast(_exercise.c.report["max_score"].astext, Float),
        _exercise.c.report,
    ),
)
"""All results at once: each by itself is a trip, and a text to be made."""
