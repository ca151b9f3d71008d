"""What grades a source in the warm cell, judging beside the run as a worker does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from graders.exercises import COURSE_TEXT
from graders.incremental import IncrementalJudge
from graders.model.evidence import Evidence
from graders.model.exercise import DEFAULT_RUBRIC
from graders.mutation.grading import plan_of
from graders.probes.plan import Plan
from graders.results.report import Report
from worker.sandbox import Cell

Grade = Callable[..., Report]
POINTS = 10.0


class Judging:
    """The judge of one submission, without the bounds that a worker sets.

    Of a file in which nothing is wrong, what gives no points is not asked.
    """

    pause_s = math.inf

    def __init__(self, plan: Plan, slugs: Sequence[str]) -> None:
        self._plan, self._points = plan, dict.fromkeys(slugs, POINTS)
        self.begin()

    def begin(self) -> None:
        """Forgets what was judged of a run that begins anew."""
        self._judge = IncrementalJudge(self._plan, self._points, DEFAULT_RUBRIC)

    def step(self, seen: Evidence) -> bool:
        """Judges the next exercise, if its answers are in."""
        return self._judge.step(seen)

    def is_enough(self, seen: Evidence) -> bool:
        """Whether nothing is wrong."""
        return self._judge.is_enough(seen)

    def report(self, evidence: Evidence) -> Report:
        """The verdict."""
        return self._judge.report(evidence)


@pytest.fixture(scope="session")
def grade(cell: Cell) -> Grade:
    """Grades a source for some exercises, ten points each."""

    def graded(
        source: bytes | str, slugs: Sequence[str] = COURSE_TEXT, seed: bytes = b"a seed"
    ) -> Report:
        text = source.encode() if isinstance(source, str) else source
        plan = plan_of(slugs, seed)
        judging = Judging(plan, slugs)
        return judging.report(cell.run(plan.requests, text, observer=judging))

    return graded
