"""Owns for whom an attempt counts: whoever handed it in, and who was in a team with them then."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class AttemptMember(Base):
    """Somebody for whom an attempt counts, whatever becomes of the team.

    Postgres adds whoever handed it in, and keeps the grade of each (migration 0034).
    """

    __tablename__ = "attempt_members"
    __table_args__ = (Index("ix_attempt_members_grade", "assignment_id", "user_id"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
