"""What grades a source in the warm cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.mutation.grading import plan_of
from graders.results.report import Report
from worker.sandbox import Cell

Grade = Callable[..., Report]
POINTS = 10.0


@pytest.fixture(scope="session")
def grade(cell: Cell) -> Grade:
    """Grades a source for some exercises, ten points each."""

    def graded(
        source: bytes | str, slugs: Sequence[str] = COURSE_TEXT, seed: bytes = b"a seed"
    ) -> Report:
        text = source.encode() if isinstance(source, str) else source
        plan = plan_of(slugs, seed)
        evidence = cell.run(plan.requests, text)
        return judge(plan, evidence, dict.fromkeys(slugs, POINTS))

    return graded
