"""Owns one conversation with a cell: send a submission, take what comes, say how it ended."""

from __future__ import annotations

import contextlib
import json
import secrets
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any

from graders.evidence import Ending, Evidence
from graders.outline import Written
from worker.cell import frames
from worker.cells.company import Company
from worker.cells.decode import Decoder
from worker.cells.limits import Limits
from worker.cells.wire import Stream, Violation

GRACE_SECONDS = 2.0
"""How much later than the cell's own clock the outside loses patience."""
_CHUNK = 1 << 18
_MOSTLY = 0.5
"""Of its CPU time: the kernel counts that in ticks, and its report is more exact than its limit."""


class NotStarted(Exception):
    """No child took the submission; nothing of it ran."""


class Lost(Exception):
    """The cell did not say how the run ended, which tells nothing about the submission."""


@dataclass(frozen=True)
class Outcome:
    """What a run gave; `odd` when it may say more about the cell than about the submission."""

    evidence: Evidence
    odd: bool


def pack_request(
    header: dict[str, Any], body: bytes, limits: Limits, source_bytes: int
) -> tuple[bytes, bytes]:
    """The request's bytes and its fresh key."""
    key = secrets.token_bytes(frames.KEY_BYTES)
    whole = header | {"v": 1, "source": source_bytes, "limits": limits.header()}
    text = (
        f"{{{','.join(f'{_json(name)}:{_json(value)}' for name, value in whole.items())}}}".encode()
    )
    lengths = frames.LENGTHS.pack(len(text), len(key) + len(body))
    return b"".join((lengths, text, key, body)), key


def _json(value: object) -> str:
    return value.text if isinstance(value, Written) else json.dumps(value, separators=(",", ":"))


def submit(stream: socket.socket, request: bytes, patience: float) -> None:
    """Sends a request and waits until a child has it. Raises NotStarted."""
    stream.settimeout(patience)
    try:
        stream.sendall(request)
        greeting = stream.recv(len(frames.GREETING))
    except OSError as error:
        raise NotStarted(f"the cell did not answer: {error}") from error
    if not greeting:
        raise NotStarted("the cell closed the connection before it took the submission")
    if greeting != frames.GREETING:
        raise NotStarted("the cell runs another version of its program than this worker")


def listen(
    stream: socket.socket,
    key: bytes,
    decoder: Decoder,
    limits: Limits,
    company: Company,
) -> Outcome:
    """Takes frames until the run is done, breaks the rules, or is over. Raises Lost.

    While nothing comes, `company` works; it says whether the last answers are wanted, too.
    """
    incoming = Stream(key, limits)
    deadline = time.monotonic() + limits.wall_s + GRACE_SECONDS
    taken = 0
    try:
        while data := _receive(stream, deadline, decoder, company):
            for frame in incoming.feed(data):
                decoder.take(frame)
                taken += 1
                if decoder.asks and frame.header["type"] == "done":
                    if company.is_enough(decoder.seen()):
                        return Outcome(decoder.evidence(Ending("done")), odd=False)
                    _ask_for_more(stream)
                if decoder.done:
                    return Outcome(decoder.evidence(Ending("done")), odd=False)
    except Violation as violation:
        return Outcome(decoder.evidence(Ending(violation.kind, str(violation))), odd=True)
    except TimeoutError as error:  # a cell that is well has ended the run before
        raise Lost(f"the cell let it run for more than {limits.wall_s:g} seconds") from error
    except OSError:
        pass  # Reset: the cell went; there is no exit record then.
    record = incoming.exit()
    if record is None:
        raise Lost("the whole cell went down")
    ending = _ending(record, limits)
    # Nothing sent at all: the child hung before it looked at the file, which is no doing of it.
    odd = ending.kind in ("crashed", "memory") or taken == 0
    return Outcome(decoder.evidence(ending), odd)


def _ask_for_more(stream: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is gone; what it left behind is read all the same
        stream.sendall(frames.MORE)


def _receive(stream: socket.socket, deadline: float, decoder: Decoder, company: Company) -> bytes:
    stream.setblocking(False)
    # A look before each step, so that what has come waits for no more than one.
    while True:
        with contextlib.suppress(BlockingIOError):
            return stream.recv(_CHUNK)
        if not company.step(decoder.seen()):
            break
    stream.settimeout(max(0.001, deadline - time.monotonic()))
    return stream.recv(_CHUNK)


def _ending(record: frames.Exit, limits: Limits) -> Ending:
    """What an exit record means, in words for people."""
    if record.overtime:
        return Ending("timeout", f"it ran for more than {limits.wall_s:g} seconds")
    if record.status == -signal.SIGKILL:
        if record.cpu_us >= limits.cpu_s * 1e6 * _MOSTLY:
            return Ending("cpu", f"it computed for more than {limits.cpu_s} seconds")
        return Ending("memory", "the system ended it, most likely for its use of memory")
    if record.status < 0:
        return Ending("crashed", f"the process died of {_signal_name(-record.status)}")
    if record.status == frames.OUT_OF_MEMORY:
        return Ending("memory", f"it used all of the {limits.memory_mb} MB that it may have")
    if record.status == frames.UNFINISHED:
        return Ending("crashed", "the file changed so much of Python that its checks broke down")
    return Ending("crashed", f"the process ended itself with exit code {record.status}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
