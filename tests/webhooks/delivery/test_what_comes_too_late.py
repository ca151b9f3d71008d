"""What is over by now, an address, a lease or an outage, keeps nobody from being told."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Course, DeliveryState, EventType, WebhookDelivery, WebhookEvent
from app.webhooks import endpoints, outbox, upkeep
from app.webhooks.endpoints import EndpointDraft
from app.webhooks.outbox import Claimed
from app.webhooks.sender import _Sender
from app.webhooks.transport import Answer
from tests.support.cast import Person
from tests.support.waiting import wait_for
from tests.webhooks.conftest import Hook, Hooks

OK, GONE = Answer(200, "", 1), Answer(410, "", 1)
HOURS = timedelta(hours=10)


def made(db: Session, hook: Hook, **columns: object) -> WebhookDelivery:
    event = WebhookEvent(type=EventType.TEST.value)
    delivery = WebhookDelivery(event=event, endpoint_id=hook.id, **columns)
    db.add(delivery)
    db.flush()
    return delivery


def under_way(db: Session, hook: Hook) -> Claimed:
    """Something that is being sent to an endpoint, as if by another process."""
    lease = uuid.uuid4()
    held = made(db, hook, lease=lease, leased_until=now() + HOURS, tries=1)
    db.commit()
    url = hook.receiver.url(hook.path)
    return Claimed(held.id, lease, 1, hook.id, False, url, "", [], b"")


def settled(one: Claimed, answer: Answer) -> DeliveryState | None:
    with database.session() as session:
        state = outbox.settle(session, one, answer)
        session.commit()
    return state


def moved(db: Session, by: Person, hook: Hook, path: str) -> None:
    wanted = replace(EndpointDraft.of(hook.row), url=hook.receiver.url(path))
    endpoints.change(db, Actor(by.user), hook.id, wanted)
    db.commit()


def test_the_old_address_ends_nothing_at_the_new_one(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    late = under_way(db, hook)
    moved(db, instructor, hook, f"{hook.path}/new")
    assert settled(late, GONE) is DeliveryState.WAITING
    assert (hook.row.enabled, hook.row.failures) == (True, 0)
    hook.receiver.come(f"{hook.path}/new")
    wait_for(lambda: hook.states() == [DeliveryState.DELIVERED], "that the new one has it")
    assert hook.deliveries()[0].tries == 1, "a try at the old address was counted"


def test_whoever_lost_the_lease_says_nothing_of_the_endpoint(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    late = replace(under_way(db, hook), lease=uuid.uuid4())
    assert settled(late, GONE) is None
    assert (hook.row.enabled, hook.row.failures) == (True, 0)


def test_once_a_receiver_is_back_nothing_waits_for_hours(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    endpoints.found(db, Actor(instructor.user), hook.id).failures = 6
    made(db, hook, due_at=now() + HOURS, tries=6)
    assert settled(under_way(db, hook), OK) is DeliveryState.DELIVERED
    waits = hook.deliveries()[0]
    assert (hook.row.failures, waits.state) == (0, DeliveryState.WAITING)
    assert now() < waits.due_at <= now() + timedelta(minutes=30)


def test_what_was_put_off_goes_to_a_new_address_at_once(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    made(db, hook, due_at=now() + HOURS, tries=6)
    moved(db, instructor, hook, f"{hook.path}/new")
    hook.receiver.come(f"{hook.path}/new")


def test_what_could_be_sent_by_two_is_not_sent_and_costs_no_try(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    elsewhere = hook.receiver.url(f"{hook.path}/too-late")
    late = replace(under_way(db, hook), send_before=0.0, url=elsewhere)
    asyncio.run(_Sender()._send(late))
    hook.come()
    wait_for(lambda: hook.states() == [DeliveryState.DELIVERED], "that it was sent in time")
    assert hook.receiver.at(f"{hook.path}/too-late") == []
    assert (hook.deliveries()[0].tries, len(hook.tries())) == (1, 1)


def test_who_failed_last_gets_no_place_where_none_is_left(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    for _ in range(2):
        hook = hooks.make(instructor, course)
        endpoints.found(db, Actor(instructor.user), hook.id).failures = 1
        made(db, hook)
    with database.commits_held(db):
        taken = outbox.claim(db, 1, 50)
    db.rollback()
    assert len(taken) == 1


def test_who_takes_it_late_gets_no_place_of_those_who_do_not(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    for took_ms, places in ((4_000, 0), (40, 1)):
        assert settled(under_way(db, hook), Answer(200, "", took_ms)) is DeliveryState.DELIVERED
        made(db, hook)
        with database.commits_held(db):
            assert len(outbox.claim(db, 10, 0)) == places
        db.rollback()


def test_what_waits_for_a_disabled_endpoint_alarms_nobody(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    endpoint = endpoints.found(db, Actor(instructor.user), hook.id)
    made(db, hook).event.at = now() - HOURS
    db.flush()
    assert upkeep.oldest_s(db) >= HOURS.total_seconds()
    endpoint.enabled = False
    db.flush()
    assert upkeep.oldest_s(db) < HOURS.total_seconds()
    db.rollback()
