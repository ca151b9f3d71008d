"""Owns the receipts that were given for hand-ins."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class Receipt(Base):
    """What was signed of a hand-in when it came in. A table of its own keeps submissions small."""

    __tablename__ = "receipts"

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
