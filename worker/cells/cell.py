"""Owns a cell as the worker uses it: warm, replaced when it is worn or odd, tried anew when odd."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, Self

from graders.evidence import Evidence
from worker.cells import events, session
from worker.cells.company import Company, Nobody
from worker.cells.decode import Decoder
from worker.cells.faults import CellFault, CellUnavailable
from worker.cells.layers import Layers, ask, missing
from worker.cells.limits import Limits

WARM_UP_SECONDS = 40.0
"""How long a cell may take until it is warm, and a submission wait for a child."""
_ATTEMPTS = 3
"""Connections tried for one submission; each may run it."""
_AGAIN_SECONDS = 2.0
"""What a second run may take at least, however long the first one took."""

BuildRequest = Callable[[bytes], tuple[dict[str, Any], bytes]]


class Provider(Protocol):
    """A way to have a cell. `connect` raises OSError when there is none to connect to."""

    def connect(self) -> socket.socket: ...

    def replace(self) -> None:
        """Ends the cell last connected to; the next connection meets a fresh one."""

    def close(self) -> None: ...

    def layers(self) -> Layers:
        """What surrounds the cell, as seen from outside."""

    def complaint(self) -> str:
        """What is known of a cell that did not start."""


class Cell:
    """One warm cell, used by one submission at a time. Open it in the thread that will use it."""

    def __init__(self, provider: Provider, note: events.Note = events.unheard) -> None:
        """`note` is told of replacements."""
        self._provider, self._note = provider, note
        self.runs = 0
        """How often the last submission was run: more than once when the first time was odd."""
        try:
            self.layers = self._layers()
        except BaseException:
            provider.close()
            raise

    def run(
        self,
        build: BuildRequest,
        source: bytes,
        limits: Limits | None = None,
        *,
        name: str = "",
        company: Company | None = None,
    ) -> Evidence:
        """Runs one submission. `build` is a plan's `request`, `name` what a cell's log calls it.

        `company` works while there is nothing to do but wait, and may have heard enough.
        Faults of the submission are in the evidence's ending. Raises CellFault for ours.
        """
        limits, company = limits or Limits(), company or Nobody()
        header, body = build(source)
        header = header | {"name": name}
        fault: Exception | None = None
        runs: list[session.Outcome] = []
        allowed, began, first_s = limits, time.monotonic(), 0.0
        for _ in range(_ATTEMPTS):
            # Answers that are held are lost in a crash; the second run holds none back.
            header["patient"] = not runs
            company.begin()
            request, key = session.pack_request(header, body, allowed, len(source))
            try:
                with self._provider.connect() as stream:
                    session.submit(stream, request, WARM_UP_SECONDS)
                    outcome = session.listen(
                        stream, key, Decoder(header, allowed), allowed, company
                    )
            except (session.NotStarted, session.Lost, OSError) as error:
                fault = error
                self._replace(events.LOST)
                continue
            if allowed.wall_s < first_s and outcome.evidence.ending.kind == "timeout":
                self.runs = len(runs) + 1
                company.begin()
                return _cut_short(runs[0].evidence, outcome.evidence)
            # Sound, or odd in the same way in a fresh cell: then it is the submission's doing.
            confirmed = not outcome.odd or any(_same(outcome, before) for before in runs)
            runs.append(outcome)
            self.runs = len(runs)
            if confirmed:
                return outcome.evidence
            self._replace(events.ODD)
            spent_s = time.monotonic() - began
            allowed, first_s = _rest(limits, spent_s), first_s or spent_s
        if len(runs) == _ATTEMPTS:  # odd each time, in whatever way
            return runs[-1].evidence
        raise CellFault(f"No cell ran the submission to an end: {fault}") from fault

    def _replace(self, why: str) -> None:
        self._note(events.REPLACED[why])
        self._provider.replace()

    def _layers(self) -> Layers:
        """Waits until the cell is warm. Raises CellUnavailable below the floor."""
        try:
            with self._provider.connect() as stream:
                found = ask(stream, WARM_UP_SECONDS) | self._provider.layers()
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
