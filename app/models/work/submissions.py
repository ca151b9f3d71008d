"""Owns what students hand in and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base, words
from app.models.people import Account, User
from app.models.teaching.courses import Assignment
from app.models.teaching.teams import Team
from app.models.work.members import AttemptMember
from app.models.work.sources import Source
from app.timing.counting import Candidate


class Status(StrEnum):
    """Where it stands. `graded` also when the file is wrong; `failed` only when we are."""

    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    FAILED = "failed"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (Status.GRADED, Status.FAILED)


class Kind(StrEnum):
    """What a file was uploaded for: to count, or only to be looked at; or another verdict on one.

    A preview is what an attempt would get if it were graded again; an earlier verdict is what an
    attempt had before it was.
    """

    ATTEMPT = "attempt"
    TRIAL = "trial"
    PREVIEW = "preview"
    EARLIER = "earlier"

    @property
    def is_upload(self) -> bool:
        """Whether somebody sent it, rather than staff having had a file graded again."""
        return self in (Kind.ATTEMPT, Kind.TRIAL)


class Submission(Base):
    """One file, an attempt or a trial. Its id is the receipt.

    A trial is graded in the same way but counts nowhere: its `attempt` is 0, and it is kept for a
    day only. A preview and an earlier verdict belong to the attempt `of_id` and count nowhere
    either: they are the same file with the same seed, and another verdict.

    Live work comes before regrades by its `priority`; the rest of the order is in
    app/scheduling/fair_shares.py.
    `lease` is the fencing token of the worker that holds it; a result is taken only from the holder
    of the newest. What was given back after a fault of ours is not taken again before `retry_at`.

    Whether an attempt is `late`, and which share of its score and how many points that takes, is
    written by app/grading/lateness.py; `counted` is what is left of the score, and is kept by
    Postgres (migration 0021).
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index(
            "uq_submissions_attempt",
            "assignment_id",
            "user_id",
            "attempt",
            unique=True,
            postgresql_where=text("kind = 'attempt'"),
        ),
        Index(
            "ix_submissions_in_order",
            "assignment_id",
            "submitted_at",
            "id",
            postgresql_where=text("kind = 'attempt'"),
        ),
        Index("ix_submissions_trials", "submitted_at", postgresql_where=text("kind = 'trial'")),
        Index(
            "ix_submissions_queue",
            "priority",
            "queued_at",
            postgresql_where=text("status = 'queued'"),
        ),
        Index("ix_submissions_leased", "leased_until", postgresql_where=text("status = 'running'")),
        Index("ix_submissions_graded", "graded_at", postgresql_where=text("graded_at IS NOT NULL")),
        Index("ix_submissions_of", "of_id", postgresql_where=text("of_id IS NOT NULL")),
        Index("ix_submissions_regrade", "regrade_id", postgresql_where=text("of_id IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    """The team that it was handed in for."""
    kind: Mapped[Kind] = mapped_column(
        words(Kind), default=Kind.ATTEMPT, server_default=Kind.ATTEMPT.value
    )
    attempt: Mapped[int]
    of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE")
    )
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id", ondelete="CASCADE"))
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("sources.sha256"), index=True)
    seed: Mapped[bytes]
    submitted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    status: Mapped[Status] = mapped_column(words(Status), default=Status.QUEUED)
    priority: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retry_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    claims: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]

    graded_at: Mapped[datetime | None]
    score: Mapped[float | None]
    max_score: Mapped[float | None]
    late: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    late_share: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    late_points: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    counted: Mapped[float | None] = mapped_column(
        Computed("after_lateness(score, late_share, late_points)")
    )
    grader_version: Mapped[str | None]
    ran_with: Mapped[str | None]
    """The versions of Python and of PyTorch."""
    notes: Mapped[list[dict[str, Any]] | None]
    remarks: Mapped[list[dict[str, Any]] | None]
    """What staff alone are told of it."""
    timings_ms: Mapped[dict[str, float] | None]
    failure: Mapped[str | None]

    assignment: Mapped[Assignment] = relationship()
    stored: Mapped[Source] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    submitted_by: Mapped[Account] = relationship(foreign_keys=[submitted_by_id])
    team: Mapped[Team | None] = relationship()
    members: Mapped[list[User]] = relationship(
        secondary=AttemptMember.__table__, viewonly=True, order_by=[User.name, User.id]
    )
    """For whom an attempt counts."""
    results: Mapped[list[ExerciseResult]] = relationship(
        order_by="ExerciseResult.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def source(self) -> bytes:
        """The file, read when it is asked for."""
        return self.stored.content

    @property
    def candidate(self) -> Candidate:
        """The attempt, as one that may count."""
        return Candidate(self.attempt, self.counted, self.late)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.status.is_settled


class ExerciseResult(Base):
    """The verdict on one exercise of a submission. `report` is its part of the whole report.

    The last columns are read off the report by Postgres (migrations 0016 and 0032), as numbers
    about a class look at so many that nobody could read the reports: the name of the misconception,
    the checks that passed and that failed, each as "family/name", and the points of each family
    with the most there could be.
    """

    __tablename__ = "exercise_results"
    __table_args__ = (
        # Looked at when a statement ends, as two verdicts change places in one.
        UniqueConstraint("submission_id", "slug", deferrable=True, initially="IMMEDIATE"),
        Index(
            "ix_exercise_results_misconception",
            "misconception",
            "slug",
            "submission_id",
            postgresql_where=text("misconception IS NOT NULL"),
        ),
        Index(
            "ix_exercise_results_full",
            "submission_id",
            "slug",
            postgresql_where=text("score >= max_score"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    slug: Mapped[str]
    position: Mapped[int]
    score: Mapped[float]
    max_score: Mapped[float]
    report: Mapped[dict[str, Any]]
    misconception: Mapped[str | None] = mapped_column(Computed("report #>> '{diagnosis,name}'"))
    passed: Mapped[list[str] | None] = mapped_column(
        ARRAY(String), Computed("checks_that(report, 'passed')")
    )
    failed: Mapped[list[str] | None] = mapped_column(
        ARRAY(String), Computed("checks_that(report, 'failed')")
    )
    parts: Mapped[dict[str, list[float]] | None] = mapped_column(
        Computed("points_by_family(report)")
    )


def in_queue(submissions: type[Submission] = Submission) -> ColumnElement[bool]:
    """That it waits. Written out, not a parameter: only so can a prepared plan use the queue's
    own index, and Postgres need not plan each claim anew."""
    return submissions.status == literal_column("'queued'")


def is_running(submissions: type[Submission]) -> ColumnElement[bool]:
    """That a worker has it; written out for the same reason."""
    return submissions.status == literal_column("'running'")
