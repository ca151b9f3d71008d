"""Owns exports that take their time: what was asked for, how far they are, and their content."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import Account
from app.models.teaching.courses import Course


class Export(Base):
    """One file of a course, made by a worker while nothing waits to be graded, and kept for a day.

    `what` is what was asked for, `items` of what it is made, in order: submissions or students.
    `done` of them are written, in `size` bytes. `directory` is what ends an archive as far as it
    is. `claims` counts how often it was taken on since it last got further.
    """

    __tablename__ = "exports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    what: Mapped[dict[str, Any]]
    items: Mapped[list[Any]] = mapped_column(JSONB, deferred=True)
    number: Mapped[int]
    """Of the items."""
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    size: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    directory: Mapped[bytes] = mapped_column(default=b"", server_default=text("''"), deferred=True)
    claims: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    asked_by: Mapped[Account] = relationship()

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.finished_at is not None or self.failed_at is not None


class ExportPart(Base):
    """A piece of an export's content. Those `aside` become a file of an archive at its end."""

    __tablename__ = "export_parts"

    export_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    aside: Mapped[bool] = mapped_column(primary_key=True)
    content: Mapped[bytes]
