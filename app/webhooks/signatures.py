"""Owns how deliveries are signed, as Standard Webhooks 1.0.0 has it, and the secrets for that.

A secret is worked out anew whenever it is needed, by a key that is no part of the database. So it
can be shown again, and whoever has a copy of the database can sign nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from app.infrastructure.clock import now
from app.models import WebhookEndpoint
from app.signing import macs

PREFIX = "whsec_"
KEY = "webhook-key"
"""The file that all secrets are worked out from."""


def secret(endpoint: WebhookEndpoint) -> str:
    """What a receiver verifies deliveries by, `whsec_` and base64; raises Unavailable."""
    return PREFIX + base64.b64encode(_key(endpoint, endpoint.secret_number)).decode()


def _key(endpoint: WebhookEndpoint, number: int) -> bytes:
    return macs.derived(KEY, endpoint.id.bytes + number.to_bytes(4))


def keys(endpoint: WebhookEndpoint) -> list[bytes]:
    """The keys that sign now: after a rotation the one before, too, for a while."""
    numbers = [endpoint.secret_number]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now():
        numbers.append(endpoint.secret_number - 1)
    return [_key(endpoint, number) for number in numbers]


def headers(signing: list[bytes], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What says of a body which message it is, when it was sent, and that we sent it."""
    stamp = str(int(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    macs_of_it = [hmac.digest(key, signed, hashlib.sha256) for key in signing]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs_of_it),
    }
