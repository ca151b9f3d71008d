"""Owns what is told of a submission while it is being graded: exercises as they are judged.

Only of a run that takes its time; nothing counts before the whole is settled.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import EarlyResult, Status, Submission

_LEFT = timedelta(minutes=5)
"""No run lasts as long."""
_FORGET_OLD = (
    delete(EarlyResult)
    .where(EarlyResult.judged_at < func.now() - _LEFT)
    .execution_options(synchronize_session=False)
)
JUDGED = (
    select(func.count())
    .where(EarlyResult.submission_id == Submission.id, EarlyResult.lease == Submission.lease)
    .correlate(Submission)
    .scalar_subquery()
)
"""How many exercises of a submission's present run are judged."""


def store(
    session: Session, submission_id: uuid.UUID, lease: uuid.UUID, reports: Iterable[dict[str, Any]]
) -> None:
    """Keep reports on exercises, as JSON, of the run under this lease."""
    rows = [
        {"submission_id": submission_id, "slug": one["slug"], "lease": lease, "report": one}
        for one in reports
    ]
    new = insert(EarlyResult).values(rows)
    kept = {"lease": new.excluded.lease, "report": new.excluded.report}
    session.execute(new.on_conflict_do_update(index_elements=["submission_id", "slug"], set_=kept))


def so_far(session: Session, submission: Submission) -> dict[str, dict[str, Any]]:
    """The reports of the run that has it now, by exercise."""
    if submission.status is not Status.RUNNING:
        return {}
    rows = session.execute(
        select(EarlyResult.slug, EarlyResult.report).where(
            EarlyResult.submission_id == submission.id, EarlyResult.lease == submission.lease
        )
    )
    return {row.slug: row.report for row in rows}


def forget(session: Session, submission_id: uuid.UUID) -> None:
    """Delete what was kept of a submission, which is settled."""
    session.execute(delete(EarlyResult).where(EarlyResult.submission_id == submission_id))


def forget_old(session: Session) -> None:
    """Delete what runs have left that never ended."""
    session.execute(_FORGET_OLD)
