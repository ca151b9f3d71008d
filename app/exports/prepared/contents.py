"""Owns how each kind of export is written, from any item on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exports import grades, hand_ins
from app.exports.archives import Member
from app.exports.prepared.unfinished_archive import UnfinishedArchive
from app.exports.prepared.wanted import Wanted, What
from app.gradebook import book as gradebook
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.spreadsheets import BYTE_ORDER_MARK, written
from app.models import Export, ExportPart


class Content(Protocol):
    """What one go adds to an export, in memory until it is stored."""

    at_once: int
    """Items that are read together: as many as take a small part of a second."""

    @property
    def added(self) -> int:
        """How many bytes that are by now."""

    def add(self, session: Session, items: Sequence[Any]) -> None:
        """Write what comes next."""

    def end(self, session: Session) -> None:
        """Write what comes behind all items."""

    def close(self) -> tuple[bytes, bytes, bytes]:
        """What this go adds, what it puts aside, and what would end the export here."""


def of(session: Session, actor: Actor, export: Export) -> Content:
    """The content of an export from where it is. Raises NotFound, Forbidden."""
    wanted = Wanted.of(export.what)
    permissions.course(session, actor, export.course_id, wanted.right)
    if wanted.what is What.HAND_INS:
        return _HandIns(export)
    return _Grades(session, actor, export, wanted)


class _HandIns:
    """An archive. The manifest's lines are put aside, for it is a file of the archive itself."""

    at_once = 20

    def __init__(self, export: Export) -> None:
        self._export = export
        self._archive = UnfinishedArchive(export.size, export.directory)
        self._lines: list[str] = []

    @property
    def added(self) -> int:
        return self._archive.added

    def add(self, session: Session, items: Sequence[Any]) -> None:
        numbers = [uuid.UUID(item) for item in items]
        for path, content, moment in hand_ins.files(session, numbers):
            self._archive.add(Member(path, [content], moment))
        _, *lines = written(hand_ins.lines(session, numbers))
        self._lines += lines

    def end(self, session: Session) -> None:
        lines = (line.encode() for line in self._lines)
        titles = "".join(written([hand_ins.COLUMNS])).encode()
        pieces = (titles, *_aside(session, self._export), *lines)
        self._archive.add(Member("manifest.csv", pieces, self._export.asked_at))
        self._lines = []

    def close(self) -> tuple[bytes, bytes, bytes]:
        added, directory = self._archive.close()
        return added, "".join(self._lines).encode(), directory


def _aside(session: Session, export: Export) -> Iterator[bytes]:
    """What was put aside, piece by piece."""
    part = ExportPart
    numbers = session.scalars(
        select(part.number).where(part.export_id == export.id, part.aside).order_by(part.number)
    ).all()
    for number in numbers:
        yield session.scalars(
            select(part.content).where(
                part.export_id == export.id, part.aside, part.number == number
            )
        ).one()


class _Grades:
    """Lines of students as CSV or JSON; who is no longer in the gradebook has none."""

    at_once = 20

    def __init__(self, session: Session, actor: Actor, export: Export, wanted: Wanted) -> None:
        self._book = gradebook.of_course(session, actor, export.course_id, dropped=wanted.dropped)
        self._rows = {row.student.id: row for row in self._book.rows}
        self._wanted = wanted
        self._is_first = export.size == 0
        self._pieces: list[bytes] = []
        self.added = 0

    def add(self, session: Session, items: Sequence[Any]) -> None:
        rows = [self._rows[student] for student in items if student in self._rows]
        lines = grades.lines(session, self._book, rows, by_exercise=True)
        text = self._json(lines) if self._wanted.what is What.GRADES_JSON else self._csv(lines)
        self._say(text)

    def _csv(self, lines: Iterator[grades.Line]) -> str:
        mark, *rows = written((line.cells() for line in lines), self._wanted.habit)
        if self._is_first:
            rows = [*written([grades.COLUMNS], self._wanted.habit), *rows]
        assert mark == BYTE_ORDER_MARK
        return "".join(rows)

    def _json(self, lines: Iterator[grades.Line]) -> str:
        objects = [json.dumps(line.to_json(), ensure_ascii=False) for line in lines]
        if not objects:
            return ""
        return ("[\n" if self._is_first else ",\n") + ",\n".join(objects)

    def end(self, session: Session) -> None:
        if self._is_first:
            self.add(session, [])
        if self._wanted.what is What.GRADES_JSON:
            self._say("[]\n" if self._is_first else "\n]\n")

    def _say(self, text: str) -> None:
        if text:
            self._is_first = False
            self._pieces.append(text.encode())
            self.added += len(self._pieces[-1])

    def close(self) -> tuple[bytes, bytes, bytes]:
        return b"".join(self._pieces), b"", b""
