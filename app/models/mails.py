"""Owns the outbox: mails that wait to be sent, and what became of those that were."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base, words
from app.models.links import PasswordLink


class Delivery(StrEnum):
    """What became of a mail. `needless`: its link was over before it could be sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NEEDLESS = "needless"


class Mail(Base):
    """A mail with a password link. What it says is written when it is sent, and kept nowhere.

    Without a link somebody has typed `address` who has forgotten their password: whether there is
    an account with it is looked up when it is to be sent. `said`: the server's last words.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_waiting", "due_at", postgresql_where=text("delivery = 'waiting'")),
        Index("ix_mails_settled", "settled_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    address: Mapped[str]
    link_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("password_links.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    delivery: Mapped[Delivery] = mapped_column(
        words(Delivery), default=Delivery.WAITING, server_default="waiting"
    )
    settled_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(default="", server_default="")

    link: Mapped[PasswordLink | None] = relationship()
