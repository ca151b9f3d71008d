"""Owns the bytes that cross a cell's socket: frames, their MAC, and the record of a child's end.

A frame is two big-endian 4-byte lengths, a header (a JSON object in UTF-8) and a body of raw bytes;
frames from the cell end with a 16-byte MAC.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from _json import make_encoder as c_make_encoder
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


def _program() -> bytes:
    """The source of all that runs in a cell, each file with its name."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    return b"".join(bytes(file.relative_to(folder)) + b"\0" + file.read_bytes() for file in files)


LENGTHS = struct.Struct(">II")
SEQUENCE = struct.Struct(">Q")
MAC_BYTES = 16
KEY_BYTES = 32
BLOCK_BYTES = 128
"""Of BLAKE2b."""
GREETING = hashlib.blake2b(_program(), digest_size=8).digest()
"""What a child says when it has taken a connection: which version of this program it is.

A worker and a cell of different versions (in the middle of an upgrade, say) must not talk: what the
one does not understand of the other would look like a student's fault.
"""
RENEW = b"R"
"""What goes over a cell's control socket to have all its parents replaced, and comes back then."""
WORN, LOST = b"W", b"L"
"""What comes unasked when a parent was replaced that had served its time, or was suddenly gone."""
MORE = b"M"
"""What the worker says after "done" to be told of the probes that give no points, too."""
DIMENSIONS = 16
"""Most dimensions of a tensor that is sent; no exercise has nearly as many."""
RUN_NAME_BYTES = 36
"""Longest name of a run, for the log; a submission's id."""

REQUEST_HEADER_BYTES = 4 << 20
REQUEST_BODY_BYTES = 64 << 20

Send = Callable[..., None]
"""Takes a header, a body and whether the frame may be held; see `sender`."""


class Broken(Exception):
    """The other side sent bytes that are no frame, or went away in the middle of one."""


class Request(NamedTuple):
    """One submission as the worker sent it. `key` and `tensors` are parts of one buffer."""

    header: dict[str, Any]
    key: memoryview
    source: bytes
    tensors: bytes


def keyed(key: bytes | memoryview) -> hashlib.blake2b:
    """The MAC's starting state; neither its attributes nor its memory tell anything of the key.

    A state keeps the last block that it was given until more comes, so a key would lie there as it
    is; two blocks of zeros have it worked in and written over.
    """
    return hashlib.blake2b(bytes(2 * BLOCK_BYTES), key=key, digest_size=MAC_BYTES)


def mac(state: hashlib.blake2b, sequence: int, *parts: bytes | memoryview) -> bytes:
    """The MAC of a frame, over its sequence number and then its parts in order."""
    digest = state.copy()
    digest.update(SEQUENCE.pack(sequence))
    for part in parts:
        digest.update(part)
    return digest.digest()


def _not_plain(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is no plain data")


def sender(descriptor: int, key: bytes | memoryview) -> Send:
    """A function that writes frames to `descriptor`, each with a MAC and its sequence number.

    A frame that may be `held` is sealed and waits for the next one: whoever reads is not woken for
    each. Everything it needs is bound now, down to the encoder's C code, so that what a submission
    patches later changes nothing. It raises OSError when the other side is gone.
    """
    write, pack, seal, view, length = os.write, LENGTHS.pack, mac, memoryview, len
    quote = json.encoder.encode_basestring_ascii
    # Arguments: no cycles kept, fallback, strings, indent, separators, then sort_keys, skipkeys
    # and allow_nan.
    encode = c_make_encoder(None, _not_plain, quote, None, ":", ",", False, False, False)
    state, sequence = keyed(key), 0
    waiting: list[bytes] = []

    def send(header: dict[str, Any], body: bytes = b"", held: bool = False) -> None:
        nonlocal sequence
        text = "".join(encode(header, 0)).encode()
        lengths = pack(length(text), length(body))
        waiting.extend((lengths, text, body, seal(state, sequence, lengths, text, body)))
        sequence += 1
        if held:
            return
        rest = view(b"".join(waiting))
        waiting.clear()
        while rest:
            rest = rest[write(descriptor, rest) :]

    return send


def waiter(descriptor: int) -> Callable[[], bool]:
    """A function that waits for `MORE`: False when the other side hangs up instead."""
    read = os.read
    return lambda: read(descriptor, len(MORE)) == MORE


def _read(descriptor: int, count: int) -> bytearray:
    """Exactly `count` bytes."""
    buffer = bytearray(count)
    view, at = memoryview(buffer), 0
    while at < count:
        got = os.readv(descriptor, [view[at:]])
        if got == 0:
            raise Broken("the connection closed in the middle of a frame")
        at += got
    return buffer


def read_request(descriptor: int) -> Request:
    """The one frame that the worker sends. Raises Broken when it is none, or too large."""
    header_bytes, body_bytes = LENGTHS.unpack(_read(descriptor, LENGTHS.size))
    if header_bytes > REQUEST_HEADER_BYTES or body_bytes > REQUEST_BODY_BYTES:
        raise Broken(f"a request of {header_bytes} + {body_bytes} bytes is too large")
    header = json.loads(_read(descriptor, header_bytes))
    body = memoryview(_read(descriptor, body_bytes))
    end = KEY_BYTES + int(header.get("source", 0))
    if end > body_bytes:
        raise Broken("the body is shorter than the header says")
    return Request(header, body[:KEY_BYTES], bytes(body[KEY_BYTES:end]), bytes(body[end:]))


UNFINISHED = 70
"""Exit code of a child in which the harness raised."""
OUT_OF_MEMORY = 71
"""Exit code of a child in which the submission left the harness no memory to go on with."""


class Exit(NamedTuple):
    """How a child ended, as its parent saw it; the last bytes of every connection."""

    status: int
    """The exit code, or minus the signal that killed the child."""
    overtime: bool
    """Whether the parent killed it because its wall-clock time was over."""
    cpu_us: int
    wall_us: int
    peak_kb: int


EXIT_MARK = (1 << 32) - 1
"""Stands where a frame would have its header's length; no frame is that long."""
EXIT = struct.Struct(">Ii?QQQ")
EXIT_BYTES = EXIT.size + MAC_BYTES
EXIT_SEQUENCE = (1 << 64) - 1


def exit_key(key: bytes | memoryview) -> bytes:
    """The key of the exit record: the parent holds it, and nobody can derive it from MAC states."""
    return hashlib.blake2b(b"exit", key=key, digest_size=KEY_BYTES).digest()


def pack_exit(key: bytes, record: Exit) -> bytes:
    """`EXIT_BYTES` bytes that say how the child ended."""
    data = EXIT.pack(EXIT_MARK, *record)
    return data + mac(keyed(key), EXIT_SEQUENCE, data)


def unpack_exit(key: bytes, data: bytes) -> Exit | None:
    """The exit record in `data`, or None when these bytes are not one under `key`."""
    if len(data) != EXIT_BYTES:
        return None
    record, given = data[: EXIT.size], data[EXIT.size :]
    if mac(keyed(key), EXIT_SEQUENCE, record) != given:
        return None
    return Exit(*EXIT.unpack(record)[1:])
