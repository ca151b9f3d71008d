"""Owns one run of a submission: through as many attempts as it takes, and on after a stop.

Whoever hangs or crashes in one exercise has lost that one. The rest is asked of a fresh child,
which is not asked about that exercise again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graders.model.evidence import Evidence, Loaded
from worker.sandbox import lifecycle, session
from worker.sandbox.limits import Limits

ATTEMPTS = 3
"""Connections tried for one run; each may run the file."""
_AGAIN_SECONDS = 2.0
"""What a second run may take at least, however long the first one took."""
_STOPS = frozenset({"timeout", "cpu", "memory", "crashed"})
"""Endings after which the rest is asked; the others are those of a file that breaks the rules."""
_LEAST_SECONDS = 0.25
"""With less time than this nobody goes on."""


class Run:
    """One of the two runs of a submission."""

    def __init__(self, kind: int, header: dict[str, Any], body: bytes) -> None:
        self.kind, self.header, self.body = kind, header, body
        self.talk: session.Conversation | None = None
        self.fault: Exception | None = None
        self.outcomes: list[session.Outcome] = []
        self.count = 0
        """How often the file was run in all."""
        self.settled: Evidence | None = None
        self._before: Evidence | None = None
        self._stopped: set[str] = set()

    def settle(self, last: bool, shorter: bool) -> str:
        """Takes the outcome of an attempt: sound, or odd in the same way in a fresh cell, it is the
        submission's doing, and so is one that was odd each time. One that had a `shorter` time than
        the first may not show how that ended. Says why the cell is to be replaced, if it is."""
        talk, self.talk = self.talk, None
        if talk is None or talk.outcome is None:
            self.fault = (talk.lost if talk is not None else None) or self.fault
            return lifecycle.LOST
        outcome = talk.outcome
        self.count += 1
        if shorter and self.outcomes and outcome.evidence.ending.kind == "timeout":
            self.settled = self._all(_cut_short(self.outcomes[0].evidence, outcome.evidence))
            self.outcomes.append(outcome)
            return ""
        confirmed = not outcome.odd or any(_same(outcome, before) for before in self.outcomes)
        self.outcomes.append(outcome)
        if confirmed or (last and len(self.outcomes) == ATTEMPTS):
            self.settled = self._all(outcome.evidence)
        return "" if confirmed else lifecycle.ODD

    def seen(self) -> Evidence:
        """What is known of it so far."""
        if self.settled:
            return self.settled
        now = self.talk.decoder.seen() if self.talk is not None else Evidence(None, None)
        return self._all(now)

    def go_on(self) -> bool:
        """After a stop, turns to what is left without the exercise in which it was; False when
        nothing is left, or the run was not stopped."""
        found = self.settled
        if found is None or not found.stops or self.outcomes[-1].evidence.ending.kind not in _STOPS:
            return False
        self._stopped |= {_slug(probe_id) for probe_id in found.stops}
        left = [one for one in self._unanswered(found) if _slug(one["id"]) not in self._stopped]
        if not left:
            return False
        # What calls a stopped exercise's entry, too, may stop there again, and so comes last.
        left.sort(key=lambda one: any(step["entry"] in self._stopped for step in one["steps"]))
        more = [one for one in self.header["more"] if _slug(one["id"]) not in self._stopped]
        self.header = self.header | {"probes": left, "more": more}
        self._before, self.settled = replace(found, went_on=True), None
        self.outcomes = []
        return True

    def _unanswered(self, found: Evidence) -> Iterator[dict[str, Any]]:
        """The probes that were to be run, and were not."""
        for one in self.header["probes"]:
            if one["id"] not in found.probes and _is_there(one, found.loaded):
                yield one

    def _all(self, now: Evidence) -> Evidence:
        """What was seen before, and now; where it was stopped is known when it is over."""
        before = self._before or now
        ending = now.ending if before is now else before.ending
        whole = replace(before, probes={**before.probes, **now.probes}, ending=ending)
        if now.ending.kind == "done" or now.loaded is None:
            return whole
        here = next(self._unanswered(whole), None)
        return replace(whole, stops={**whole.stops, here["id"]: now.ending}) if here else whole


class Clock:
    """How long a submission may go on: the time of a run, and after stops as much again in all."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._began = limits, time.monotonic()
        self.first_s = 0.0
        """How long the first run took that has to be run again."""
        self.allowed = limits
        self._until = self._began + limits.wall_s

    def again(self) -> None:
        """The same is run again: with what is left of the time, or else little."""
        spent_s = time.monotonic() - self._began
        self.first_s = self.first_s or spent_s
        least_s = min(_AGAIN_SECONDS, self._limits.wall_s)
        self.allowed = replace(self._limits, wall_s=max(least_s, self._limits.wall_s - spent_s))

    def stopped(self) -> None:
        """The first stop was met: now the time begins for all that comes after stops."""
        self._until = time.monotonic() + self._limits.wall_s

    def go_on(self) -> bool:
        """Gives half of the time that is left to what comes next; False when it is over."""
        left_s = (self._until - time.monotonic()) / 2
        self._limits = replace(self._limits, wall_s=left_s)
        self._began, self.first_s, self.allowed = time.monotonic(), 0.0, self._limits
        return left_s >= _LEAST_SECONDS


def _slug(probe_id: str) -> str:
    return str(probe_id).partition("/")[0]


def _is_there(probe: dict[str, Any], loaded: Loaded | None) -> bool:
    entries = loaded.entries if loaded else {}
    return all((one := entries.get(step["entry"])) and one.found for step in probe["steps"])


def _cut_short(first: Evidence, second: Evidence) -> Evidence:
    """What two runs showed, of which the second had too little time to show how the first ended."""
    fuller = max(first, second, key=lambda evidence: len(evidence.probes))
    return replace(fuller, ending=first.ending)


def _same(one: session.Outcome, other: session.Outcome) -> bool:
    return one.evidence.ending.kind == other.evidence.ending.kind
