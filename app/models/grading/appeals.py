"""Owns what staff and a student say to each other about the student's work."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base, words
from app.models.people import Account, User
from app.models.teaching.courses import Assignment


class Outcome(StrEnum):
    """What became of an appeal."""

    CHANGED = "changed"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class Appeal(Base):
    """A student asks for another look at an exercise of the attempt, or at one check of it.

    What is said about it are its comments. It is open while it has no outcome.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_open", "assignment_id", "id", postgresql_where=text("outcome IS NULL")),
        Index("ix_appeals_grade", "assignment_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    exercise: Mapped[str]
    check: Mapped[str] = mapped_column(default="", server_default="")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    closed_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship()
    user: Mapped[User] = relationship()
    comments: Mapped[list[Comment]] = relationship(order_by="Comment.id", lazy="selectin")


class Comment(Base):
    """What somebody says of a student's work, to be read by the student and by staff.

    It is about the assignment, a submission or a line of it, or an answer in an appeal. One that
    was withdrawn is shown to nobody.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("line > 0", name="line"),
        Index("ix_comments_grade", "assignment_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    line: Mapped[int | None]
    appeal_id: Mapped[int | None] = mapped_column(
        ForeignKey("appeals.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]

    author: Mapped[Account] = relationship(foreign_keys=[author_id])
