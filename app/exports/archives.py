"""Owns zip archives that are made while they are sent: whatever is in them, little is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import RawIOBase
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Before it a zip knows no time."""


@dataclass(frozen=True)
class Member:
    """One file of an archive, in pieces. Its path is relative and has plain letters only."""

    path: str
    pieces: Iterable[bytes]
    moment: datetime


class _Sink(RawIOBase):
    """Where the archive is written: kept until somebody takes it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._written.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._written = b"".join(self._written), []
        return taken


def archive(members: Iterable[Member]) -> Iterator[bytes]:
    """A zip of the members, each read when its turn comes."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as zipped:
        for member in members:
            with zipped.open(about(member), "w", force_zip64=True) as file:
                for piece in member.pieces:
                    file.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def about(member: Member) -> ZipInfo:
    """What the archive says of a file besides its content."""
    found = ZipInfo(member.path, _time(member.moment))
    found.compress_type, found.external_attr = ZIP_DEFLATED, 0o644 << 16
    return found


def _time(moment: datetime) -> tuple[int, int, int, int, int, int]:
    at = max(moment.astimezone(UTC), _EARLIEST)
    return at.year, at.month, at.day, at.hour, at.minute, at.second
