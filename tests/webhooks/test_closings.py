"""That an assignment has closed is told once; one that is moved on closes once more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, EventType, ToldClosing, WebhookEvent
from app.webhooks import closings
from tests.support.cast import Cast, Person
from tests.webhooks.conftest import Hook, Hooks

HOUR = timedelta(hours=1)


def told(db: Session, hook: Hook) -> int:
    """How often it is told of by now, once all was looked at."""
    while closings.tell(db):
        db.commit()
    db.commit()
    return len(hook.deliveries())


def moved(db: Session, sheet: Assignment, to: datetime | None) -> None:
    values = {"closes_at": to}
    db.execute(update(Assignment).where(Assignment.id == sheet.id).values(**values))
    db.commit()


def made_earlier(db: Session, sheet: Assignment) -> None:
    earlier = update(Assignment).where(Assignment.id == sheet.id)
    db.execute(earlier.values(created_at=now() - 9 * HOUR))
    db.commit()


def test_that_an_assignment_has_closed_is_told_by_itself(
    db: Session, hooks: Hooks, cast: Cast, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course, EventType.CLOSED)
    closes = now() + timedelta(seconds=1)
    sheet = cast.assignment(course, closes_at=closes)
    (message,) = hook.verified()
    assert message["type"] == "assignment.closed"
    assert message["data"]["assignment"]["id"] == sheet.id
    assert datetime.fromisoformat(message["data"]["closed_at"]) == closes


def test_each_closing_is_told_once_and_one_that_is_moved_on_closes_once_more(
    db: Session, hooks: Hooks, cast: Cast, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course, EventType.CLOSED)
    sheet = cast.assignment(course, closes_at=now() + HOUR)
    assert told(db, hook) == 0, "it is open"
    made_earlier(db, sheet)
    moved(db, sheet, now() - 2 * HOUR)
    assert (told(db, hook), told(db, hook)) == (1, 1)
    moved(db, sheet, now() - HOUR)
    assert told(db, hook) == 1, "it was closed all along"
    moved(db, sheet, now() + HOUR)
    assert told(db, hook) == 1, "it is open again"
    db.execute(
        update(ToldClosing)
        .where(ToldClosing.assignment_id == sheet.id)
        .values(told_at=now() - 3 * HOUR)
    )
    moved(db, sheet, now() - HOUR)
    assert (told(db, hook), told(db, hook)) == (2, 2)


def test_a_closing_that_nobody_asked_for_leaves_nothing_to_tell_later(
    db: Session, hooks: Hooks, cast: Cast, course: Course, instructor: Person
) -> None:
    failures = hooks.make(instructor, course, EventType.FAILED)
    sheet = cast.assignment(course, closes_at=now() - HOUR)
    made_earlier(db, sheet)
    assert told(db, failures) == 0
    of_sheet = WebhookEvent.assignment_id == sheet.id
    assert db.scalars(select(WebhookEvent).where(of_sheet)).all() == []
    assert told(db, hooks.make(instructor, course, EventType.CLOSED)) == 0


def test_drafts_archives_copies_of_old_sheets_and_what_never_closes_are_not_told_of(
    db: Session, hooks: Hooks, cast: Cast, course: Course, instructor: Person, admin: Person
) -> None:
    hook = hooks.make(admin, None, EventType.CLOSED)
    before = told(db, hook)
    past = now() - HOUR
    made_earlier(db, cast.assignment(course, closes_at=past, published=False))
    made_earlier(db, cast.assignment(course))
    cast.assignment(course, closes_at=past)
    archived = cast.course()
    sheet = cast.assignment(archived, closes_at=past)
    db.get_one(Course, archived.id).archived_at = now()
    made_earlier(db, sheet)
    assert told(db, hook) == before
