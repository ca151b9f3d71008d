"""Owns which delivery is sent next, and what becomes of it: leased, delivered, put off, given up.

A delivery is sent by whoever holds its lease, which lasts for longer than a request may take. One
that was received, but whose sender died before it could say so, is sent once more, with the same
`webhook-id`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from secrets import SystemRandom
from time import monotonic

import structlog
from sqlalchemy import ColumnElement, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.infrastructure.clock import now
from app.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry
from app.webhooks import payloads, signatures
from app.webhooks.transport import ANSWER_S, Answer

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
_BACK = PAUSES[2]
"""How long what was put off waits at most once a receiver takes something again."""
_SLOW_MS = 3_000
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
    is_unsteady: bool
    url: str
    message_id: str
    keys: list[bytes]
    body: bytes
    send_before: float = inf
    """By the monotonic clock: whoever begins later may not be done before the lease is over."""


def claim(session: Session, most: int, most_unsteady: int) -> list[Claimed]:
    """Take what is due, for the time of a lease, and commit that.

    At most so many, and so many of them to endpoints that failed last, or answered late.
    """
    send_before = monotonic() + LEASE.total_seconds() - ANSWER_S
    taken: list[WebhookDelivery] = []
    for endpoint_id in _with_work(session):
        if most < 1:
            break
        some, unsteady = _taken_of(session, endpoint_id, most, min(most, most_unsteady))
        session.commit()  # or whoever settles waits for all of them
        taken += some
        most -= len(some)
        most_unsteady -= len(some) if unsteady else 0
    return list(_ready(session, taken, send_before))


def _with_work(session: Session) -> Sequence[uuid.UUID]:
    """The endpoints to which something is due."""
    return session.scalars(_WITH_WORK).all()


def _taken_of(
    session: Session, endpoint_id: uuid.UUID, most: int, most_unsteady: int
) -> tuple[list[WebhookDelivery], bool]:
    """What is taken of one endpoint, held so that no other process counts what is sent, and whether
    it is one of those that failed last, or answered late."""
    held = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.enabled)
    found = session.scalar(
        held.with_for_update(skip_locked=True, key_share=True).execution_options(
            populate_existing=True
        )
    )
    if found is None:
        return [], False
    room = most_unsteady if found.is_unsteady else most
    return _take(session, found, room), found.is_unsteady


def waits(deliveries: type[WebhookDelivery]) -> ColumnElement[bool]:
    """That it waits. Written out, not a parameter: only so can a prepared plan use the index of
    what waits."""
    return deliveries.state == literal_column("'waiting'")


def _due() -> tuple[ColumnElement[bool], ...]:
    free = or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until < func.now())
    return (
        waits(WebhookDelivery),
        WebhookDelivery.due_at <= func.now(),
        free,
    )


_WITH_WORK = (
    select(WebhookEndpoint.id)
    .where(
        WebhookEndpoint.enabled,
        exists().where(WebhookDelivery.endpoint_id == WebhookEndpoint.id, *_due()),
    )
    .order_by(func.random())
)
"""Made once: it is asked twice a second."""


def _take(session: Session, endpoint: WebhookEndpoint, most: int) -> list[WebhookDelivery]:
    of_endpoint = WebhookDelivery.endpoint_id == endpoint.id
    sent = select(func.count()).where(
        of_endpoint, WebhookDelivery.lease.is_not(None), WebhookDelivery.leased_until > func.now()
    )
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
            waits(before),
            told.id == before.event_id,
            told.id < WebhookEvent.id,
            *(getattr(told, name) == getattr(WebhookEvent, name) for name in same),
        )


def _ready(session: Session, taken: list[WebhookDelivery], send_before: float) -> Iterator[Claimed]:
    for delivery in taken:
        if delivery.tries > MOST_TRIES:
            _put(session, delivery.id, delivery.lease, **_settled(DeliveryState.FAILED))
            session.add(WebhookTry(delivery_id=delivery.id, took_ms=0, said=_SILENT))
            continue
        try:
            yield _written(session, delivery, send_before)
        except Exception:  # a fault of ours, such as a key that cannot be read: no try is lost
            log.exception("webhook.not_written", delivery=delivery.id)
            later = {"due_at": now() + LEASE, "tries": delivery.tries - 1}
            _put(session, delivery.id, delivery.lease, **later)
    session.commit()


def _written(session: Session, delivery: WebhookDelivery, send_before: float) -> Claimed:
    assert delivery.lease is not None
    endpoint, event = delivery.endpoint, delivery.event
    return Claimed(
        delivery_id=delivery.id,
        lease=delivery.lease,
        tries=delivery.tries,
        endpoint_id=endpoint.id,
        is_unsteady=endpoint.is_unsteady,
        url=endpoint.url,
        message_id=message_id(event),
        keys=signatures.keys(endpoint),
        body=payloads.body(session, event),
        send_before=send_before,
    )


def message_id(event: WebhookEvent) -> str:
    """What a receiver knows an event by, however often it is sent."""
    return f"msg_{event.message_id.hex}"


def settle(session: Session, sent: Claimed, answer: Answer) -> DeliveryState | None:
    """Say what became of a delivery: the new state, or None where somebody else has it by now."""
    counts = _noted(session, sent, answer)
    columns = _after(sent, answer) if counts else {"due_at": now(), "tries": sent.tries - 1}
    if not _put(session, sent.delivery_id, sent.lease, **columns):
        return None
    row = WebhookTry(delivery_id=sent.delivery_id, status=answer.status, said=answer.said)
    row.took_ms = answer.took_ms
    session.add(row)
    return DeliveryState(str(columns.get("state", DeliveryState.WAITING)))


def _noted(session: Session, sent: Claimed, answer: Answer) -> bool:
    """Note of the endpoint what it answered. False: what failed went to where it is no more."""
    held = exists().where(
        WebhookDelivery.id == sent.delivery_id, WebhookDelivery.lease == sent.lease
    )
    of_endpoint = update(WebhookEndpoint).where(
        WebhookEndpoint.id == sent.endpoint_id, WebhookEndpoint.url == sent.url, held
    )
    if answer.is_success:
        is_slow = answer.took_ms > _SLOW_MS
        news = or_(WebhookEndpoint.failures > 0, WebhookEndpoint.is_slow != is_slow)
        noted = of_endpoint.where(news).values(failures=0, is_slow=is_slow)
        if session.scalar(noted.returning(WebhookEndpoint.id)) is not None:
            hasten(session, sent.endpoint_id, _BACK)
        return True
    noted = of_endpoint.values(failures=WebhookEndpoint.failures + 1)
    if answer.status == 410:
        noted = noted.values(enabled=False, disabled_because=GONE)
    return session.scalar(noted.returning(WebhookEndpoint.id)) is not None


def hasten(session: Session, endpoint_id: uuid.UUID, pause: timedelta) -> None:
    """Have all that waits be due after this pause, where it would be so later only."""
    at = now() + pause
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            waits(WebhookDelivery),
            WebhookDelivery.due_at > at,
            WebhookDelivery.lease.is_(None),
        )
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


def put_back(session: Session, unsent: Claimed) -> None:
    """Have be due again what was taken and not sent."""
    columns = {"due_at": now(), "tries": unsent.tries - 1}
    _put(session, unsent.delivery_id, unsent.lease, **columns)


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
