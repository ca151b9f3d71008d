"""Who looks after a webhook reads what was sent and answered, and has it sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import (
    Assignment,
    AuditEntry,
    Course,
    DeliveryState,
    EventType,
    WebhookDelivery,
    WebhookEvent,
)
from app.webhooks import upkeep
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.forms import press
from tests.support.waiting import wait_for
from tests.webhooks.conftest import Hook, Hooks


def given_up(db: Session, hook: Hook, number: int = 1) -> list[int]:
    """Deliveries that were given up."""
    made = [
        WebhookDelivery(
            event=WebhookEvent(type=EventType.TEST.value),
            endpoint_id=hook.id,
            state=DeliveryState.FAILED,
            settled_at=now(),
            tries=10,
        )
        for _ in range(number)
    ]
    db.add_all(made)
    db.commit()
    return [one.id for one in made]


@pytest.fixture
def hook(hooks: Hooks, course: Course, instructor: Person) -> Hook:
    return hooks.make(instructor, course, EventType.GRADED)


def test_each_try_is_in_the_log_with_its_answer(
    db: Session, hook: Hook, assignment: Assignment, student: Person, instructor: Person
) -> None:
    hook.receiver.answer(hook.path, 503)
    attempt(db, assignment, student, 0.5)
    hook.tried()
    hook.receiver.answer(hook.path, 204)
    hook.hasten()
    hook.tried(2)
    (one,) = instructor.api.get(f"/webhooks/{hook.id}/deliveries").json()
    assert [(each["status"], each["said"]) for each in one["tries"]] == [
        (503, "This is 503."),
        (204, ""),
    ]
    assert (one["state"], one["type"], one["due_at"]) == ("delivered", "submission.graded", None)
    assert one["webhook_id"] == hook.come()[0].id
    page = instructor.web.get(f"/webhooks/{hook.id}").text
    assert "This is 503." in page
    assert one["webhook_id"] in page


def test_a_delivery_is_sent_again_as_the_same_message(
    db: Session, hook: Hook, assignment: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, assignment, student, 0.5)
    hook.tried()
    (one,) = hook.deliveries()
    path = f"/webhooks/{hook.id}/deliveries/{one.id}"
    assert instructor.api.post(f"{path}/replays").status_code == 202
    first, second = hook.come(2)
    assert (first.id, first.body) == (second.id, second.body)
    hook.tried(2)
    assert press(instructor.web, f"/webhooks/{hook.id}", f"{path}/replay").status_code == 303
    hook.come(3)


def test_all_that_failed_since_a_time_is_sent_again_and_nothing_else(
    db: Session, hook: Hook, instructor: Person
) -> None:
    old, new = given_up(db, hook, 2)
    of_old = select(WebhookDelivery.event_id).where(WebhookDelivery.id == old).scalar_subquery()
    earlier = now() - timedelta(days=3)
    db.execute(update(WebhookEvent).where(WebhookEvent.id == of_old).values(at=earlier))
    db.commit()
    since = (now() - timedelta(days=1)).isoformat()
    answer = instructor.api.post(f"/webhooks/{hook.id}/replays", json={"since": since})
    assert answer.json() == {"number": 1}
    wait_for(lambda: DeliveryState.DELIVERED in hook.states(), "the new one")
    assert hook.states() == [DeliveryState.FAILED, DeliveryState.DELIVERED]
    here = f"/webhooks/{hook.id}"
    assert press(instructor.web, here, f"{here}/replay", hours="168").status_code == 303
    wait_for(lambda: set(hook.states()) == {DeliveryState.DELIVERED}, "the old one, too")
    assert {one.id for one in hook.deliveries()} == {old, new}
    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.after == {"title": "The LMS", "deliveries": 1}


def test_a_disabled_webhook_sends_nothing_until_it_is_enabled_again(
    db: Session, hook: Hook, instructor: Person
) -> None:
    here = f"/webhooks/{hook.id}"
    (lost,) = given_up(db, hook)
    of = {"If-Match": instructor.api.get(here).headers["etag"]}
    assert instructor.api.patch(here, json={"enabled": False}, headers=of).status_code == 200
    for path in ("/tests", f"/deliveries/{lost}/replays"):
        assert instructor.api.post(here + path).status_code == 409
    since = {"since": "2026-01-01T00:00:00Z"}
    assert instructor.api.post(f"{here}/replays", json=since).status_code == 409
    waits = update(WebhookDelivery).where(WebhookDelivery.id == lost)
    db.execute(waits.values(state=DeliveryState.WAITING, tries=1))
    db.commit()
    assert press(instructor.web, here, here, enabled="true").status_code == 303
    hook.come()


def test_who_looks_after_the_course_is_told_on_its_page_of_what_was_given_up(
    db: Session, hook: Hook, course: Course, instructor: Person, assistant: Person
) -> None:
    words = "2 messages to other systems were given up"
    assert words not in instructor.web.get(f"/courses/{course.id}").text
    given_up(db, hook, 2)
    assert words in instructor.web.get(f"/courses/{course.id}").text
    others = assistant.web.get(f"/courses/{course.id}")
    assert (others.status_code, words in others.text) == (200, False)


def test_the_log_is_read_page_by_page_and_by_state(
    db: Session, hook: Hook, instructor: Person
) -> None:
    ids = given_up(db, hook, 5)
    address: str | None = f"/webhooks/{hook.id}/deliveries?per_page=2&state=failed"
    read: list[int] = []
    while address:
        answer = instructor.api.get(address)
        read += [one["id"] for one in answer.json()]
        address = answer.links.get("next", {}).get("url")
    assert read == ids[::-1]
    assert instructor.api.get(f"/webhooks/{hook.id}/deliveries?state=waiting").json() == []


def test_what_is_over_for_thirty_days_is_forgotten(db: Session, hook: Hook) -> None:
    old, new = given_up(db, hook, 2)
    of_old = select(WebhookDelivery.event_id).where(WebhookDelivery.id == old).scalar_subquery()
    long_ago = now() - upkeep.KEPT - timedelta(minutes=1)
    db.execute(update(WebhookEvent).where(WebhookEvent.id == of_old).values(at=long_ago))
    upkeep.forget(db)
    db.commit()
    assert [one.id for one in hook.deliveries()] == [new]
