"""Owns how long what was sent is kept, and what operators see of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks import outbox

KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 1_000


def forget(session: Session) -> bool:
    """Delete some of what happened long ago, with its deliveries and their log, as much as takes
    no long statement; whether there may be more."""
    some = (
        select(WebhookEvent.id)
        .where(WebhookEvent.at < now() - KEPT)
        .order_by(WebhookEvent.id)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    gone = delete(WebhookEvent).where(WebhookEvent.id.in_(some.scalar_subquery()))
    done = session.execute(
        gone.returning(WebhookEvent.id).execution_options(synchronize_session=False)
    )
    return len(done.all()) == FORGOTTEN_AT_ONCE


def numbers(session: Session) -> dict[DeliveryState, int]:
    """How many deliveries there are in each state."""
    rows = select(WebhookDelivery.state, func.count()).group_by(WebhookDelivery.state)
    return dict(session.execute(rows).tuples().all())


def oldest_s(session: Session) -> float:
    """For how many seconds the oldest that waits does so, but for what nobody is to be sent now."""
    since = session.scalar(
        select(func.min(WebhookEvent.at))
        .join(WebhookDelivery, WebhookDelivery.event_id == WebhookEvent.id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(outbox.waits(WebhookDelivery), WebhookEndpoint.enabled)
    )
    return (now() - since).total_seconds() if since else 0.0
