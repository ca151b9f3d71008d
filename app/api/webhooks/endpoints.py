"""Owns the routes about endpoints of webhooks: of a course, and of the site."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self

from fastapi import Depends, Header, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.api.changes import Text, check_match
from app.api.routing import Caller, CourseId, errors, router, unkept_answer
from app.api.views import Links, View, link
from app.http.dependencies import Db
from app.models import EventType, WebhookEndpoint
from app.webhooks import deliveries, endpoints, signatures
from app.webhooks.deliveries import Numbers
from app.webhooks.endpoints import EndpointDraft

WebhookId = Annotated[uuid.UUID, Path(description="The webhook's id.")]
IfMatch = Annotated[
    str | None, Header(description="The `ETag` that it came with when it was read. Needed.")
]
_EVENTS = "What is told: some of " + ", ".join(f"`{kind}`" for kind in endpoints.CHOICES) + "."


class NewWebhook(BaseModel):
    """A webhook that is to be."""

    model_config = ConfigDict(extra="forbid")

    url: Text = Field(description="https, of a host on the open internet.")
    title: Text = Field(description="For people, such as whose system it is.")
    events: list[Text] = Field(
        default=list(endpoints.CHOICES), max_length=20, description=_EVENTS, validate_default=True
    )
    enabled: bool = True


class WebhookChange(BaseModel):
    """What is to be another than it is; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Text = ""
    title: Text = ""
    events: list[Text] = Field(default=[], max_length=20, description=_EVENTS)
    enabled: bool = True


class DeliveryNumbers(View):
    """How many deliveries of the last 30 days are in which state."""

    waiting: int
    delivered: int
    failed: int = Field(description="Given up after ten tries, or as the receiver was gone.")


class WebhookView(View):
    """An endpoint, as who looks after it sees it."""

    id: uuid.UUID
    course_id: int | None = Field(description="Null: of the site, and told of all courses.")
    url: str
    title: str
    events: list[EventType]
    enabled: bool
    disabled_because: str = Field(description="Why the service disabled it; else empty.")
    failures: int = Field(description="How many tries in a row were not taken.")
    old_secret_until: datetime | None = Field(description="Until when the old secret signs, too.")
    made_at: datetime
    deliveries: DeliveryNumbers
    links: Links

    @classmethod
    def of(cls, endpoint: WebhookEndpoint, numbers: Numbers) -> Self:
        """An endpoint, and how it went of late."""
        here = f"/api/v1/webhooks/{endpoint.id}"
        names = cls.model_fields.keys() - {"deliveries", "links"}
        return cls(
            **{name: getattr(endpoint, name) for name in names},
            deliveries=DeliveryNumbers.model_validate(numbers),
            links={"deliveries": link(f"{here}/deliveries"), "secret": link(f"{here}/secret")},
        )


class SecretView(BaseModel):
    """What deliveries are verified by."""

    secret: str = Field(description="`whsec_` and base64, as libraries for webhooks take it.")
    old_secret_until: datetime | None = Field(description="Until when the old one signs, too.")


class Rotation(BaseModel):
    """How a secret is replaced."""

    model_config = ConfigDict(extra="forbid")

    at_once: bool = Field(
        default=False, description="End the old one now, as somebody else has it; else in a day."
    )


def _all(session: Session, found: Iterable[WebhookEndpoint]) -> list[WebhookView]:
    some = list(found)
    numbers = deliveries.numbers(session, some)
    return [WebhookView.of(one, numbers[one.id]) for one in some]


def _shown(session: Session, endpoint: WebhookEndpoint, response: Response) -> WebhookView:
    (view,) = _all(session, [endpoint])
    response.headers["etag"] = _etag(endpoint, view)
    return view


def _etag(endpoint: WebhookEndpoint, view: WebhookView) -> str:
    """A tag that begins with what can be changed; deliveries change by themselves."""
    whole = hashlib.blake2b(view.model_dump_json().encode(), digest_size=12).hexdigest()
    return f'"{endpoints.version(endpoint)}.{whole}"'


@router.get(
    "/courses/{course_id}/webhooks",
    tags=["webhooks"],
    summary="A course's webhooks",
    responses=errors(403, 404, 409),
)
def list_webhooks(course_id: CourseId, actor: Caller, session: Db) -> list[WebhookView]:
    """Ten at most, the oldest first. Scopes: `courses:write`, `webhooks:write`."""
    return _all(session, endpoints.of(session, actor, course_id))


@router.post(
    "/courses/{course_id}/webhooks",
    tags=["webhooks"],
    summary="Make a webhook of a course",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def make_webhook(
    course_id: CourseId, new: NewWebhook, actor: Caller, session: Db, response: Response
) -> WebhookView:
    """It is told of what happens from now on. Its secret is at `links.secret`.

    Scopes: `courses:write`, `webhooks:write`.
    """
    return _made(session, actor, course_id, new, response)


@router.get("/webhooks", tags=["webhooks"], summary="The site's webhooks", responses=errors(403))
def list_site_webhooks(actor: Caller, session: Db) -> list[WebhookView]:
    """Those that are told of all courses; for site administrators. Scope: `webhooks:write`."""
    return _all(session, endpoints.of(session, actor, None))


@router.post(
    "/webhooks",
    tags=["webhooks"],
    summary="Make a webhook of the site",
    status_code=201,
    responses=errors(400, 403, 409, 413),
)
def make_site_webhook(
    new: NewWebhook, actor: Caller, session: Db, response: Response
) -> WebhookView:
    """It is told of all courses; for site administrators. Scope: `webhooks:write`."""
    return _made(session, actor, None, new, response)


def _made(
    session: Db, actor: Caller, course_id: int | None, new: NewWebhook, response: Response
) -> WebhookView:
    draft = EndpointDraft(new.url.strip(), new.title.strip(), new.events, new.enabled)
    made = endpoints.make(session, actor, course_id, draft)
    session.commit()
    response.headers["location"] = f"/api/v1/webhooks/{made.id}"
    return _shown(session, made, response)


@router.get(
    "/webhooks/{webhook_id}",
    tags=["webhooks"],
    summary="One webhook",
    responses=errors(403, 404, 409),
)
def show_webhook(
    webhook_id: WebhookId, actor: Caller, session: Db, response: Response
) -> WebhookView:
    """Where it goes, and how it went of late. Scopes: `courses:write`, `webhooks:write`."""
    return _shown(session, endpoints.found(session, actor, webhook_id), response)


@router.patch(
    "/webhooks/{webhook_id}",
    tags=["webhooks"],
    summary="Change, disable or enable a webhook",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_webhook(
    webhook_id: WebhookId,
    change: WebhookChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> WebhookView:
    """What waits for it goes to where it is then. A disabled one is told of nothing new; what
    waits for it is sent when it is enabled. Scopes: `courses:write`, `webhooks:write`."""
    endpoint = endpoints.found(session, actor, webhook_id)
    version = endpoints.version(endpoint)
    check_match(if_match, _etag(endpoint, _all(session, [endpoint])[0]), version)
    given = {name: getattr(change, name) for name in change.model_fields_set}
    wanted = replace(EndpointDraft.of(endpoint), **given)
    changed = endpoints.change(session, actor, webhook_id, wanted, seen=version)
    session.commit()
    return _shown(session, changed, response)


@router.delete(
    "/webhooks/{webhook_id}",
    tags=["webhooks"],
    summary="Delete a webhook",
    status_code=204,
    responses=errors(403, 404, 409),
)
def delete_webhook(webhook_id: WebhookId, actor: Caller, session: Db) -> Response:
    """With its log; what waits for it is not sent. Scopes: `courses:write`, `webhooks:write`."""
    endpoints.delete(session, actor, webhook_id)
    session.commit()
    return Response(status_code=204)


@router.get(
    "/webhooks/{webhook_id}/secret",
    tags=["webhooks"],
    summary="A webhook's secret",
    responses=errors(403, 404, 409),
    dependencies=[Depends(unkept_answer)],
)
def show_secret(webhook_id: WebhookId, actor: Caller, session: Db) -> SecretView:
    """For the receiver alone. Scopes: `courses:write`, `webhooks:write`."""
    endpoint = endpoints.found(session, actor, webhook_id)
    return SecretView(
        secret=signatures.secret(endpoint), old_secret_until=endpoint.old_secret_until
    )


@router.post(
    "/webhooks/{webhook_id}/rotations",
    tags=["webhooks"],
    summary="Replace a webhook's secret",
    responses=errors(400, 403, 404, 409, 413),
)
def rotate_secret(
    webhook_id: WebhookId, wanted: Rotation, actor: Caller, session: Db, response: Response
) -> WebhookView:
    """The new one is at `links.secret`, and signs from now on.

    The old one signs as well for 24 hours, or not `at_once`.
    Scopes: `courses:write`, `webhooks:write`.
    """
    endpoints.rotate(session, actor, webhook_id, at_once=wanted.at_once)
    session.commit()
    return _shown(session, endpoints.found(session, actor, webhook_id), response)
