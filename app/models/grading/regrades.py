"""Owns grading again: what was asked for, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import Account
from app.models.teaching.courses import Assignment


class Regrade(Base):
    """Attempts at one assignment that are graded again, at first as a preview.

    The new verdicts are submissions of their own (app/models/work/submissions.py). They are worked
    out for `worth`, pairs of an exercise's slug and its points, for `rubric` and
    `none_counts_once`. Where that comes from a change of the assignment, `draft` is that change, to
    be saved together with the verdicts; `seen` is the version of the assignment that it was made
    from. `runs` is whether the files are run, or their points worked out anew from what their
    checks found.
    """

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), index=True
    )
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    about: Mapped[dict[str, Any]]
    """Which attempts, as they were asked for."""
    worth: Mapped[list[list[Any]]] = mapped_column(JSONB)
    rubric: Mapped[dict[str, float] | None] = mapped_column(JSONB(none_as_null=True))
    none_counts_once: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seen: Mapped[str]
    runs: Mapped[bool] = mapped_column(server_default=text("true"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    applied_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    never_lower: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    assignment: Mapped[Assignment] = relationship()
    made_by: Mapped[Account] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[Account | None] = relationship(foreign_keys=[ended_by_id])

    @property
    def is_open(self) -> bool:
        """Whether it is still a preview."""
        return self.applied_at is None and self.cancelled_at is None

    @property
    def points(self) -> dict[str, float]:
        """What each exercise is worth in it, by slug, in order."""
        return {str(slug): float(points) for slug, points in self.worth}
