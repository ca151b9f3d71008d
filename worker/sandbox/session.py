"""Owns conversations with a cell: send a submission, take what comes, say how it ended."""

from __future__ import annotations

import contextlib
import json
import secrets
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graders.model.evidence import Ending, Evidence
from graders.probes.template import Written, WrittenTable
from worker.cell import protocol
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.decoding.frames import Stream, Violation
from worker.sandbox.interleaving import Observer
from worker.sandbox.limits import Limits

GRACE_SECONDS = 2.0
"""How much later than the cell's own clock the outside loses patience."""
_CHUNK = 1 << 18
_WRITTEN = (Written, WrittenTable)
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


def pack_request(header: dict[str, Any], body: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """The request's bytes and its fresh key."""
    key = secrets.token_bytes(protocol.KEY_BYTES)
    whole = header | {"v": 1, "limits": limits.header()}
    text = (
        f"{{{','.join(f'{_json(name)}:{_json(value)}' for name, value in whole.items())}}}".encode()
    )
    lengths = protocol.LENGTHS.pack(len(text), len(key) + len(body))
    return b"".join((lengths, text, key, body)), key


def _json(value: object) -> str:
    return value.text if isinstance(value, _WRITTEN) else json.dumps(value, separators=(",", ":"))


def submit(stream: socket.socket, request: bytes, patience: float) -> None:
    """Sends a request and waits until a child has it. Raises NotStarted."""
    stream.settimeout(patience)
    try:
        stream.sendall(request)
        greeting = stream.recv(len(protocol.GREETING))
    except OSError as error:
        raise NotStarted(f"the cell did not answer: {error}") from error
    if not greeting:
        raise NotStarted("the cell closed the connection before it took the submission")
    if greeting != protocol.GREETING:
        raise NotStarted("the cell runs another version of its program than this worker")


class Conversation:
    """One run in one child, from the request it has taken to its outcome."""

    def __init__(self, stream: socket.socket, key: bytes, decoder: Decoder, limits: Limits) -> None:
        self.stream, self.decoder = stream, decoder
        self.outcome: Outcome | None = None
        self.lost: Lost | None = None
        self.waits = False
        """Whether all that gives points is told, and the child waits to be asked for more."""
        self.deadline = time.monotonic() + limits.wall_s + GRACE_SECONDS
        self._limits, self._incoming, self._taken = limits, Stream(key, limits), 0
        stream.setblocking(False)

    @property
    def is_over(self) -> bool:
        return self.outcome is not None or self.lost is not None

    def take(self) -> bool:
        """Takes what has come; whether anything had."""
        try:
            data = self.stream.recv(_CHUNK)
        except BlockingIOError:
            if time.monotonic() > self.deadline:  # a cell that is well has ended the run before
                seconds = f"{self._limits.wall_s:g} seconds"
                self.lost = Lost(f"the cell let it run for more than {seconds}")
            return False
        except OSError:
            data = b""  # reset: the cell went; there is no exit record then
        if not data:
            self._end()
            return True
        try:
            self._feed(data)
        except Violation as violation:
            self.outcome = self._outcome(Ending(violation.kind, str(violation)), odd=True)
        return True

    def _feed(self, data: bytes) -> None:
        for frame in self._incoming.feed(data):
            self.decoder.take(frame)
            self._taken += 1
            if self.decoder.asks and frame.header["type"] == "done":
                self.waits = True
            if self.decoder.done:
                self.outcome = self._outcome(Ending("done"), odd=False)
                return

    def answer(self, more: bool) -> None:
        """Asks for what gives no points, or is done; late, there is nobody left to ask."""
        self.waits = False
        if not more or time.monotonic() > self.deadline - GRACE_SECONDS:
            self.outcome = self._outcome(Ending("done"), odd=False)
            return
        with contextlib.suppress(OSError):  # it is gone; what it left behind is read all the same
            self.stream.sendall(protocol.MORE)

    def _end(self) -> None:
        if self.decoder.asks:  # all that gives points is told
            self.outcome = self._outcome(Ending("done"), odd=False)
            return
        record = self._incoming.exit()
        if record is None:
            self.lost = Lost("the whole cell went down")
            return
        ending = _ending(record, self._limits)
        # Nothing sent at all: the child hung before it looked at the file, which is no doing of it.
        odd = ending.kind in ("crashed", "memory") or self._taken == 0
        self.outcome = self._outcome(ending, odd)

    def _outcome(self, ending: Ending, odd: bool) -> Outcome:
        return Outcome(self.decoder.evidence(ending), odd)


def listen(talks: Sequence[Conversation], observer: Observer, seen: Callable[[], Evidence]) -> None:
    """Takes frames until each run is done, breaks the rules, or is over.

    While nothing comes, `observer` works with what was `seen`; it says whether the last answers are
    wanted, too.
    """
    while open_ones := [one for one in talks if not one.is_over]:
        if all(one.waits for one in open_ones):
            more = any(one.lost or _is_bad(one.outcome) for one in talks) or not observer.is_enough(
                seen()
            )
            for one in open_ones:
                one.answer(more)
            continue
        # A look before each step, so that what has come waits for no more than one.
        talking = [one for one in open_ones if not one.waits]
        came = [one.take() for one in talking]
        if not any(came) and not observer.step(seen()):
            _wait(talking, observer.pause_s)


def _is_bad(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.evidence.ending.kind != "done"


def _wait(talks: Sequence[Conversation], most_s: float) -> None:
    """Waits until something comes, or the first of them is late, or so many seconds are over."""
    patience = min(min(one.deadline for one in talks) - time.monotonic(), most_s)
    poll = select.poll()
    for one in talks:
        if not one.is_over:
            poll.register(one.stream, select.POLLIN)
    poll.poll(max(1.0, patience * 1000))


def _ending(record: protocol.Exit, limits: Limits) -> Ending:
    """What an exit record means, in words for people."""
    if record.overtime:
        return Ending("timeout", f"it ran for more than {limits.wall_s:g} seconds")
    if record.status == -signal.SIGKILL:
        if record.cpu_us >= limits.cpu_s * 1e6 * _MOSTLY:
            return Ending("cpu", f"it computed for more than {limits.cpu_s} seconds")
        return Ending("memory", "the system ended it, most likely for its use of memory")
    if record.status < 0:
        return Ending("crashed", f"the process died of {_signal_name(-record.status)}")
    if record.status == protocol.OUT_OF_MEMORY:
        return Ending("memory", f"it used all of the {limits.memory_mb} MB that it may have")
    if record.status == protocol.UNFINISHED:
        return Ending("crashed", "the file changed so much of Python that its checks broke down")
    return Ending("crashed", f"the process ended itself with exit code {record.status}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
