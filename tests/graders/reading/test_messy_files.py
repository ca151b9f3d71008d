"""Files as students really have them: what is right in them loses nothing for a habit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graders.conftest import Grade
from tests.support.files.expectations import SUBMISSIONS, expectations

pytestmark = pytest.mark.long

MESSY = sorted((SUBMISSIONS / "messy").glob("*.py"))


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.stem)
def test_what_is_right_in_it_loses_nothing(path: Path, grade: Grade) -> None:
    expected = expectations(path)
    assert all(item.amount == "full" and item.comparison == "=" for item in expected.items)
    report = grade(path.read_bytes(), expected.slugs)
    assert not expected.broken_by(report), "\n".join(expected.broken_by(report))


def test_there_are_enough() -> None:
    assert len(MESSY) >= 75
