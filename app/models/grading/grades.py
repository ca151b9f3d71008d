"""Owns what somebody has in an assignment, as it was worked out and as it was changed by hand."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import Account


class StoredGrade(Base):
    """One person's grade in one assignment.

    The first columns tell of the attempts, `score` and lateness of the one that counts. They are
    kept by triggers (migrations 0013 and 0021), so that they follow whatever changes an attempt, in
    its transaction. `chosen_id` is the attempt that the student chose, where that is theirs to do.
    The others were set by hand; `changed_by_id` is None before anything was, or where it was done
    on the server.
    """

    __tablename__ = "grades"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="SET NULL"), index=True
    )
    score: Mapped[float | None]
    late: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    late_share: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    late_points: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    submitted_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    remarks: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_at: Mapped[datetime | None]
    """When the last attempt came."""
    since_best: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many attempts came after the best one, and brought nothing."""
    chosen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="SET NULL"), index=True
    )

    given: Mapped[float | None]
    given_by_exercise: Mapped[dict[str, float]] = mapped_column(
        default=dict, server_default=text("'{}'")
    )
    excused: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    on_time: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """That it counts as in time, whenever it came."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime | None]

    changed_by: Mapped[Account | None] = relationship(foreign_keys=[changed_by_id])
