"""What there is much of is deleted part by part, and nobody who grades waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import (
    Assignment,
    Course,
    EventType,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from app.webhooks import endpoints, upkeep
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.webhooks.conftest import Hook, Hooks


def told(db: Session, hook: Hook, number: int, ago: timedelta) -> list[WebhookEvent]:
    """Things that happened so long ago; not committed."""
    made = [WebhookEvent(type=EventType.TEST.value, at=now() - ago) for _ in range(number)]
    db.add_all(WebhookDelivery(event=one, endpoint_id=hook.id) for one in made)
    db.flush()
    return made


def test_verdicts_do_not_wait_for_who_deletes_an_endpoint(
    db: Session,
    hooks: Hooks,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
) -> None:
    hook = hooks.make(instructor, course)
    endpoints.delete(db, Actor(instructor.user), hook.id)
    with database.session() as other:
        other.execute(text("SET LOCAL lock_timeout = '5s'"))
        made = attempt(other, assignment, student, 0.5)
    db.commit()
    assert instructor.api.get(f"/submissions/{made.id}").json()["score"] == 35.0
    assert hook.deliveries() == []


def test_an_endpoint_goes_with_all_of_a_long_log(
    db: Session,
    hooks: Hooks,
    course: Course,
    instructor: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoints, "_DELETED_AT_ONCE", 2)
    hook = hooks.make(instructor, course)
    told(db, hook, 5, timedelta())
    endpoints.delete(db, Actor(instructor.user), hook.id)
    db.commit()
    assert hook.deliveries() == []
    assert db.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.id == hook.id)) is None


def test_what_is_old_goes_part_by_part_and_what_is_newer_stays(
    db: Session,
    hooks: Hooks,
    course: Course,
    instructor: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "FORGOTTEN_AT_ONCE", 2)
    hook = hooks.make(instructor, course)
    ids = [one.id for one in told(db, hook, 5, upkeep.KEPT + timedelta(hours=1))]
    newer = told(db, hook, 1, upkeep.KEPT - timedelta(hours=1))[0].id
    left = select(func.count()).where(WebhookEvent.id.in_(ids))
    steps = []
    for _ in range(3):
        there_may_be_more = upkeep.forget(db)
        steps.append((there_may_be_more, db.scalar(left)))
    assert steps == [(True, 3), (True, 1), (False, 0)]
    kept = select(WebhookDelivery.event_id).where(WebhookDelivery.endpoint_id == hook.id)
    assert db.scalars(kept).all() == [newer]
    db.rollback()
