"""Owns running totals over everything ever graded, and who grades now, for /metrics."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class CounterTotal(Base):
    """How often something happened, and the sum of their values.

    (`name`, `label`) is a series; `bucket` is a histogram's bucket, 0 where there are none.
    """

    __tablename__ = "counter_totals"

    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[float]


class CountedUntil(Base):
    """Up to when submissions are counted; one row."""

    __tablename__ = "counted_until"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_to: Mapped[datetime]


class CellReport(Base):
    """One pool process, as it last said; `container` is None while it has no warm cell."""

    __tablename__ = "cell_reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    container: Mapped[str | None]
    seen_at: Mapped[datetime]
