"""Owns running totals of gradings: each is counted once, however many processes ask.

Totals live in Postgres and grow by what was graded since the last time, so that asking stays cheap
and a restart of anything resets nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import CountedUntil, CounterTotal, Kind, Status, Submission

BOUNDS_S = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300)
PHASES, OUTCOMES, TRIALS, NOTES, CELLS = "phase", "outcome", "trial", "note", "cell"
_SETTLING = timedelta(seconds=10)  # a grading is committed at most this long after its graded_at
_AT_ONCE = 5000


@dataclass(frozen=True)
class Increment:
    """One thing to count: a phase's seconds, an outcome, a note."""

    name: str
    label: str
    value: float = 0.0

    @property
    def bucket(self) -> int:
        """The first bound that the value is not above; len(BOUNDS_S) beyond them all."""
        if self.name != PHASES:
            return 0
        return sum(self.value > bound for bound in BOUNDS_S)


def count(session: Session) -> list[CounterTotal]:
    """All totals, after counting what is new. The caller commits."""
    mark = _mark(session)
    until = now() - _SETTLING
    rows = session.execute(
        select(
            Submission.graded_at,
            Submission.kind,
            Submission.status,
            Submission.score,
            Submission.max_score,
            Submission.notes,
            Submission.timings_ms,
            Submission.submitted_at,
            Submission.queued_at,
            Submission.started_at,
        )
        .where(Submission.graded_at > mark.counted_to, Submission.graded_at <= until)
        .order_by(Submission.graded_at)
        .limit(_AT_ONCE)
    ).all()
    for row in rows:
        mark.counted_to = row.graded_at
    add(session, [one for row in rows for one in _increments(row)])
    session.flush()
    return list(
        session.scalars(
            select(CounterTotal).order_by(
                CounterTotal.name, CounterTotal.label, CounterTotal.bucket
            )
        )
    )


def _mark(session: Session) -> CountedUntil:
    """Up to where it is counted, locked until the caller's commit."""
    session.execute(
        insert(CountedUntil)
        .values(id=1, counted_to=datetime.fromtimestamp(0, UTC))
        .on_conflict_do_nothing()
    )
    return session.scalars(select(CountedUntil).with_for_update()).one()


def _increments(row: Row[tuple[object, ...]]) -> list[Increment]:
    series = TRIALS if row.kind is Kind.TRIAL else OUTCOMES
    if row.status is Status.FAILED:
        return [Increment(series, "failed")]
    found = [Increment(series, _outcome(row.score, row.max_score))]
    found += [Increment(NOTES, str(note.get("kind"))) for note in row.notes or []]
    found += [
        Increment(PHASES, phase, float(ms) / 1000) for phase, ms in (row.timings_ms or {}).items()
    ]
    if row.started_at is not None:
        found.append(Increment(PHASES, "queue", _seconds(row.queued_at, row.started_at)))
        found.append(Increment(PHASES, "graded", _seconds(row.queued_at, row.graded_at)))
    return found


def _outcome(score: float | None, best: float | None) -> str:
    if not score:
        return "none"
    return "full" if best is not None and score >= best else "partial"


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())


def add(session: Session, increments: list[Increment]) -> None:
    """Count these; always in one order, so that two who do it at a time never block each other."""
    counts = Counter((one.name, one.label, one.bucket) for one in increments)
    totals: Counter[tuple[str, str, int]] = Counter()
    for one in increments:
        totals[one.name, one.label, one.bucket] += one.value  # type: ignore[assignment]
    for (name, label, bucket), number in sorted(counts.items()):
        added = insert(CounterTotal).values(
            name=name, label=label, bucket=bucket, count=number, total=totals[name, label, bucket]
        )
        session.execute(
            added.on_conflict_do_update(
                index_elements=["name", "label", "bucket"],
                set_={
                    "count": CounterTotal.count + added.excluded.count,
                    "total": CounterTotal.total + added.excluded.total,
                },
            )
        )
