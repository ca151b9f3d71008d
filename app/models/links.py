"""Owns password links: by each its person sets a password, once, and is signed in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import Account, User


class PasswordLink(Base):
    """What is known of a link. Its address is in no table: that takes the key in app/signing.

    Somebody has one open link at most; one that has only expired stays open until it is replaced.
    """

    __tablename__ = "password_links"
    __table_args__ = (
        Index(
            "uq_password_links_open",
            "user_id",
            unique=True,
            postgresql_where=text("used_at IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
