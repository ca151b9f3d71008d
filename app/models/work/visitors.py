"""Owns what visitors try: files of people without an account, which belong to no course."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base, words
from app.models.work.submissions import Status


class VisitorTrial(Base):
    """One file of somebody without an account, kept for an hour.

    Whoever has the secret in its page's address may see it; `secret_sha256` is all that is kept of
    that. `report` is the whole report as JSON, on the exercises that the file names. The table is
    not logged: a crash of Postgres empties it.
    """

    __tablename__ = "visitor_trials"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    secret_sha256: Mapped[bytes] = mapped_column(unique=True)
    filename: Mapped[str]
    source: Mapped[bytes]
    seed: Mapped[bytes]
    came_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.QUEUED)
    claims: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.status.is_settled

    @property
    def score(self) -> float | None:
        """All points of the exercises that it names; None before there is a report."""
        return self.report["score"] if self.report else None

    @property
    def max_score(self) -> float | None:
        """What they are worth together."""
        return self.report["max_score"] if self.report else None

    @property
    def notes(self) -> list[dict[str, Any]] | None:
        """What is said of the file as a whole."""
        return self.report["notes"] if self.report else None
