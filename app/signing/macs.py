"""Owns what the service works out again whenever it is needed, by keys that are files: MACs.

The keys lie beside those of receipts, outside the database, so that a copy of that opens nothing.
Without a file there is a new key at the next use, and nothing that was made with the old one is
known any more; each is for one thing, so that ending that ends nothing else.
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
    return derived(_KEY, purpose.encode() + b"\0" + message)[:BYTES]


def derived(key: str, message: bytes) -> bytes:
    """A secret of 32 bytes, by the key in the file of this name; raises Unavailable."""
    return hmac.digest(keys.secret(key), message, hashlib.sha256)


def fits(purpose: str, message: bytes, given: bytes) -> bool:
    """Whether `given` is the MAC of a message; raises Unavailable."""
    return hmac.compare_digest(mac(purpose, message), given)
