"""What pages say of the worth of `None` is what the check that asks for it is worth."""

from __future__ import annotations

import pytest

from graders.exercises import EXERCISES
from graders.judging.checks import catalogue
from graders.judging.exercise_run import ExerciseRun
from graders.judging.points import shares
from graders.model.evidence import Evidence
from graders.model.exercise import DEFAULT_RUBRIC, worth_of_none
from graders.probes.plan import draw_plan

RUBRICS = {
    "the usual": dict(DEFAULT_RUBRIC),
    "half of it all": {"forward": 1.0, "requires_grad": 1.0},
    "nothing": {"forward": 1.0, "requires_grad": 0.0},
}


@pytest.mark.parametrize("rubric", RUBRICS.values(), ids=RUBRICS)
@pytest.mark.parametrize("slug", ["sigmoid", "linear", "composition"])
def test_it_is_the_worth_of_the_check(slug: str, rubric: dict[str, float]) -> None:
    exercise = EXERCISES[slug]
    run = ExerciseRun(exercise, draw_plan([slug], b"seed"), Evidence(None, None))
    specs = catalogue(run)
    points = dict(zip([spec.name for spec in specs], shares(specs, 1000.0, rubric), strict=True))
    assert points["nothing-for-nothing"] == pytest.approx(1000 * worth_of_none(rubric), abs=0.02)
