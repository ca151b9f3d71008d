"""A receiver, and webhooks that go to it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import (
    Course,
    DeliveryState,
    EventType,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookTry,
)
from app.webhooks import endpoints, signatures
from app.webhooks.endpoints import EndpointDraft
from tests.support.cast import Person
from tests.support.outside.receiver import Message, Receiver, receiving
from tests.support.waiting import wait_for

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """A receiver for all tests of this process, each with paths of its own."""
    with receiving() as running:
        yield running


@dataclass(frozen=True)
class Hook:
    """An endpoint at a path of the receiver's."""

    id: uuid.UUID
    path: str
    receiver: Receiver

    @property
    def row(self) -> WebhookEndpoint:
        """How it is now."""
        with database.session() as session:
            return session.get_one(WebhookEndpoint, self.id)

    @property
    def secret(self) -> str:
        """Its secret."""
        return signatures.secret(self.row)

    def come(self, number: int = 1) -> list[Message]:
        """What came, once so many have."""
        return self.receiver.come(self.path, number)

    def verified(self, number: int = 1) -> list[dict]:  # type: ignore[type-arg]
        """The same, as somebody reads it who looks at the signatures."""
        verifier = Webhook(self.secret)
        return [verifier.verify(one.body, one.headers) for one in self.come(number)]

    def deliveries(self) -> list[WebhookDelivery]:
        """Its deliveries, the oldest first."""
        rows = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == self.id)
        with database.session() as session:
            return list(session.scalars(rows.order_by(WebhookDelivery.id)))

    def tries(self) -> list[WebhookTry]:
        """What was logged of it."""
        rows = select(WebhookTry).join(
            WebhookDelivery, WebhookDelivery.id == WebhookTry.delivery_id
        )
        with database.session() as session:
            found = rows.where(WebhookDelivery.endpoint_id == self.id).order_by(WebhookTry.id)
            return list(session.scalars(found))

    def states(self) -> list[DeliveryState]:
        """What became of its deliveries."""
        return [one.state for one in self.deliveries()]

    def tried(self, number: int = 1) -> list[WebhookTry]:
        """The log, once it has so many tries."""

        def enough() -> list[WebhookTry]:
            found = self.tries()
            return found if len(found) >= number else []

        return wait_for(enough, f"{number} tries")

    def hasten(self) -> None:
        """Have what waits for its next try be due now."""
        waits = WebhookDelivery.endpoint_id == self.id, WebhookDelivery.lease.is_(None)
        with database.session() as session:
            session.execute(update(WebhookDelivery).where(*waits).values(due_at=now()))
            session.commit()


class Hooks:
    """Makes webhooks."""

    def __init__(self, db: Session, receiver: Receiver) -> None:
        self._db, self._receiver = db, receiver

    def make(
        self, by: Person, course: Course | None, *events: EventType, path: str = "", url: str = ""
    ) -> Hook:
        """One of a course, or of the site, that tells of these events, or of all."""
        place = path or f"/{next(_numbers)}"
        draft = EndpointDraft(
            url or self._receiver.url(place), "The LMS", [*events] or [*endpoints.CHOICES]
        )
        where = course.id if course else None
        made = endpoints.make(self._db, Actor(by.user), where, draft)
        self._db.commit()
        return Hook(made.id, place, self._receiver)


@pytest.fixture
def hooks(db: Session, receiver: Receiver) -> Iterator[Hooks]:
    """Makes webhooks, which are gone after the test."""
    before = {one.id for one in db.scalars(select(WebhookEndpoint))}
    db.commit()
    yield Hooks(db, receiver)
    db.rollback()
    for one in db.scalars(select(WebhookEndpoint).where(WebhookEndpoint.id.not_in(before))):
        db.delete(one)
    db.commit()
