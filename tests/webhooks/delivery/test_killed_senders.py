"""A message whose sender died is sent again, as the same message; none is sent by two at once."""

from __future__ import annotations

import os
import signal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Course, DeliveryState, EventType, WebhookDelivery, WebhookEvent
from app.webhooks import outbox
from app.webhooks.outbox import Claimed
from app.webhooks.transport import Answer
from tests.support.cast import Person
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for
from tests.webhooks.conftest import Hook, Hooks

OK = Answer(200, "", 1)


def waiting(db: Session, hook: Hook, number: int) -> None:
    """Things to tell, as if a sender of ours were the first to look."""
    for _ in range(number):
        event = WebhookEvent(type=EventType.TEST.value)
        db.add(WebhookDelivery(event=event, endpoint_id=hook.id))
    db.flush()


def claimed(hook: Hook) -> list[Claimed]:
    with database.session() as session:
        return [one for one in outbox.claim(session, 100, 50) if one.endpoint_id == hook.id]


def settled(one: Claimed) -> DeliveryState | None:
    with database.session() as session:
        state = outbox.settle(session, one, OK)
        session.commit()
    return state


def test_what_a_dead_sender_held_is_sent_again_under_the_same_id(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    released = hook.receiver.hold(hook.path)
    waiting(db, hook, 1)
    db.commit()
    hook.come()
    late = db.scalars(select(WebhookDelivery).where(WebhookDelivery.endpoint_id == hook.id)).one()
    held = Claimed(late.id, late.lease, 1, hook.id, False, "", "", [], b"")  # type: ignore[arg-type]
    late.leased_until = now()  # as after a minute
    db.commit()
    first, second = hook.come(2)
    assert first.id == second.id
    assert settled(held) is None, "whoever lost the lease must not settle"
    released.set()
    wait_for(lambda: hook.states() == [DeliveryState.DELIVERED], "the delivery")


def test_a_web_server_that_is_killed_while_it_sends_loses_nothing(
    db: Session, hooks: Hooks, course: Course, instructor: Person, stack: Stack
) -> None:
    hook = hooks.make(instructor, course)
    released = hook.receiver.hold(hook.path)
    waiting(db, hook, 2)
    db.commit()
    hook.come(2)
    os.kill(stack.pids()["web"], signal.SIGKILL)
    of_hook = update(WebhookDelivery).where(WebhookDelivery.endpoint_id == hook.id)
    db.execute(of_hook.values(leased_until=now()))
    db.commit()
    released.set()
    wait_for(lambda: set(hook.states()) == {DeliveryState.DELIVERED}, "the deliveries", seconds=90)
    assert len({one.id for one in hook.come(2)}) == 2


def test_of_two_senders_each_takes_others(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    waiting(db, hook, 3)
    held = list(db.scalars(select(WebhookDelivery).where(WebhookDelivery.endpoint_id == hook.id)))
    assert claimed(hook) == [], "what is not committed yet was taken"
    db.commit()
    wait_for(lambda: set(hook.states()) == {DeliveryState.DELIVERED}, "the deliveries")
    assert len({one.id for one in hook.come(3)}) == len(held) == 3
    assert claimed(hook) == []


def test_what_each_sender_died_at_is_given_up_in_the_end(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    waiting(db, hook, 1)
    db.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == hook.id)
        .values(tries=outbox.MOST_TRIES)
    )
    db.commit()
    wait_for(lambda: hook.states() == [DeliveryState.FAILED], "that it is given up")
    assert (hook.tries()[0].said, hook.receiver.at(hook.path)) == (outbox._SILENT, [])
