"""Owns what is known of a submission while it is being graded."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class EarlyResult(Base):
    """The report on one exercise of a run that still goes on, under the lease of that run.

    It counts nowhere, and goes when the submission is settled. The table is not logged.
    """

    __tablename__ = "early_results"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    slug: Mapped[str] = mapped_column(primary_key=True)
    lease: Mapped[uuid.UUID]
    report: Mapped[dict[str, Any]]
    judged_at: Mapped[datetime] = mapped_column(server_default=func.now())
