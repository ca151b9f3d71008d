"""Owns webhooks: who is told of what, what there is to tell, and what became of telling it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.declarative import Base, words
from app.models.field_limits import fitting
from app.models.people import Account


class EventType(StrEnum):
    """What a webhook can tell of."""

    GRADED = "submission.graded"
    FAILED = "submission.failed"
    GRADE = "grade.changed"
    CLOSED = "assignment.closed"
    TEST = "webhook.test"


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookEndpoint(Base):
    """An address that is told of what happens in a course, or in all of them.

    Its secret is worked out from `id` and `secret_number` (app/webhooks/signatures.py), and the
    one before still signs until `old_secret_until`. `failures` counts since the last success,
    which came late where `is_slow`.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (CheckConstraint("cardinality(events) > 0", name="events"),)

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, default=uuid.uuid4, server_default=func.gen_random_uuid()
    )
    course_id: Mapped[int | None] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), index=True
    )
    url: Mapped[str]
    title: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(String))
    enabled: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    disabled_because: Mapped[str] = mapped_column(default="", server_default="")
    """Why we disabled it; empty where somebody did."""
    secret_number: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    old_secret_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    is_slow: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())

    made_by: Mapped[Account | None] = relationship()

    @property
    def is_unsteady(self) -> bool:
        """Whether it failed last, or answered late."""
        return self.is_slow or self.failures > 0

    @validates("title", "url")
    def _fits(self, field: str, given: str) -> str | None:
        return fitting(field, given)


class WebhookEvent(Base):
    """Something that happened, as it was then; `facts` are what the deliveries say of it.

    Rows are added by triggers (migration 0039) in the transaction of what they tell of, and only
    where an endpoint wants them. They point to nothing: to look whether that is there would hold
    it, and grading would wait for whoever has it. `message_id` is what a receiver knows it by.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (
        Index("ix_webhook_events_submission", "submission_id", "id"),
        Index("ix_webhook_events_grade", "assignment_id", "user_id", "id"),
        Index("ix_webhook_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(
        default=uuid.uuid4, server_default=func.gen_random_uuid(), unique=True
    )
    type: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    assignment_id: Mapped[int | None]
    user_id: Mapped[int | None]
    submission_id: Mapped[uuid.UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))


class WebhookDelivery(Base):
    """One event on its way to one endpoint; whoever holds the lease sends it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("uq_webhook_deliveries_event", "event_id", "endpoint_id", unique=True),
        Index("ix_webhook_deliveries_log", "endpoint_id", "id"),
        Index(
            "ix_webhook_deliveries_waiting",
            "endpoint_id",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_deliveries_held",
            "endpoint_id",
            postgresql_where=text("lease IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_events.id", ondelete="CASCADE"))
    endpoint_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE")
    )
    state: Mapped[DeliveryState] = mapped_column(
        words(DeliveryState), default=DeliveryState.WAITING, server_default="waiting"
    )
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Since it was made, or was last replayed."""
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    event: Mapped[WebhookEvent] = relationship()
    endpoint: Mapped[WebhookEndpoint] = relationship()
    log: Mapped[list[WebhookTry]] = relationship(order_by="WebhookTry.id", viewonly=True)


class ToldClosing(Base):
    """When it was last told that an assignment had closed."""

    __tablename__ = "told_closings"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    told_at: Mapped[datetime]


class WebhookTry(Base):
    """One time that a delivery was sent: what was answered, and after how many milliseconds.

    `status` None is no answer, and `said` is why; else `said` is the first of the answer.
    """

    __tablename__ = "webhook_tries"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    took_ms: Mapped[int]
    status: Mapped[int | None]
    said: Mapped[str] = mapped_column(default="", server_default="")
