"""Owns the form of what is signed: a compact JWS (RFC 7515) with Ed25519, and JSON inside.

One text, to be kept in a file or sent in a letter. Any JOSE library can check it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.errors import Unprocessable
from app.signing import keys

Statement = Mapping[str, Any]
LONGEST = 50_000
_ALGORITHMS = ["Ed25519"]
_TYPE = "chainrule-statement"
_NOT_ONE = (
    "This is no receipt or result sheet: it should be one long line of letters, digits, hyphens "
    "and underscores, with two points in it. Copy all of it, or choose the file that was saved."
)


@dataclass(frozen=True)
class Opened:
    """A text whose signature is right: what it says, and the key that it was signed with."""

    statement: Statement
    kid: str


def signed(statement: Statement) -> str:
    """The statement with our signature; raises Unavailable where there is no key."""
    key = keys.signing_key()
    header = {"alg": "Ed25519", "kid": key.kid, "typ": _TYPE}
    said = json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode()
    return jws.serialize_compact(header, said, key, algorithms=_ALGORITHMS)


def opened(text: str, known: Mapping[str, OKPKey] | None = None) -> Opened:
    """What a signed text says, if one of the known keys signed it, which are our own by default.

    White space in it does not count, as letters break lines. Raises Unprocessable, Unavailable.
    """
    whole = "".join(text.split())
    if whole.count(".") != 2 or len(whole) > LONGEST or not whole.isascii():
        raise Unprocessable(_NOT_ONE)
    try:
        kid = str(jws.extract_compact(whole.encode()).headers().get("kid"))
    except (JoseError, ValueError, KeyError):
        raise Unprocessable(_NOT_ONE) from None
    key = (keys.public_keys() if known is None else known).get(kid)
    if key is None:
        raise Unprocessable(
            f"This was signed with a key that is not known here ({kid[:40]!r}): another service "
            "gave it, or nobody did."
        )
    return Opened(_content(whole, key), kid)


def _content(text: str, key: OKPKey) -> Statement:
    try:
        said = jws.deserialize_compact(text, key, algorithms=_ALGORITHMS)
        statement = json.loads(said.payload)
    except (JoseError, ValueError):
        raise Unprocessable(
            "The signature does not fit: this is not what the service signed. Something in it was "
            "changed, or a part is missing."
        ) from None
    if said.headers().get("typ") != _TYPE or not isinstance(statement, dict):
        raise Unprocessable(_NOT_ONE)
    return statement
