"""One loop does not cost the rest: after a stop all other exercises are asked, within bounds."""

from __future__ import annotations

import time
from typing import Any

import pytest

from graders.model.evidence import Evidence
from tests.support.cells import HONEST, POINTS, direct, run, whole_plan
from worker.judging import Judging
from worker.sandbox import Cell, Limits

pytestmark = pytest.mark.long

SHORT = Limits(wall_s=2.0)
STOP = """
def _stop(*args):
    {what}
{cls}.{method} = staticmethod(_stop)
"""
LOOP, EXIT = "while True: pass", "__import__('os')._exit(1)"


def stopping(what: str, *classes: str, method: str = "forward") -> bytes:
    ends = [STOP.format(what=what, cls=cls, method=method) for cls in classes]
    return HONEST + "".join(ends).encode()


def scores(cell: Cell, source: bytes, limits: Limits = SHORT) -> tuple[dict[str, float], Evidence]:
    plan = whole_plan()
    evidence = cell.run(plan.requests, source, limits)
    report: dict[str, Any] = Judging(plan, POINTS).report(evidence)
    return {one["slug"]: one["score"] for one in report["exercises"]}, evidence


@pytest.mark.parametrize("what", [LOOP, EXIT], ids=["loop", "exit"])
@pytest.mark.parametrize("cls", ["Addition", "DotProduct"])
def test_the_rest_is_worth_what_it_is(cell: Cell, what: str, cls: str) -> None:
    got, evidence = scores(cell, stopping(what, cls))
    lost = {"Addition": {"addition", "composition"}, "DotProduct": {"dot-product"}}[cls]
    assert got == {slug: 0.0 if slug in lost else 10.0 for slug in POINTS}
    assert evidence.went_on or cls == "DotProduct"


def test_a_stop_in_backward_leaves_the_points_of_its_forward(cell: Cell) -> None:
    got, _ = scores(cell, stopping(EXIT, "Sigmoid", method="backward"))
    assert 0.0 <= got.pop("sigmoid") < 5.0
    assert set(got.values()) == {10.0}


def test_two_loops_cost_two_exercises_and_each_says_why(cell: Cell) -> None:
    source = stopping(LOOP, "Sum", "Sigmoid")
    plan = whole_plan()
    evidence = cell.run(plan.requests, source, Limits(wall_s=3.0))
    report = Judging(plan, POINTS).report(evidence)
    by_slug = {one["slug"]: one for one in report["exercises"]}
    assert [slug for slug, one in by_slug.items() if one["score"] < 10] == ["sum", "sigmoid"]
    for slug in ("sum", "sigmoid"):
        assert "was stopped while" in by_slug[slug]["summary"]
    assert "The rest was run without" in report["notes"][-1]["message"]


def test_a_file_of_nothing_but_loops_has_twice_its_time_and_no_more(cell: Cell) -> None:
    classes = ("Addition", "Product", "Sum", "Sigmoid", "DotProduct", "MatrixVectorProduct")
    began = time.monotonic()
    got, evidence = scores(cell, stopping(LOOP, *classes))
    took_s = time.monotonic() - began
    assert set(got.values()) == {0.0}
    assert len(direct(evidence).stops) >= 2
    assert took_s < 2 * SHORT.wall_s + 2


def test_a_loop_that_comes_back_is_not_asked_again(cell: Cell) -> None:
    evidence = run(cell, stopping(LOOP, "Sum"), SHORT)
    assert [*direct(evidence).stops] == ["sum/basic"]


def test_whoever_breaks_the_rules_is_asked_no_more(cell: Cell) -> None:
    forging = "import os\n    for fd in range(3, 64):\n        try: os.write(fd, b'x' * 64)\n"
    forging += "        except OSError: pass"
    got, evidence = scores(cell, stopping(forging, "Sum"))
    assert evidence.ending.kind in ("forged", "malformed")
    assert not evidence.went_on
    assert got["matrix-vector-product"] == 0.0
