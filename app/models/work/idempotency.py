"""Owns what is remembered of what was sent with a key, to be made once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class IdempotencyKey(Base):
    """One form of one person as it was sent, by a SHA-256, and what was made of it."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("num_nonnulls(submission_id, assignment_id, comment_id) = 1", name="made"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeptAnswer(Base):
    """What a program was answered whose request came with a key, to be answered so again.

    `scopes` and `course_id` are those of its token: one that reaches less far is not told. The
    answer is sealed with a key that is no part of the database, and null where it is not kept.
    """

    __tablename__ = "kept_answers"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    course_id: Mapped[int | None]
    location: Mapped[str]
    answer: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
