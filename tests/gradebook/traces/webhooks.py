"""Owns the part of the table of traces that is about webhooks."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import DeliveryState, EventType, WebhookDelivery, WebhookEvent
from tests.gradebook.traces.scene import Scene

NEW = {"url": "https://lms.example.edu/hook", "title": "The LMS", "events": ["grade.changed"]}
HOOK = "/webhooks/{webhook_id}"


def make(s: Scene) -> httpx.Response:
    return s.instructor.api.post(f"{s.at}/webhooks", json=NEW)


def made(s: Scene) -> str:
    return f"/webhooks/{make(s).json()['id']}"


def failed(s: Scene) -> tuple[str, int]:
    """A webhook, and a delivery to it that was given up."""
    hook = make(s).json()["id"]
    with database.session() as session:
        event = WebhookEvent(type=EventType.TEST.value)
        lost = WebhookDelivery(event=event, endpoint_id=hook, state=DeliveryState.FAILED)
        session.add(lost)
        session.commit()
    return f"/webhooks/{hook}", lost.id


def by_page(s: Scene, part: str, **typed: str) -> httpx.Response:
    here = made(s)
    return s.press(here, here + part, **typed)


def by_api(s: Scene, part: str, **sent: object) -> httpx.Response:
    return s.instructor.api.post(made(s) + part, json=sent)


def replay_one(s: Scene, client: httpx.Client, part: str) -> httpx.Response:
    hook, number = failed(s)
    return client.post(f"{hook}/deliveries/{number}/{part}")


TRACED: dict[tuple[str, str], Callable[[Scene], httpx.Response]] = {
    ("POST", "/courses/{course_id}/webhooks"): lambda s: s.press(
        f"{s.at}/webhooks", f"{s.at}/webhooks", url="https://lms.example.edu", title="The LMS"
    ),
    ("POST", HOOK): lambda s: by_page(s, "", title="Another"),
    ("POST", HOOK + "/rotate"): lambda s: by_page(s, "/rotate"),
    ("POST", HOOK + "/delete"): lambda s: by_page(s, "/delete"),
    ("POST", HOOK + "/replay"): lambda s: s.instructor.web.post(f"{failed(s)[0]}/replay"),
    ("POST", HOOK + "/deliveries/{delivery_id}/replay"): lambda s: replay_one(
        s, s.instructor.web, "replay"
    ),
    ("POST", "/api/v1/courses/{course_id}/webhooks"): make,
    ("PATCH", f"/api/v1{HOOK}"): lambda s: s.patch(made(s), title="Another"),
    ("DELETE", f"/api/v1{HOOK}"): lambda s: s.instructor.api.delete(made(s)),
    ("POST", f"/api/v1{HOOK}/rotations"): lambda s: by_api(s, "/rotations"),
    ("POST", f"/api/v1{HOOK}/replays"): lambda s: s.instructor.api.post(
        f"{failed(s)[0]}/replays", json={"since": (now().replace(year=2020)).isoformat()}
    ),
    ("POST", f"/api/v1{HOOK}/deliveries/{{delivery_id}}/replays"): lambda s: replay_one(
        s, s.instructor.api, "replays"
    ),
}
