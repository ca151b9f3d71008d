"""Owns the pages about webhooks, in every state that they can have."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import (
    Course,
    DeliveryState,
    EventType,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookTry,
)
from app.webhooks import endpoints, outbox
from app.webhooks.endpoints import EndpointDraft
from tests.pages.gallery.of_courses import LONG, Pages
from tests.support.cast import Person


def of_webhooks(db: Session, who: dict[str, Person], course: Course, empty: Course) -> Pages:
    staff, founder = who["instructor"], who["founder"]
    busy = _made(db, staff, course, f"The LMS of {LONG}", f"https://lms.example.edu/{'a' * 300}")
    gone = _made(db, staff, course, "Gone", "https://gone.example.edu/")
    gone.enabled, gone.disabled_because = False, outbox.GONE
    busy.failures, busy.old_secret_until = 3, now() + timedelta(hours=20)
    _sent(db, busy, DeliveryState.DELIVERED, 200, "")
    _sent(db, busy, DeliveryState.FAILED, 500, "<h1>An error</h1>" + "x" * 900)
    _sent(db, busy, DeliveryState.WAITING, None, "There was no answer within 15 seconds.")
    db.commit()
    quiet = _made(db, founder, empty, "Quiet", "https://quiet.example.edu/")
    at = f"/courses/{course.id}/webhooks"
    return {
        "webhooks": (staff, at),
        "webhooks, the site's": (who["admin"], "/accounts/webhooks"),
        "webhook": (staff, f"/webhooks/{busy.id}"),
        "webhook, what was given up": (staff, f"/webhooks/{busy.id}?only=failed"),
        "webhook, nothing sent": (founder, f"/webhooks/{quiet.id}"),
        "webhook, disabled": (staff, f"/webhooks/{gone.id}"),
    }


def _made(db: Session, by: Person, course: Course, title: str, url: str) -> WebhookEndpoint:
    draft = EndpointDraft(url, title[:200], [EventType.CLOSED])
    made = endpoints.make(db, Actor(by.user), course.id, draft)
    db.commit()
    return made


def _sent(
    db: Session, to: WebhookEndpoint, state: DeliveryState, status: int | None, said: str
) -> None:
    settled = None if state is DeliveryState.WAITING else now()
    made = WebhookDelivery(
        event=WebhookEvent(type=EventType.GRADED.value),
        endpoint_id=to.id,
        state=state,
        due_at=now() + timedelta(days=1),
        settled_at=settled,
    )
    db.add(made)
    db.flush()
    db.add(WebhookTry(delivery_id=made.id, took_ms=12, status=status, said=said))
