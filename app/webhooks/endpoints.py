"""Owns endpoints: made, changed, given another secret, tried out and deleted, by who may."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Conflict, NotFound, Unprocessable
from app.identity import site_permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Course, EventType, WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.models.field_limits import wrong_length
from app.webhooks import addresses, outbox

MOST = 10
"""Of one course, or of the site."""
BOTH_SIGN = timedelta(hours=24)
"""How long the old secret signs beside the new one."""
CHOICES = tuple(kind for kind in EventType if kind is not EventType.TEST)
_DELETED_AT_ONCE = 2_000
_FORM = ("url", "title", "events", "enabled")


@dataclass(frozen=True)
class EndpointDraft:
    """An endpoint as it is to be."""

    url: str
    title: str
    events: Collection[str]
    enabled: bool = True

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> Self:
        """An endpoint as it is."""
        return cls(endpoint.url, endpoint.title, endpoint.events, endpoint.enabled)

    def errors(self) -> dict[str, str]:
        """What is wrong with it, by field; empty when nothing is."""
        said = {
            "title": wrong_length("title", self.title)
            or (None if self.title else "Give it a title, such as whose system it is."),
            "url": wrong_length("url", self.url) or addresses.wrong(self.url),
            "events": None if self.events else "Choose at least one thing to be told of.",
        }
        unknown = sorted(set(self.events) - set(CHOICES))
        if unknown:
            said["events"] = f"Nobody is told of {', '.join(unknown)}; of {', '.join(CHOICES)}."
        return {field: words for field, words in said.items() if words}

    def facts(self) -> dict[str, Any]:
        """The same for the log, without what may be a secret: path and query of the address."""
        parts = urlsplit(self.url)
        return {
            "to": f"{parts.scheme}://{parts.netloc}",
            "title": self.title,
            "events": sorted(self.events),
            "enabled": self.enabled,
        }


def of(session: Session, actor: Actor, course_id: int | None) -> list[WebhookEndpoint]:
    """The endpoints of a course, or of the site, the oldest first; raises NotFound, Forbidden."""
    site_permissions.require_webhooks(session, actor, course_id, of_archived=True)
    rows = select(WebhookEndpoint).where(_of(course_id))
    return list(session.scalars(rows.order_by(WebhookEndpoint.made_at, WebhookEndpoint.id)))


def _of(course_id: int | None) -> Any:
    return WebhookEndpoint.course_id.is_not_distinct_from(course_id)


def found(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """An endpoint, for who looks after it, also in an archived course; raises NotFound, Forbidden.

    What waited when the course was archived is still sent, and a secret may leak afterwards.
    """
    endpoint = session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise NotFound("There is no such webhook, or it is not yours to see.")
    site_permissions.require_webhooks(session, actor, endpoint.course_id, of_archived=True)
    return endpoint


def require_open(session: Session, actor: Actor, endpoint: WebhookEndpoint) -> None:
    """Raise Conflict where an endpoint's course is archived."""
    site_permissions.require_webhooks(session, actor, endpoint.course_id)


def make(
    session: Session, actor: Actor, course_id: int | None, draft: EndpointDraft
) -> WebhookEndpoint:
    """A new endpoint; raises NotFound, Forbidden, Conflict where there are many, Unprocessable."""
    site_permissions.require_webhooks(session, actor, course_id)
    _check(draft)
    course = select(Course.id).where(Course.id == course_id)
    session.execute(course.with_for_update(key_share=True))  # two at once are counted in turn
    number = session.scalar(select(func.count()).where(_of(course_id))) or 0
    if number >= MOST:
        where = "The site" if course_id is None else "This course"
        raise Conflict(f"{where} has {number} webhooks already; delete one that is needless.")
    made = WebhookEndpoint(
        course_id=course_id,
        url=draft.url,
        title=draft.title,
        events=sorted(draft.events),
        enabled=draft.enabled,
        made_by_id=actor.user.id,
    )
    session.add(made)
    session.flush()
    _record(session, actor, made, Action.WEBHOOK_MADE, after=draft.facts())
    return made


def _check(draft: EndpointDraft) -> None:
    if wrong := draft.errors():
        raise Unprocessable(" ".join(["Nothing was changed.", *wrong.values()]), errors=wrong)


def version(endpoint: WebhookEndpoint) -> str:
    """What a form that changes it is filled in from."""
    return versions.of_facts({name: getattr(endpoint, name) for name in _FORM})


def change(
    session: Session,
    actor: Actor,
    endpoint_id: uuid.UUID,
    wanted: EndpointDraft,
    *,
    seen: str | None = None,
) -> WebhookEndpoint:
    """Have an endpoint be as it is wanted; what waits for it goes to where it is then.

    `seen` is the version that the actor has seen. In an archived course one may be disabled, and no
    more. Raises NotFound, Forbidden, Conflict, Stale, Unprocessable.
    """
    endpoint = _held(session, actor, endpoint_id)
    versions.require_current(seen, version(endpoint), f"the webhook {endpoint.title!r}")
    _check(wanted)
    if not _only_disables(endpoint, wanted):
        require_open(session, actor, endpoint)
    before = EndpointDraft.of(endpoint).facts()
    has_moved = endpoint.url != wanted.url
    if has_moved or not endpoint.enabled:
        endpoint.failures = 0
        outbox.hasten(session, endpoint.id, timedelta())
    endpoint.url, endpoint.title = wanted.url, wanted.title
    endpoint.events = sorted(wanted.events)
    if endpoint.enabled != wanted.enabled:
        endpoint.enabled, endpoint.disabled_because = wanted.enabled, ""
    was, is_now = audit.difference(before, wanted.facts())
    if has_moved:
        is_now["address"] = "another one"
    if is_now:
        _record(session, actor, endpoint, Action.WEBHOOK_CHANGED, before=was, after=is_now)
    session.flush()
    return endpoint


def _only_disables(endpoint: WebhookEndpoint, wanted: EndpointDraft) -> bool:
    is_same = (wanted.url, wanted.title) == (endpoint.url, endpoint.title)
    return is_same and set(wanted.events) == set(endpoint.events) and not wanted.enabled


def _held(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    endpoint = found(session, actor, endpoint_id)
    session.refresh(endpoint, with_for_update={"key_share": True})
    return endpoint


def rotate(session: Session, actor: Actor, endpoint_id: uuid.UUID, *, at_once: bool) -> None:
    """Sign with another secret from now on; the old one signs as well for BOTH_SIGN.

    With `at_once` it does not: somebody else has it. Raises as `change` does.
    """
    endpoint = _held(session, actor, endpoint_id)
    endpoint.secret_number += 1
    endpoint.old_secret_until = None if at_once else now() + BOTH_SIGN
    after = {"title": endpoint.title, "old secret ended": at_once}
    _record(session, actor, endpoint, Action.WEBHOOK_SECRET, after=after)
    session.flush()


def send_test(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookDelivery:
    """Have a message sent that tells of nothing; raises Conflict where it is disabled."""
    endpoint = _held(session, actor, endpoint_id)
    require_open(session, actor, endpoint)
    if not endpoint.enabled:
        raise Conflict("This webhook is disabled, so nothing was sent. Enable it first.")
    facts = {"webhook": {"id": str(endpoint.id), "title": endpoint.title}}
    event = WebhookEvent(type=EventType.TEST.value, facts=facts)
    made = WebhookDelivery(event=event, endpoint_id=endpoint.id)
    session.add(made)
    session.flush()
    return made


def delete(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Delete an endpoint with its log; what waits for it is not sent. Raises as `change` does."""
    endpoint = _held(session, actor, endpoint_id)
    before = EndpointDraft.of(endpoint).facts()
    _record(session, actor, endpoint, Action.WEBHOOK_DELETED, before=before)
    while _delete_some(session, endpoint):
        pass
    session.delete(endpoint)
    session.flush()
    return endpoint


def _delete_some(session: Session, endpoint: WebhookEndpoint) -> bool:
    """Delete so many deliveries that it takes no long statement; whether there may be more.

    What is being sent stays until the endpoint goes, or whoever sends it would wait.
    """
    some = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.lease.is_(None))
        .order_by(WebhookDelivery.id)
        .limit(_DELETED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    gone = delete_rows(WebhookDelivery).where(WebhookDelivery.id.in_(some.scalar_subquery()))
    done = session.execute(
        gone.returning(WebhookDelivery.id).execution_options(synchronize_session=False)
    )
    return len(done.all()) == _DELETED_AT_ONCE


def _record(
    session: Session, actor: Actor, endpoint: WebhookEndpoint, action: Action, **facts: Any
) -> None:
    audit.record(session, actor, action, course_id=endpoint.course_id, **facts)
