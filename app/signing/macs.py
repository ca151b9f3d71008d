"""Owns what the service works out again whenever it is needed, by a key that is a file: MACs.

The key lies beside those of receipts, outside the database, so that a copy of that opens nothing.
Without the file there is a new key at the next use, and nothing that was made with the old one is
known any more.
"""

from __future__ import annotations

import hashlib
import hmac

from app.signing import keys

_KEY = "link-key"
BYTES = 20


def mac(purpose: str, message: bytes) -> bytes:
    """BYTES bytes that nobody has for this message without the key; raises Unavailable.

    `purpose` parts messages of one kind from those of another.
    """
    return derived(purpose, message)[:BYTES]


def derived(purpose: str, message: bytes) -> bytes:
    """A secret of 32 bytes for somebody else, which need be kept nowhere; raises Unavailable."""
    key = keys.secret(_KEY)
    return hmac.digest(key, purpose.encode() + b"\0" + message, hashlib.sha256)


def fits(purpose: str, message: bytes, given: bytes) -> bool:
    """Whether `given` is the MAC of a message; raises Unavailable."""
    return hmac.compare_digest(mac(purpose, message), given)
