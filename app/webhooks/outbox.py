"""Owns which delivery is sent next, and what becomes of it: leased, delivered, put off, given up.

A delivery is sent by whoever holds its lease, which lasts for longer than a request may take. One
that was received, but whose sender died before it could say so, is sent once more, with the same
`webhook-id`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from secrets import SystemRandom

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.infrastructure.clock import now
from app.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry
from app.webhooks import payloads, signatures
from app.webhooks.transport import Answer

LEASE = timedelta(minutes=1)
PAUSES = (
    timedelta(seconds=5),
    *(timedelta(minutes=number) for number in (5, 30)),
    *(timedelta(hours=number) for number in (2, 5, 10, 14, 20, 24)),
)
"""How long after each try the next one comes, as Standard Webhooks has it."""
MOST_TRIES = len(PAUSES) + 1
AT_ONCE = 4
"""Deliveries that an endpoint gets at the same time; one where the last one failed."""
KEPT = timedelta(days=30)
_SILENT = "Each try ended without a word."
GONE = "It answered 410 Gone, which asks for nothing to be sent any more."
_dice = SystemRandom()
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery that is to be sent now, with all that it takes."""

    delivery_id: int
    lease: uuid.UUID
    tries: int
    endpoint_id: uuid.UUID
    is_failing: bool
    url: str
    message_id: str
    keys: list[bytes]
    body: bytes


def claim(session: Session, most: int, most_failing: int) -> list[Claimed]:
    """Take what is due, for the time of a lease, and commit that.

    At most so many, and so many of them to endpoints that failed last.
    """
    taken: list[WebhookDelivery] = []
    for endpoint in _with_work(session):
        room = most_failing if endpoint.failures else most
        some = _take(session, endpoint, room)
        taken += some
        most -= len(some)
        most_failing -= len(some) if endpoint.failures else 0
    session.commit()
    return list(_ready(session, taken))


def _with_work(session: Session) -> Iterator[WebhookEndpoint]:
    """Endpoints to which something is due, held so that no other process counts what is sent."""
    due = exists().where(WebhookDelivery.endpoint_id == WebhookEndpoint.id, *_due())
    rows = select(WebhookEndpoint).where(WebhookEndpoint.enabled, due).order_by(func.random())
    held = rows.with_for_update(skip_locked=True, key_share=True)
    yield from session.scalars(held.execution_options(populate_existing=True)).all()


def _due() -> tuple[ColumnElement[bool], ...]:
    free = or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until < func.now())
    return (
        WebhookDelivery.state == DeliveryState.WAITING,
        WebhookDelivery.due_at <= func.now(),
        free,
    )


def _take(session: Session, endpoint: WebhookEndpoint, most: int) -> list[WebhookDelivery]:
    of_endpoint = WebhookDelivery.endpoint_id == endpoint.id
    sent = select(func.count()).where(of_endpoint, WebhookDelivery.leased_until > func.now())
    room = (1 if endpoint.failures else AT_ONCE) - (session.scalar(sent) or 0)
    if min(room, most) < 1:
        return []
    first = (
        select(WebhookDelivery.id)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(of_endpoint, *_due(), *_is_first())
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(min(room, most))
    )
    taken = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(first.scalar_subquery()), *_due())
        .values(
            lease=func.gen_random_uuid(),
            leased_until=func.now() + LEASE,
            tries=WebhookDelivery.tries + 1,
        )
        .returning(WebhookDelivery)
    )
    return list(session.scalars(taken.execution_options(populate_existing=True)))


def _is_first() -> Iterator[ColumnElement[bool]]:
    """That nothing waits which happened earlier to the same submission, or to the same grade."""
    for same in ("submission_id",), ("assignment_id", "user_id"):
        before, told = aliased(WebhookDelivery), aliased(WebhookEvent)
        yield ~exists().where(
            before.endpoint_id == WebhookDelivery.endpoint_id,
            before.state == DeliveryState.WAITING,
            told.id == before.event_id,
            told.id < WebhookEvent.id,
            *(getattr(told, name) == getattr(WebhookEvent, name) for name in same),
        )


def _ready(session: Session, taken: list[WebhookDelivery]) -> Iterator[Claimed]:
    for delivery in taken:
        if delivery.tries > MOST_TRIES:
            _put(session, delivery.id, delivery.lease, **_settled(DeliveryState.FAILED))
            session.add(WebhookTry(delivery_id=delivery.id, took_ms=0, said=_SILENT))
            continue
        try:
            yield _written(session, delivery)
        except Exception:  # a fault of ours, such as a key that cannot be read: no try is lost
            log.exception("webhook.not_written", delivery=delivery.id)
            later = {"due_at": now() + LEASE, "tries": delivery.tries - 1}
            _put(session, delivery.id, delivery.lease, **later)
    session.commit()


def _written(session: Session, delivery: WebhookDelivery) -> Claimed:
    assert delivery.lease is not None
    endpoint, event = delivery.endpoint, delivery.event
    return Claimed(
        delivery_id=delivery.id,
        lease=delivery.lease,
        tries=delivery.tries,
        endpoint_id=endpoint.id,
        is_failing=endpoint.failures > 0,
        url=endpoint.url,
        message_id=message_id(event),
        keys=signatures.keys(endpoint),
        body=payloads.body(session, event),
    )


def message_id(event: WebhookEvent) -> str:
    """What a receiver knows an event by, however often it is sent."""
    return f"msg_{event.message_id.hex}"


def settle(session: Session, sent: Claimed, answer: Answer) -> DeliveryState | None:
    """Say what became of a delivery: the new state, or None where somebody else has it by now."""
    of_endpoint = update(WebhookEndpoint).where(WebhookEndpoint.id == sent.endpoint_id)
    failures = 0 if answer.is_success else WebhookEndpoint.failures + 1
    session.execute(of_endpoint.values(failures=failures))
    if answer.status == 410:
        session.execute(of_endpoint.values(enabled=False, disabled_because=GONE))
    columns = _after(sent, answer)
    if not _put(session, sent.delivery_id, sent.lease, **columns):
        return None
    row = WebhookTry(delivery_id=sent.delivery_id, status=answer.status, said=answer.said)
    row.took_ms = answer.took_ms
    session.add(row)
    return DeliveryState(str(columns.get("state", DeliveryState.WAITING)))


def _after(sent: Claimed, answer: Answer) -> dict[str, object]:
    if answer.is_success:
        return _settled(DeliveryState.DELIVERED)
    if answer.status == 410 or sent.tries >= MOST_TRIES:
        return _settled(DeliveryState.FAILED)
    return {"due_at": now() + PAUSES[sent.tries - 1] * _dice.uniform(0.9, 1.1)}


def _settled(state: DeliveryState) -> dict[str, object]:
    return {"state": state, "settled_at": now()}


def _put(session: Session, number: int, lease: uuid.UUID | None, **columns: object) -> bool:
    done = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == number, WebhookDelivery.lease == lease)
        .values(lease=None, leased_until=None, **columns)
        .returning(WebhookDelivery.id)
    )
    return done.one_or_none() is not None


def forget(session: Session) -> None:
    """Delete what happened long ago, with its deliveries and their log."""
    session.execute(delete(WebhookEvent).where(WebhookEvent.at < now() - KEPT))


def numbers(session: Session) -> dict[DeliveryState, int]:
    """How many deliveries there are in each state."""
    rows = select(WebhookDelivery.state, func.count()).group_by(WebhookDelivery.state)
    return dict(session.execute(rows).tuples().all())


def oldest_s(session: Session) -> float:
    """For how many seconds the oldest that waits does so."""
    since = session.scalar(
        select(func.min(WebhookEvent.at))
        .join(WebhookDelivery, WebhookDelivery.event_id == WebhookEvent.id)
        .where(WebhookDelivery.state == DeliveryState.WAITING)
    )
    return (now() - since).total_seconds() if since else 0.0
