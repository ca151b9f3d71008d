"""Owns large downloads: made piece by piece while they are sent, and kept whole nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from app.infrastructure import database

Part = TypeVar("Part")
Item = TypeVar("Item")


def read_in_parts(
    parts: Iterable[Part], read: Callable[[Session, Part], Iterable[Item]]
) -> Iterator[Item]:
    """What `read` gives for each part, in a session of its own.

    Whoever takes it in slowly holds no connection to the database meanwhile.
    """
    for part in parts:
        with database.session() as session:
            items = list(read(session, part))
        yield from items


def attachment(
    content: Iterable[str] | Iterable[bytes], media_type: str, name: str
) -> StreamingResponse:
    """An answer that a browser saves under `name`, which has plain letters only."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type=media_type, headers=headers)
