"""Owns the files themselves: each is stored once, however often it was handed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.declarative import Base


class Source(Base):
    """A file by what is in it. `stored_at` is when it last came in."""

    __tablename__ = "sources"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now())
