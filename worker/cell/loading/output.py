"""Owns what a submission prints: kept up to a limit, counted beyond it, never mixed with frames.

It imports nothing of ours, since its class is in reach of what it captures.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable


class _Capped(io.RawIOBase):
    """Bytes up to a limit; what comes after is dropped."""

    def __init__(self, limit: int):
        self._kept = bytearray()
        self._limit = limit
        self.cut = False

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        room = self._limit - len(self._kept)
        self._kept += view[:room]
        self.cut = self.cut or len(view) > room
        return len(view)

    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


def capture(limit: int) -> Callable[[], tuple[str, bool]]:
    """Sends both standard streams to one buffer of `limit` bytes.

    Returns a function that gives what was printed and whether some of it was dropped.
    """
    raw = _Capped(limit)
    stream = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="replace", write_through=True
    )
    sys.stdout = sys.__stdout__ = stream  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stream  # type: ignore[misc]
    sys.stdin = io.TextIOWrapper(io.BytesIO())

    def printed() -> tuple[str, bool]:
        # The wrapper may be closed or detached by now; what reached the buffer still counts.
        with contextlib.suppress(Exception):
            stream.flush()
        return raw.text(), raw.cut

    return printed
