"""Owns the log of who changed what: rows are added, and the database refuses any other change."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base, words
from app.models.people import Account


class Via(StrEnum):
    """How something was changed. `grader`: a new verdict on an attempt that had one."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    GRADER = "grader"


class AuditEntry(Base):
    """One change: who, when, how, of what, from what to what, and why.

    `actor_id` is None for the server's own command and for graders; `user_id` is whom it is about.
    The course or assignment may be gone: what was empty can be deleted, and its log stays.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_course", "course_id", "id"),
        Index("ix_audit_entries_grade", "assignment_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    via: Mapped[Via] = mapped_column(words(Via))
    action: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    course_id: Mapped[int | None]
    assignment_id: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submission_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str] = mapped_column(default="", server_default="")

    actor: Mapped[Account | None] = relationship(foreign_keys=[actor_id])
    user: Mapped[Account | None] = relationship(foreign_keys=[user_id])
