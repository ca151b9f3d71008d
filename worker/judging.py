"""Owns the bounds of judging: whatever came out of a cell, it costs seconds, and a short report.

Evidence that goes beyond them is a fault of ours: the judge is meant to be quick with all that a
cell may send.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from graders.evidence import Evidence
from graders.exercise import DEFAULT_RUBRIC
from graders.judge import judge
from graders.plan import Plan

SECONDS = 10.0
"""A hundred times what judging a whole course takes on a busy machine."""
LETTERS = 4 << 20
"""Of a report as JSON; a plain one has a hundredth of that."""
_AGAIN_S = 1.0


class OutOfBounds(Exception):
    """Judging took too long, or made too much of it."""


def judged(
    plan: Plan,
    evidence: Evidence,
    points: Mapping[str, float],
    rubric: Mapping[str, float] = DEFAULT_RUBRIC,
) -> dict[str, Any]:
    """The report on one submission as JSON; in the main thread. Raises OutOfBounds."""
    with _bounded():
        report = judge(plan, evidence, points, rubric).to_json()
        letters = len(json.dumps(report, ensure_ascii=False))
    if letters > LETTERS:
        raise OutOfBounds(f"the report has {letters} letters")
    return report


@contextmanager
def _bounded() -> Iterator[None]:
    """Raises OutOfBounds in what runs inside, once it has taken too long.

    And again: where Python happens to be when a signal comes, an exception may be lost.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfBounds(f"judging took more than {SECONDS:g} seconds")

    handler = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, SECONDS, _AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
