"""The files that a newcomer hands in first get what they say that they get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.graders.conftest import Grade

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


def named(grade: Grade, file: str) -> dict[str, str]:
    """The mistakes that the graders name in a file, by exercise."""
    found = grade((EXAMPLES / file).read_text()).exercises
    return {one.slug: one.diagnosis.name for one in found if one.diagnosis}


def test_the_right_one_gets_all_points(grade: Grade) -> None:
    report = grade((EXAMPLES / "right.py").read_text())
    assert (report.score, report.notes) == (report.max_score, ())


def test_the_wrong_ones_are_named(grade: Grade) -> None:
    assert named(grade, "swapped.py")["product"] == "gradients swapped"
    assert named(grade, "upstream_forgotten.py") == {"sigmoid": "upstream gradient forgotten"}


@pytest.mark.parametrize("name", ["swapped", "upstream_forgotten", "forward_only"])
def test_what_pages_show_is_what_the_graders_say_now(grade: Grade, name: str) -> None:
    (kept,) = json.loads((EXAMPLES / f"{name}.json").read_text())
    now_said = {one.slug: one for one in grade((EXAMPLES / f"{name}.py").read_text()).exercises}
    for exercise in kept["exercises"]:
        one = now_said[exercise["slug"]]
        assert (one.score, one.line) == (exercise["score"], exercise["line"]), "make example"
        assert [check.name for check in one.checks if check.passed] == [
            check["name"] for check in exercise["checks"] if check["passed"]
        ], "make example"
