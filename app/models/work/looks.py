"""Owns which steps of the hints somebody has looked at."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import User


class HintLook(Base):
    """A look at one step of what is wrong in an exercise of a submission, by one whose work it is.

    Of a team it is who looked first. What the steps are is in app/visibility/steps.py.
    """

    __tablename__ = "hint_looks"
    __table_args__ = (
        UniqueConstraint("submission_id", "slug", "step"),
        CheckConstraint("step BETWEEN 1 AND 3", name="step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    slug: Mapped[str]
    step: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    user: Mapped[User] = relationship()
