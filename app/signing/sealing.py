"""Owns what the service keeps for itself and for nobody who reads the database: sealed texts.

They are JWE (RFC 7516), AES-256 in GCM, under a key of their own each. The key from which those are
worked out is a file beside those of receipts; without it nothing that was sealed can be opened.
"""

from __future__ import annotations

import hashlib
import hmac

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.signing import keys

_KEY = "sealing-key"
_HEADER = {"alg": "dir", "enc": "A256GCM"}
LARGEST = 1_500_000
"""The bytes that can be sealed."""


class _Registry(jwe.JWERegistry):
    """Opens what is as large as what we seal; what others send may have 64 KB alone."""

    max_ciphertext_length = 4 * LARGEST // 3 + 4


_registry = _Registry()


def sealed(name: bytes, content: bytes) -> bytes:
    """What opens again by this name alone, of at most LARGEST bytes; raises Unavailable."""
    assert len(content) <= LARGEST
    return jwe.encrypt_compact(_HEADER, content, _key(name)).encode()


def opened(name: bytes, given: bytes) -> bytes | None:
    """What was sealed by this name, or None where it was not with today's key.

    Raises Unavailable.
    """
    try:
        return jwe.decrypt_compact(given, _key(name), registry=_registry).plaintext
    except (JoseError, ValueError):
        return None


def _key(name: bytes) -> OctKey:
    return OctKey.import_key(hmac.digest(keys.secret(_KEY), name, hashlib.sha256))
