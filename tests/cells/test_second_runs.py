"""A file that crashes late is run a second time, but not for as long again."""

from __future__ import annotations

import pytest

from tests.support.cells import run
from worker.sandbox import Cell, Limits, runs

pytestmark = pytest.mark.long

LATE = """
import os, time
end = time.monotonic() + {}
while time.monotonic() < end:
    try:
        time.sleep(0.1)
    except BaseException:  # the timer that interrupts statements which take too long
        pass
os.abort()
"""
LIMITS = Limits(wall_s=2.5)


def test_what_crashes_soon_is_seen_to_do_so_twice(cell: Cell) -> None:
    evidence = run(cell, LATE.format(0), LIMITS)
    assert (evidence.ending.kind, cell.runs) == ("crashed", 2)


def test_what_crashes_late_has_its_second_run_cut_and_the_ending_of_the_first(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_AGAIN_SECONDS", 0.5)  # it has what is left, which is more
    evidence = run(cell, LATE.format(1.5), LIMITS)
    assert (evidence.ending.kind, cell.runs) == ("crashed", 2)
    assert "the process died of" in evidence.ending.detail
