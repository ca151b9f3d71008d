"""Owns a cell as the worker uses it: warm, replaced when it is worn or odd, tried anew when odd."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Protocol, Self

from graders.model.evidence import Evidence
from graders.model.places import places
from graders.probes.plan import Request
from worker.sandbox import lifecycle, session
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.defences import Defences, ask, missing
from worker.sandbox.faults import CellFault, CellUnavailable
from worker.sandbox.interleaving import NoObserver, Observer
from worker.sandbox.limits import Limits
from worker.sandbox.runs import ATTEMPTS, Clock, Run

WARM_UP_SECONDS = 150.0
"""How long a cell may take until it is warm; four seconds are usual where nobody else is busy."""
CHILD_SECONDS = 40.0
"""How long a submission may wait for a child, also where the cell has just been replaced."""

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
        After a stop the rest is run without the exercise in which it was, with as much time again
        in all. Faults of the submission are in the evidence's ending and stops. Raises CellFault
        for ours.
        """
        limits, observer = limits or Limits(), observer or NoObserver()
        recorded = self.defences.get("without_autograd") is not True
        runs = [Run(kind, *one) for kind, one in enumerate(build(source, recorded))]
        clock = Clock(limits)

        where = places(source.decode("utf-8", "replace"))

        def seen() -> Evidence:
            return replace(_together(runs, recorded), places=where)

        self._settle(runs, clock, name, observer, seen)
        clock.stopped()
        while sum(one.go_on() for one in runs) and clock.go_on():  # each may have been stopped
            self._settle(runs, clock, name, observer, seen)
        return seen()

    def _settle(
        self,
        runs: list[Run],
        clock: Clock,
        name: str,
        observer: Observer,
        seen: Callable[[], Evidence],
    ) -> None:
        """Runs those that are not settled until they are. Raises CellFault."""
        for number in range(ATTEMPTS):
            observer.begin()
            left = [one for one in runs if not one.settled]
            with ExitStack() as streams:
                talks = self._begin(left, clock.allowed, name, streams)
                session.listen(talks, observer, seen)
            shorter = clock.allowed.wall_s < clock.first_s
            reasons = {one.settle(number == ATTEMPTS - 1, shorter) for one in left} - {""}
            if reasons:
                self._replace(lifecycle.LOST if lifecycle.LOST in reasons else lifecycle.ODD)
            self.runs = max(one.count for one in runs)
            if all(one.settled for one in runs):
                return
            if any(one.outcomes for one in runs if not one.settled):
                clock.again()
        fault = next(one.fault for one in runs if one.fault)
        raise CellFault(f"No cell ran the submission to an end: {fault}") from fault

    def _begin(
        self, runs: list[Run], limits: Limits, name: str, streams: ExitStack
    ) -> list[session.Conversation]:
        """Connects to a child for each run and hands it over; gives those that began."""
        for one in reversed(runs):  # the direct run takes longer, so it begins first
            # Answers that are held are lost in a crash; the second run holds none back.
            header = one.header | {"name": name, "patient": not one.outcomes}
            request, key = session.pack_request(header, one.body, limits)
            try:
                stream = streams.enter_context(self._provider.connect(one.kind))
                session.submit(stream, request, CHILD_SECONDS)
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


def _together(runs: list[Run], recorded: bool) -> Evidence:
    ordinary, direct = (one.seen() for one in runs)
    return replace(ordinary, direct=direct, recorded=recorded)
