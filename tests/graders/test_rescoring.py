"""Other points for a stored report are what the judge would give for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import from_json, to_json

from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.judging.rescoring import allows_it, rescored
from graders.model.exercise import DEFAULT_RUBRIC, FAMILIES
from graders.probes.plan import draw_plan
from worker.sandbox import Cell

FILES = Path(__file__).parents[1] / "submissions"
SOME = [FILES / "right" / "chatty.py", *sorted((FILES / "wrong").glob("*.py"))[::15]]
ODD = dict(zip(FAMILIES, (3.0, 1.0, 0.0, 2.5, 7.0), strict=True))
OTHERS = [(5.0, DEFAULT_RUBRIC), (7.77, ODD), (0.0, DEFAULT_RUBRIC), (10.0, {"gradient": 1.0})]


@pytest.mark.parametrize("path", SOME, ids=[path.stem for path in SOME])
def test_it_is_what_the_judge_says_for_those_points_and_that_rubric(cell: Cell, path: Path) -> None:
    plan = draw_plan(COURSE_TEXT, b"a seed")
    evidence = cell.run(plan.requests, path.read_bytes())

    def judged(points: float, rubric: dict[str, float]) -> list[dict[str, object]]:
        report = judge(plan, evidence, dict.fromkeys(COURSE_TEXT, points), rubric).to_json()
        return list(from_json(to_json(report))["exercises"])

    stored = judged(10.0, dict(DEFAULT_RUBRIC))
    assert all(allows_it(one, 10.0, DEFAULT_RUBRIC) for one in stored)
    for points, rubric in OTHERS:
        assert [rescored(one, points, rubric) for one in stored] == judged(points, dict(rubric))


def test_what_was_weighed_in_another_way_takes_a_run() -> None:
    checks = [{"name": "entry", "family": "contract", "status": "passed", "max_points": 4.0}]
    assert not allows_it({"checks": checks}, 10.0, DEFAULT_RUBRIC)
    assert not allows_it({"checks": []}, 10.0, DEFAULT_RUBRIC)
    assert not allows_it({}, 10.0, DEFAULT_RUBRIC)
