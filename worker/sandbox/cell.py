"""Owns a cell as the worker uses it: warm, replaced when it is worn or odd, tried anew when odd."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, Self

from graders.model.evidence import Evidence
from graders.probes.plan import Request
from worker.sandbox import lifecycle, session
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.defences import Defences, ask, missing
from worker.sandbox.faults import CellFault, CellUnavailable
from worker.sandbox.interleaving import NoObserver, Observer
from worker.sandbox.limits import Limits

WARM_UP_SECONDS = 40.0
"""How long a cell may take until it is warm, and a submission wait for a child."""
_ATTEMPTS = 3
"""Connections tried for one submission; each may run it."""
_AGAIN_SECONDS = 2.0
"""What a second run may take at least, however long the first one took."""

BuildRequests = Callable[[bytes, bool], tuple[Request, Request]]
ORDINARY, DIRECT = 0, 1
"""The two runs of a submission, in the order of its requests: with PyTorch as it is, and without
autograd."""


class Provider(Protocol):
    """A way to have a cell. `connect` raises OSError when there is none to connect to."""

    def connect(self, kind: int) -> socket.socket:
        """A connection to a child for an `ORDINARY` or a `DIRECT` run."""

    def replace(self) -> None:
        """Ends the cell last connected to; the next connection meets a fresh one."""

    def close(self) -> None: ...

    def defences(self) -> Defences:
        """What surrounds the cell, as seen from outside."""

    def complaint(self) -> str:
        """What is known of a cell that did not start."""


class Cell:
    """One warm cell, used by one submission at a time. Open it in the thread that will use it."""

    def __init__(
        self, provider: Provider, listener: lifecycle.Listener = lifecycle.unheard
    ) -> None:
        """`listener` is told of replacements."""
        self._provider, self._listener = provider, listener
        self.runs = 0
        """How often the last submission was run: more than once when the first time was odd."""
        try:
            self.defences = self._defences()
        except BaseException:
            provider.close()
            raise

    def run(
        self,
        build: BuildRequests,
        source: bytes,
        limits: Limits | None = None,
        *,
        name: str = "",
        observer: Observer | None = None,
    ) -> Evidence:
        """Runs one submission, ordinarily and directly, side by side.

        `build` is a plan's `requests`, `name` what a cell's log calls it.

        `observer` works while there is nothing to do but wait, and may have heard enough.
        Faults of the submission are in the evidence's ending. Raises CellFault for ours.
        """
        limits, observer = limits or Limits(), observer or NoObserver()
        recorded = self.defences.get("without_autograd") is not True
        runs = [_Run(kind, *one) for kind, one in enumerate(build(source, recorded))]
        allowed, began, first_s = limits, time.monotonic(), 0.0
        for number in range(_ATTEMPTS):
            observer.begin()
            with ExitStack() as streams:
                left = [one for one in runs if not one.settled]
                talks = self._begin(left, allowed, name, streams)
                session.listen(talks, observer, lambda: _together(runs, recorded))
            shorter = allowed.wall_s < first_s
            reasons = {one.settle(number == _ATTEMPTS - 1, shorter) for one in left} - {""}
            if reasons:
                self._replace(lifecycle.LOST if lifecycle.LOST in reasons else lifecycle.ODD)
            self.runs = max(len(one.outcomes) for one in runs)
            if all(one.settled for one in runs):
                return _together(runs, recorded)
            if any(one.outcomes for one in runs if not one.settled):
                spent_s = time.monotonic() - began
                allowed, first_s = _rest(limits, spent_s), first_s or spent_s
        fault = next(one.fault for one in runs if one.fault)
        raise CellFault(f"No cell ran the submission to an end: {fault}") from fault

    def _begin(
        self, runs: list[_Run], limits: Limits, name: str, streams: ExitStack
    ) -> list[session.Conversation]:
        """Connects to a child for each run and hands it over; gives those that began."""
        for one in reversed(runs):  # the direct run takes longer, so it begins first
            # Answers that are held are lost in a crash; the second run holds none back.
            header = one.header | {"name": name, "patient": not one.outcomes}
            request, key = session.pack_request(header, one.body, limits)
            try:
                stream = streams.enter_context(self._provider.connect(one.kind))
                session.submit(stream, request, WARM_UP_SECONDS)
            except (session.NotStarted, OSError) as error:
                one.fault, one.talk = error, None
                continue
            decoder = Decoder(one.header, limits)
            one.fault, one.talk = None, session.Conversation(stream, key, decoder, limits)
        return [one.talk for one in runs if one.talk is not None]

    def _replace(self, why: str) -> None:
        self._listener(lifecycle.REPLACED[why])
        self._provider.replace()

    def _defences(self) -> Defences:
        """Waits until the cell is warm. Raises CellUnavailable below the floor."""
        try:
            with self._provider.connect(ORDINARY) as stream:
                found = ask(stream, WARM_UP_SECONDS) | self._provider.defences()
        except (session.NotStarted, OSError) as error:
            why = self._provider.complaint() or str(error)
            raise CellUnavailable(f"No cell could be started: {why}") from error
        if lacking := missing(found):
            raise CellUnavailable(
                "The cell started, but student code would not be shut in well enough: "
                + "; ".join(lacking)
            )
        return found

    def close(self) -> None:
        """Ends the cell and everything in it."""
        self._provider.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self.close()


class _Run:
    """One of the two runs of a submission, through as many attempts as it takes."""

    def __init__(self, kind: int, header: dict[str, Any], body: bytes) -> None:
        self.kind, self.header, self.body = kind, header, body
        self.talk: session.Conversation | None = None
        self.fault: Exception | None = None
        self.outcomes: list[session.Outcome] = []
        self.settled: Evidence | None = None

    def settle(self, last: bool, shorter: bool) -> str:
        """Takes the outcome of an attempt: sound, or odd in the same way in a fresh cell, it is the
        submission's doing, and so is one that was odd each time. One that had a `shorter` time than
        the first may not show how that ended. Says why the cell is to be replaced, if it is."""
        talk, self.talk = self.talk, None
        if talk is None or talk.outcome is None:
            self.fault = (talk.lost if talk is not None else None) or self.fault
            return lifecycle.LOST
        outcome = talk.outcome
        if shorter and self.outcomes and outcome.evidence.ending.kind == "timeout":
            self.settled = _cut_short(self.outcomes[0].evidence, outcome.evidence)
            self.outcomes.append(outcome)
            return ""
        confirmed = not outcome.odd or any(_same(outcome, before) for before in self.outcomes)
        self.outcomes.append(outcome)
        if confirmed or (last and len(self.outcomes) == _ATTEMPTS):
            self.settled = outcome.evidence
        return "" if confirmed else lifecycle.ODD

    def seen(self) -> Evidence:
        """What is known of it so far."""
        if self.settled:
            return self.settled
        return self.talk.decoder.seen() if self.talk is not None else Evidence(None, None)


def _together(runs: list[_Run], recorded: bool) -> Evidence:
    ordinary, direct = (one.seen() for one in runs)
    return replace(ordinary, direct=direct, recorded=recorded)


def _rest(limits: Limits, spent_s: float) -> Limits:
    """What another run may take: what is left of the time, or else little."""
    rest_s = max(min(_AGAIN_SECONDS, limits.wall_s), limits.wall_s - spent_s)
    return replace(limits, wall_s=rest_s)


def _cut_short(first: Evidence, second: Evidence) -> Evidence:
    """What two runs showed, of which the second had too little time to show how the first ended."""
    fuller = max(first, second, key=lambda evidence: len(evidence.probes))
    return replace(fuller, ending=first.ending)


def _same(one: session.Outcome, other: session.Outcome) -> bool:
    return one.evidence.ending.kind == other.evidence.ending.kind
