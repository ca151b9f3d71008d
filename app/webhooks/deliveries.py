"""Owns what was sent to an endpoint, as who looks after it reads it, and sending it again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app import audit
from app.audit import Action
from app.errors import Conflict, NotFound
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks import endpoints

_LATELY = timedelta(days=7)
_WAITS = "This waits to be sent, or is being sent at this moment, so nothing was changed."


@dataclass(frozen=True)
class Numbers:
    """How many deliveries of an endpoint wait, came, and were given up."""

    waiting: int = 0
    delivered: int = 0
    failed: int = 0


def numbers(session: Session, of: list[WebhookEndpoint]) -> dict[uuid.UUID, Numbers]:
    """By endpoint, of which the asker has seen already that they are theirs."""
    rows = (
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(WebhookDelivery.endpoint_id.in_([one.id for one in of]))
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    counted: dict[uuid.UUID, dict[str, int]] = {one.id: {} for one in of}
    for endpoint_id, state, number in session.execute(rows):
        counted[endpoint_id][state.value] = number
    return {endpoint_id: Numbers(**by_state) for endpoint_id, by_state in counted.items()}


def given_up(session: Session, course_id: int) -> int:
    """How many deliveries to a course's own webhooks were given up in the last week."""
    rows = (
        select(func.count())
        .select_from(WebhookDelivery)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookEndpoint.course_id == course_id,
            WebhookDelivery.state == DeliveryState.FAILED,
            WebhookDelivery.settled_at > now() - _LATELY,
        )
    )
    return session.scalar(rows) or 0


def log(
    session: Session,
    actor: Actor,
    endpoint_id: uuid.UUID,
    most: int,
    *,
    before: int | None = None,
    state: DeliveryState | None = None,
) -> list[WebhookDelivery]:
    """The newest deliveries, or those `before` one, with each try; raises NotFound, Forbidden."""
    endpoints.found(session, actor, endpoint_id)
    rows = _of(endpoint_id)
    if before is not None:
        rows = rows.where(WebhookDelivery.id < before)
    if state is not None:
        rows = rows.where(WebhookDelivery.state == state)
    return list(session.scalars(rows.order_by(WebhookDelivery.id.desc()).limit(most)))


def _of(endpoint_id: uuid.UUID) -> Select[WebhookDelivery]:
    return (
        select(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .options(joinedload(WebhookDelivery.event), selectinload(WebhookDelivery.log))
    )


def replay(
    session: Session, actor: Actor, endpoint_id: uuid.UUID, delivery_id: int
) -> WebhookDelivery:
    """Send a delivery again, with the same `webhook-id`.

    One that waits for its next try is sent now. Raises NotFound, Forbidden, Conflict where the
    endpoint is disabled, or it is being sent.
    """
    endpoint = _enabled(session, actor, endpoint_id)
    found = session.scalar(_of(endpoint_id).where(WebhookDelivery.id == delivery_id))
    if found is None:
        raise NotFound("There is no such delivery; after 30 days they are deleted.")
    if not _again(session, WebhookDelivery.id == delivery_id):
        raise Conflict(_WAITS)
    _record(session, actor, endpoint, 1)
    session.refresh(found)
    return found


def replay_failed(session: Session, actor: Actor, endpoint_id: uuid.UUID, since: datetime) -> int:
    """Send what was given up and happened since then again; how many those are.

    Raises NotFound, Forbidden, Conflict where the endpoint is disabled.
    """
    endpoint = _enabled(session, actor, endpoint_id)
    events = select(WebhookEvent.id).where(WebhookEvent.at >= since)
    number = _again(
        session,
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.state == DeliveryState.FAILED,
        WebhookDelivery.event_id.in_(events),
    )
    if number:
        _record(session, actor, endpoint, number)
    return number


def _enabled(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    endpoint = endpoints.found(session, actor, endpoint_id)
    endpoints.require_open(session, actor, endpoint)
    if not endpoint.enabled:
        raise Conflict("This webhook is disabled, so nothing is sent. Enable it first.")
    return endpoint


def _again(session: Session, *those: object) -> int:
    """Have these deliveries be due, with all tries before them; how many those are."""
    again = {"state": DeliveryState.WAITING, "due_at": now(), "tries": 0, "settled_at": None}
    done = session.scalars(
        update(WebhookDelivery)
        .where(*those, WebhookDelivery.lease.is_(None))  # type: ignore[arg-type]
        .values(**again)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def _record(session: Session, actor: Actor, endpoint: WebhookEndpoint, number: int) -> None:
    after = {"title": endpoint.title, "deliveries": number}
    audit.record(session, actor, Action.WEBHOOK_REPLAYED, course_id=endpoint.course_id, after=after)
