"""Owns what a form was filled in from: a version of the rows, to be seen again when it is sent.

A version is made of what the rows hold, so that whatever changes them changes it, a page, the
command line or the database's own shell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import inspect

from app.errors import Stale
from app.models import Base


def of(*rows: Base, but: Collection[str] = ()) -> str:
    """The version of some rows together, `but` for columns that no form is about."""
    return _digest(
        (column.key, getattr(row, column.key))
        for row in rows
        for column in inspect(row).mapper.column_attrs
        if column.key not in but
    )


def of_facts(facts: Mapping[str, Any]) -> str:
    """The version of something that is not all of a row."""
    return _digest(facts.items())


def _digest(pairs: Iterable[tuple[str, Any]]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for name, value in pairs:
        if isinstance(value, datetime):
            value = value.astimezone(UTC)
        digest.update(f"{name}={value!r};".encode(errors="surrogatepass"))
    return digest.hexdigest()


def require_current(seen: str | None, now: str, what: str, by_now: str = "") -> None:
    """Raise Stale where a form was filled in from another version; None is whoever saw none.

    `by_now` says how it is instead.
    """
    if seen is not None and seen != now:
        said = f"Somebody else has changed {what} meanwhile, so nothing was saved."
        raise Stale(f"{said} {by_now}".strip())
