"""A receiver that answers late, wrongly or endlessly holds up nobody, and gets what it can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import (
    Assignment,
    Course,
    DeliveryState,
    EventType,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from app.settings import settings
from app.webhooks import outbox, transport
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.outside.receiver import Receiver
from tests.support.waiting import wait_for
from tests.webhooks.conftest import Hooks


def test_nobody_waits_for_a_receiver_that_answers_late(
    db: Session, hooks: Hooks, cast: Cast, course: Course, instructor: Person, admin: Person
) -> None:
    late = hooks.make(instructor, course, EventType.GRADED)
    quick = hooks.make(admin, None, EventType.GRADED)
    released = late.receiver.hold(late.path)
    sheet = cast.assignment(course)
    for number in range(outbox.AT_ONCE + 2):
        attempt(db, sheet, cast.person(f"Sam {number}", course), 0.5)
    late.come(outbox.AT_ONCE)
    quick.come(outbox.AT_ONCE + 2)
    assert len(late.receiver.at(late.path)) == outbox.AT_ONCE, "more at once than one may have"
    released.set()
    late.come(outbox.AT_ONCE + 2)


def test_what_is_not_taken_is_sent_again_as_the_same_message_and_given_up_in_the_end(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    hook.receiver.answer(hook.path, 500)
    attempt(db, assignment, student, 0.5)
    for number, tries in enumerate((1, 4, 8), 1):  # after some of the pauses, not all nine
        hook.tried(number)
        (waits,) = hook.deliveries()
        pause = outbox.PAUSES[waits.tries - 1]
        assert pause * 0.8 < waits.due_at - now() < pause * 1.2 or pause < timedelta(minutes=1)
        tried_so_often(db, waits.id, tries)
        hook.hasten()
    hook.tried(4)
    tried_so_often(db, waits.id, outbox.MOST_TRIES - 1)
    hook.hasten()
    last = hook.tried(5)
    wait_for(lambda: hook.states() == [DeliveryState.FAILED], "that it is given up")
    assert {(one.status, one.said) for one in last} == {(500, "This is 500.")}
    assert len({one.id for one in hook.come(5)}) == 1


def tried_so_often(db: Session, delivery_id: int, tries: int) -> None:
    of = update(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    db.execute(of.values(tries=tries))
    db.commit()


def test_410_disables_the_endpoint_and_what_waits_stays(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    hook.receiver.answer(hook.path, 410)
    attempt(db, assignment, student, 0.5)
    wait_for(lambda: not hook.row.enabled, "that it is disabled")
    assert (hook.row.disabled_because, hook.states()) == (outbox.GONE, [DeliveryState.FAILED])
    attempt(db, assignment, student, 0.6)
    assert len(hook.deliveries()) == 1, "a disabled endpoint is told of nothing new"


def test_a_redirect_is_not_followed(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    hook.receiver.answer(hook.path, 307, location=hook.receiver.url("/elsewhere"))
    attempt(db, assignment, student, 0.5)
    (log,) = hook.tried()
    assert (log.status, hook.receiver.at("/elsewhere")) == (307, [])
    assert hook.states() == [DeliveryState.WAITING]


def test_an_endpoint_that_failed_last_gets_one_at_a_time_until_it_takes_one(
    db: Session, hooks: Hooks, course: Course, assignment: Assignment, instructor: Person
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED)
    row = db.get_one(WebhookEndpoint, hook.id)
    row.failures, row.enabled = 1, True
    due = [WebhookDelivery(event_id=one, endpoint_id=hook.id) for one in events(db, 3)]
    db.add_all(due)
    released = hook.receiver.hold(hook.path)
    db.commit()
    hook.come()
    assert len([one for one in hook.deliveries() if one.lease]) == 1
    released.set()
    hook.come(3)


def events(db: Session, number: int) -> Iterator[int]:
    """Things that happened, of which nobody was told."""
    for _ in range(number):
        made = WebhookEvent(type=EventType.TEST.value)
        db.add(made)
        db.flush()
        yield made.id


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process sends with short patience, to this machine."""
    monkeypatch.setattr(transport, "ANSWER_S", 0.5)
    monkeypatch.setattr(transport, "_BODY_S", 0.2)
    monkeypatch.setenv("CHAINRULE_WEBHOOK_NETWORKS", "127.0.0.0/8")
    settings.cache_clear()
    yield
    settings.cache_clear()


def post(receiver: Receiver, path: str) -> transport.Answer:
    return asyncio.run(transport.post(receiver.url(path), {}, b"{}"))


@pytest.mark.usefixtures("hasty")
def test_no_answer_in_time_is_a_failure_in_plain_words(receiver: Receiver) -> None:
    receiver.hold("/never")
    answer = post(receiver, "/never")
    assert (answer.status, answer.is_success) == (None, False)
    assert answer.said.startswith("There was no answer")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("path", ["/huge", "/drip"])
def test_of_an_answer_that_does_not_end_the_first_is_read(receiver: Receiver, path: str) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not receiver.over.is_set():
            handler.wfile.write(b"\0" * (1 if path == "/drip" else 100_000))
            handler.wfile.flush()
            receiver.over.wait(0.05 if path == "/drip" else 0)

    receiver.answers[path] = endless
    began = time.monotonic()
    answer = post(receiver, path)
    assert answer.status == 200
    assert 0 < len(answer.said) <= transport.LONGEST_ANSWER
    assert "\0" not in answer.said
    assert time.monotonic() - began < 30, "it was read to its end"


@pytest.mark.usefixtures("hasty")
def test_a_head_that_drips_has_no_more_time_than_the_rest(receiver: Receiver) -> None:
    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not receiver.over.is_set():
            handler.wfile.write(b"x: y\r\n")
            handler.wfile.flush()
            receiver.over.wait(0.05)

    receiver.answers["/head"] = dripping
    assert post(receiver, "/head").status is None


@pytest.mark.usefixtures("hasty")
def test_heads_without_end_are_not_read_to_keep_the_sender_busy(receiver: Receiver) -> None:
    def flooding(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(100):
            handler.wfile.write(b"HTTP/1.1 100 \r\n\r\n" * 100)
        handler.send_response(200)
        handler.end_headers()

    receiver.answers["/continue"] = flooding
    answer = post(receiver, "/continue")
    assert (answer.status, answer.said) == (None, "ReadError: More than 32768 bytes came.")


@pytest.mark.usefixtures("hasty")
def test_what_is_no_http_is_a_failure_and_no_fault_of_ours(receiver: Receiver) -> None:
    receiver.answers["/other"] = lambda handler: handler.wfile.write(b"220 mail.example ESMTP\r\n")  # type: ignore[assignment]
    answer = post(receiver, "/other")
    assert (answer.status, "Error" in answer.said) == (None, True)


def test_where_nobody_listens_the_next_try_comes_later(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course, EventType.GRADED, url="http://127.0.0.1:9999/nobody")
    attempt(db, assignment, student, 0.5)
    (log,) = hook.tried()
    assert (log.status, "Connect" in log.said) == (None, True)
    db.execute(update(WebhookEndpoint).where(WebhookEndpoint.id == hook.id).values(enabled=False))
    db.commit()
