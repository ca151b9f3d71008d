"""The files that a newcomer hands in first get what they say that they get."""

from __future__ import annotations

from pathlib import Path

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
