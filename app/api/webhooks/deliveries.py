"""Owns the routes about what was sent to an endpoint of webhooks, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.paging import Paged
from app.api.routing import Caller, errors, router
from app.api.views import View
from app.api.webhooks.endpoints import WebhookId
from app.http.dependencies import Db
from app.models import DeliveryState, EventType, WebhookDelivery
from app.webhooks import deliveries, endpoints, outbox

DeliveryId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The delivery's number.")]


class TryView(View):
    """One time that a delivery was sent."""

    at: datetime
    took_ms: int
    status: int | None = Field(description="What was answered; null where nothing was.")
    said: str = Field(description="The first of the answer, or why there was none.")


class DeliveryView(View):
    """Something that happened, on its way to an endpoint."""

    id: int
    webhook_id: str = Field(description="The header of that name, by which receivers know it.")
    type: EventType
    happened_at: datetime
    state: DeliveryState = Field(description="`failed`: given up.")
    due_at: datetime | None = Field(description="When it is tried next; null once it is settled.")
    settled_at: datetime | None
    tries: list[TryView]

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> Self:
        """A delivery with its log."""
        waits = delivery.state is DeliveryState.WAITING
        return cls(
            id=delivery.id,
            webhook_id=outbox.message_id(delivery.event),
            type=EventType(delivery.event.type),
            happened_at=delivery.event.at,
            state=delivery.state,
            due_at=delivery.due_at if waits else None,
            settled_at=delivery.settled_at,
            tries=[TryView.model_validate(one) for one in delivery.log],
        )


class Replay(BaseModel):
    """What is to be sent again."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime = Field(description="Of what happened then or later, with its offset.")


class ReplayedView(BaseModel):
    """What is sent again."""

    number: int = Field(description="How many deliveries.")


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    tags=["webhooks"],
    summary="What was sent to a webhook",
    responses=errors(403, 404, 409),
)
def list_deliveries(
    webhook_id: WebhookId,
    actor: Caller,
    session: Db,
    pager: Paged,
    state: Annotated[DeliveryState | None, Query(description="Only in this state.")] = None,
) -> list[DeliveryView]:
    """Of the last 30 days, the newest first, with each try.

    Scopes: `courses:write`, `webhooks:write`.
    """
    found = deliveries.log(
        session, actor, webhook_id, pager.size + 1, before=pager.number, state=state
    )
    page = found[: pager.size]
    if len(found) > len(page):
        pager.link_next([str(page[-1].id)])
    return [DeliveryView.of(one) for one in page]


@router.post(
    "/webhooks/{webhook_id}/tests",
    tags=["webhooks"],
    summary="Send a test to a webhook",
    status_code=202,
    responses=errors(400, 403, 404, 409, 413),
)
def test_webhook(webhook_id: WebhookId, actor: Caller, session: Db) -> DeliveryView:
    """A message of the type `webhook.test`, which tells of nothing; the list says what came of it.

    Scopes: `courses:write`, `webhooks:write`.
    """
    made = endpoints.send_test(session, actor, webhook_id)
    session.commit()
    return DeliveryView.of(made)


@router.post(
    "/webhooks/{webhook_id}/replays",
    tags=["webhooks"],
    summary="Send all that failed again",
    status_code=202,
    responses=errors(400, 403, 404, 409, 413),
)
def replay_failed(
    webhook_id: WebhookId, wanted: Replay, actor: Caller, session: Db
) -> ReplayedView:
    """What was given up and happened since then, each with the same `webhook-id` as before.

    Scopes: `courses:write`, `webhooks:write`.
    """
    number = deliveries.replay_failed(session, actor, webhook_id, wanted.since)
    session.commit()
    return ReplayedView(number=number)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replays",
    tags=["webhooks"],
    summary="Send one delivery again",
    status_code=202,
    responses=errors(400, 403, 404, 409, 413),
)
def replay_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, actor: Caller, session: Db
) -> DeliveryView:
    """With the same `webhook-id`; one that waits for its next try is sent now.

    Scopes: `courses:write`, `webhooks:write`.
    """
    found = deliveries.replay(session, actor, webhook_id, delivery_id)
    session.commit()
    return DeliveryView.of(found)
