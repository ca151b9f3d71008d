"""Owns how much of the workers' time each person has used lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class GradingTime(Base):
    """`seconds` of grading as of `at`, counting less and less (app/scheduling/fair_shares.py)."""

    __tablename__ = "grading_time"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seconds: Mapped[float]
    at: Mapped[datetime]
