"""A secret is rotated without a message being lost: for a day the old one signs as well."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from standardwebhooks import Webhook, WebhookVerificationError

from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Course, WebhookEndpoint
from app.settings import settings
from app.webhooks import endpoints, signatures
from tests.support.cast import Person
from tests.webhooks.conftest import Hook, Hooks


def rotated(db: Session, by: Person, hook: Hook, *, at_once: bool = False) -> str:
    endpoints.rotate(db, Actor(by.user), hook.id, at_once=at_once)
    db.commit()
    return hook.secret


def sent(db: Session, by: Person, hook: Hook, number: int = 1) -> dict[str, str]:
    endpoints.send_test(db, Actor(by.user), hook.id)
    db.commit()
    message = hook.come(number)[-1]
    return {"body": message.body.decode(), **message.headers}


def knows(secret: str, message: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(message["body"], message)
    except WebhookVerificationError:
        return False
    return True


def test_both_secrets_verify_while_a_secret_rotates_and_then_the_new_one_alone(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    old = hook.secret
    new = rotated(db, instructor, hook)
    both = sent(db, instructor, hook)
    assert old != new
    assert (knows(old, both), knows(new, both)) == (True, True)
    assert len(both["webhook-signature"].split()) == 2
    of_hook = update(WebhookEndpoint).where(WebhookEndpoint.id == hook.id)
    db.execute(of_hook.values(old_secret_until=now()))
    db.commit()
    after = sent(db, instructor, hook, 2)
    assert (knows(old, after), knows(new, after)) == (False, True)


def test_a_secret_that_leaked_ends_at_once(
    db: Session, hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    old = hook.secret
    new = rotated(db, instructor, hook, at_once=True)
    message = sent(db, instructor, hook)
    assert (knows(old, message), knows(new, message)) == (False, True)


def test_each_endpoint_has_its_own_secret_of_the_length_that_the_standard_asks_for(
    hooks: Hooks, course: Course, instructor: Person
) -> None:
    one, other = (hooks.make(instructor, course).secret for _ in range(2))
    assert one != other
    assert one.startswith("whsec_")
    assert 24 <= len(Webhook(one)._whsecret) <= 64


def test_secrets_stay_where_all_password_links_are_ended(
    hooks: Hooks, course: Course, instructor: Person
) -> None:
    hook = hooks.make(instructor, course)
    secret = hook.secret
    (settings().receipt_key_folder / "link-key").unlink(missing_ok=True)
    assert hook.secret == secret
    assert (settings().receipt_key_folder / signatures.KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("table", ["webhook_endpoints", "audit_entries"])
def test_no_secret_is_in_the_database(
    db: Session, hooks: Hooks, course: Course, instructor: Person, table: str
) -> None:
    hook = hooks.make(instructor, course)
    secret = rotated(db, instructor, hook).removeprefix("whsec_")
    assert db.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.id == hook.id))
    dump = db.scalar(text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
    assert secret not in dump
