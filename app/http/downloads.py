"""Owns large downloads: made piece by piece while they are sent, and kept whole nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from app.exports import hand_ins as collected
from app.exports.archives import Member, archive
from app.exports.hand_ins import Collection
from app.exports.prepared import asking
from app.exports.prepared.wanted import Wanted
from app.infrastructure import database
from app.infrastructure.spreadsheets import written
from app.models import Export

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


def prepared(export: Export, numbers: Sequence[int]) -> StreamingResponse:
    """An export that is made, part by part."""
    wanted = Wanted.of(export.what)
    parts = read_in_parts(numbers, lambda session, number: asking.part(session, export.id, number))
    answer = attachment(parts, wanted.media_type, wanted.file_name(export.course))
    answer.headers["content-length"] = str(export.size)
    return answer


def hand_ins(found: Collection) -> StreamingResponse:
    """A zip of hand-ins. Their manifest comes first, so that it is there however far one gets."""
    return attachment(archive(_members(found)), "application/zip", found.file_name)


def _members(found: Collection) -> Iterator[Member]:
    rows = read_in_parts(found.lines(), collected.lines)
    manifest = (text.encode() for text in written(collected.with_titles(rows)))
    yield Member("manifest.csv", manifest, found.moment)
    for path, content, moment in read_in_parts(found.files(), collected.files):
        yield Member(path, [content], moment)
