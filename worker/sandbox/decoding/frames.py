"""Owns reading hostile bytes: from a stream to whole, authentic, well-formed frames."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, NoReturn

from worker.cell import protocol
from worker.sandbox.limits import Limits

HEADER_BYTES = 1 << 20


class Violation(Exception):
    """Bytes that no honest cell sends; `kind` is the ending they make of the run."""

    kind = "malformed"


class Forged(Violation):
    """A frame that was not sealed with this submission's key, or not in this place."""

    kind = "forged"


class TooMuch(Violation):
    """More bytes than one submission may send."""

    kind = "output"


class Frame:
    """One authentic frame: `header` is a JSON object, `body` the bytes its tensors lie in."""

    __slots__ = ("body", "header")

    def __init__(self, header: dict[str, Any], body: bytes) -> None:
        self.header, self.body = header, body


class Stream:
    """The bytes of one connection, in whatever pieces they come."""

    def __init__(self, key: bytes, limits: Limits) -> None:
        self._state: hashlib.blake2b = protocol.keyed(key)
        self._exit_key = protocol.exit_key(key)
        self._limits = limits
        self._buffer = bytearray()
        self._sequence = self._total = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that these bytes complete. Raises a Violation at the first bad one."""
        self._total += len(data)
        if self._total > self._limits.total_bytes:
            raise TooMuch(f"more than {self._limits.total_bytes} bytes came out of the cell")
        self._buffer += data
        while (size := self._next_size()) is not None:
            raw = bytes(self._buffer[:size])
            del self._buffer[:size]
            yield self._open(raw)

    def _next_size(self) -> int | None:
        """Bytes of the next frame, when all of them are here and it is a frame at all."""
        if len(self._buffer) < protocol.LENGTHS.size:
            return None
        header, body = protocol.LENGTHS.unpack_from(self._buffer)
        if header == protocol.EXIT_MARK:
            return None
        if header > HEADER_BYTES or header + body > self._limits.frame_bytes:
            raise Violation(f"a frame of {header} + {body} bytes is too large")
        size = int(protocol.LENGTHS.size + header + body + protocol.MAC_BYTES)
        return size if len(self._buffer) >= size else None

    def _open(self, raw: bytes) -> Frame:
        sealed, given = raw[: -protocol.MAC_BYTES], raw[-protocol.MAC_BYTES :]
        if not hmac.compare_digest(protocol.mac(self._state, self._sequence, sealed), given):
            raise Forged(f"frame {self._sequence} was not written by the cell")
        self._sequence += 1
        header_bytes, _ = protocol.LENGTHS.unpack_from(sealed)
        start = protocol.LENGTHS.size
        header = parse(sealed[start : start + header_bytes])
        return Frame(header, sealed[start + header_bytes :])

    def exit(self) -> protocol.Exit | None:
        """The record of the child's end, once the stream is over; None when there is none.

        A child that died in the middle of a frame leaves a piece of it in front of the record.
        """
        return protocol.unpack_exit(self._exit_key, bytes(self._buffer[-protocol.EXIT_BYTES :]))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_no_constant)


def parse(text: bytes) -> dict[str, Any]:
    """A JSON object, or a Violation, whatever the bytes are."""
    try:
        value = _JSON.decode(text.decode())
    except (ValueError, RecursionError, MemoryError) as error:
        raise Violation(f"a header is no JSON: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise Violation("a header is no JSON object")
    return value
