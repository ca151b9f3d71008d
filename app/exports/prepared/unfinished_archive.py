"""Owns a zip archive that is written in several goes, between which only its end is in memory."""

from __future__ import annotations

from io import SEEK_CUR, SEEK_SET, BytesIO, RawIOBase
from zipfile import ZipFile

from app.exports.archives import Member, about


class _End(RawIOBase):
    """A file whose first `start` bytes are elsewhere: they are never read or written again."""

    def __init__(self, start: int, content: bytes) -> None:
        self._start = start
        self._content = BytesIO(content)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._start + self._content.tell()

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        from_start = {SEEK_SET: 0, SEEK_CUR: self.tell()}
        at = from_start.get(whence, self._start + len(self._content.getbuffer())) + offset
        if at < self._start:
            raise OSError("what is before is stored elsewhere")
        self._content.seek(at - self._start)
        return at

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)

    def write(self, data: object) -> int:
        return self._content.write(bytes(data))  # type: ignore[call-overload]

    def truncate(self, size: int | None = None) -> int:
        return self._content.truncate(None if size is None else size - self._start)

    def parted(self, at: int) -> tuple[bytes, bytes]:
        """What is before a place in the file, and what is behind it."""
        whole = self._content.getvalue()
        return whole[: at - self._start], whole[at - self._start :]


class UnfinishedArchive:
    """An archive of which `size` bytes are written; `directory` is what would end it there."""

    def __init__(self, size: int = 0, directory: bytes = b"") -> None:
        self._end = _End(size, directory)
        self._zipped = ZipFile(self._end, "a" if directory else "w")
        self._at = size

    @property
    def added(self) -> int:
        """How many bytes this go has added so far, but for the directory."""
        return self._end.tell() - self._at

    def add(self, member: Member) -> None:
        """Write one file behind the others."""
        with self._zipped.open(about(member), "w", force_zip64=True) as file:
            for piece in member.pieces:
                file.write(piece)

    def close(self) -> tuple[bytes, bytes]:
        """What this go has added, and the directory of all that there is by now."""
        at = self._end.tell()
        self._zipped.close()
        return self._end.parted(at)
