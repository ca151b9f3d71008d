"""Submissions with known verdicts: no right one loses a point, no wrong one gets full marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graders.conftest import Grade
from tests.support.files.expectations import SUBMISSIONS, expectations

pytestmark = pytest.mark.long

RIGHT = sorted((SUBMISSIONS / "right").glob("*.py"))
WRONG = sorted((SUBMISSIONS / "wrong").glob("*.py"))
SEEDS = [b"one seed", b"another seed"]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", SEEDS, ids=bytes.decode)
def test_a_right_one_loses_nothing(path: Path, seed: bytes, grade: Grade) -> None:
    expected = expectations(path)
    assert all(item.amount == "full" and item.comparison == "=" for item in expected.items)
    report = grade(path.read_bytes(), expected.slugs, seed)
    assert not expected.broken_by(report), "\n".join(expected.broken_by(report))


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_one_loses_what_it_should(path: Path, grade: Grade) -> None:
    expected = expectations(path)
    report = grade(path.read_bytes(), expected.slugs)
    assert not expected.broken_by(report), "\n".join(expected.broken_by(report))
    assert report.score < report.max_score


def test_there_are_enough_of_both() -> None:
    assert len(RIGHT) >= 80
    assert len(WRONG) >= 190
