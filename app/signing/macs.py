"""Owns what only the service itself has to know again: a MAC under a key that is a file.

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
    key = keys.secret(_KEY)
    digest = hmac.digest(key, purpose.encode() + b"\0" + message, hashlib.sha256)
    return digest[:BYTES]


def fits(purpose: str, message: bytes, given: bytes) -> bool:
    """Whether `given` is the MAC of a message; raises Unavailable."""
    return hmac.compare_digest(mac(purpose, message), given)
