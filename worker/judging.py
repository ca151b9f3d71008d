"""Owns the bounds of judging: whatever came out of a cell, it costs seconds, and a short report.

Evidence that goes beyond them is a fault of ours: the judge is meant to be quick with all that a
cell may send.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from types import FrameType
from typing import Any

from pydantic_core import to_json

from graders.incremental import IncrementalJudge
from graders.model.evidence import Evidence
from graders.model.exercise import DEFAULT_RUBRIC
from graders.probes.plan import Plan

SECONDS = 10.0
"""A hundred times what judging a whole course takes on a busy machine."""
BYTES = 4 << 20
"""Of a report as JSON; a plain one has a hundredth of that."""
PAUSE_S = 0.3
"""What is judged is told no earlier, and no more often: most files are graded by then."""
Tell = Callable[[list[dict[str, Any]]], None]
_AGAIN_S, _LEAST_S = 1.0, 0.001
_AT_ONCE = 10
"""Probes that are got ready in one step, which takes about a millisecond."""


class OutOfBounds(Exception):
    """Judging took too long, or made too much of it."""


class Judging:
    """The judge of one submission, who works while it runs; in the main thread.

    While the cell works, what is expected gets ready, and each exercise is judged when its answers
    are in. Of a run that takes its time, `tell` hears the reports on exercises as they come, in
    JSON. Everything here raises OutOfBounds.
    """

    pause_s = PAUSE_S

    def __init__(
        self,
        plan: Plan,
        points: Mapping[str, float],
        rubric: Mapping[str, float] = DEFAULT_RUBRIC,
        tell: Tell | None = None,
    ):
        self._plan, self._points, self._rubric, self._tell = plan, points, rubric, tell
        self._told_at = time.monotonic()
        self._ahead = plan.prepared()
        self._seconds = SECONDS
        self.begin()

    def begin(self) -> None:
        """Forgets what was judged: a run begins, perhaps anew."""
        self._incremental = IncrementalJudge(self._plan, self._points, self._rubric)
        self._told: set[str] = set()

    def step(self, seen: Evidence) -> bool:
        """Judges an exercise or gets some probes ready; False when there is nothing to do."""
        with self._bounded():
            worked = self._incremental.step(seen) or bool([*islice(self._ahead, _AT_ONCE)])
        if not worked and self._tell and time.monotonic() - self._told_at >= PAUSE_S:
            self._tell_of(seen, self._tell)
        return worked

    def _tell_of(self, seen: Evidence, tell: Tell) -> None:
        """Tells what is judged by now, and was not told."""
        with self._bounded():
            reports = [one.to_json() for one in self._incremental.so_far(seen, self._told)]
            is_short = len(to_json(reports)) <= BYTES
        self._told |= {one["slug"] for one in reports}
        if reports and is_short:
            tell(reports)
        self._told_at = time.monotonic()

    def is_enough(self, seen: Evidence) -> bool:
        """Whether nothing is wrong: then nobody needs to be shown where."""
        with self._bounded():
            return self._incremental.is_enough(seen)

    def report(self, evidence: Evidence) -> dict[str, Any]:
        """The report as JSON."""
        with self._bounded():
            report = self._incremental.report(evidence).to_json()
            size = len(to_json(report))
        if size > BYTES:
            raise OutOfBounds(f"the report has {size} bytes")
        return report

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Bounds what runs inside by what is left of all the time there is for one submission."""
        began = time.monotonic()
        with _bounded(self._seconds):
            yield
        self._seconds = max(_LEAST_S, self._seconds - (time.monotonic() - began))


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raises OutOfBounds in what runs inside, once it has taken too long.

    And again: where Python happens to be when a signal comes, an exception may be lost.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfBounds(f"judging took more than {SECONDS:g} seconds")

    handler = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
