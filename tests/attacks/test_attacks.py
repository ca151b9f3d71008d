"""No attack earns a point, harms the host, or is felt by the next submission in the same cell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graders.model.evidence import Evidence
from tests.attacks.conftest import Canaries
from tests.attacks.corpus import ATTACKS, Attack
from tests.support.cells import HONEST, POINTS, whole_plan
from worker.judging import Judging
from worker.sandbox import Cell, Limits

pytestmark = pytest.mark.long

SHORT = 300_000
"""Letters of a report: several times what an honest one has."""


def graded(
    cell: Cell, source: bytes, limits: Limits | None = None
) -> tuple[Evidence, dict[str, Any]]:
    """What a run showed, and its report, judged beside it as a worker does."""
    plan = whole_plan()
    judging = Judging(plan, POINTS)
    evidence = cell.run(plan.requests, source, limits, observer=judging)
    return evidence, judging.report(evidence)


def families(report: dict[str, Any]) -> set[str]:
    """The families of checks that earned a point."""
    checks = [check for exercise in report["exercises"] for check in exercise["checks"]]
    return {check["family"] for check in checks if check["points"]}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing_and_harms_nobody(
    cell: Cell, canaries: Canaries, attack: Attack
) -> None:
    evidence, report = graded(cell, attack.source(canaries.names), attack.limits)
    assert "BREACH" not in evidence.output, evidence.output
    assert families(report) <= attack.earns
    assert evidence.ending.kind in attack.endings
    assert canaries.unharmed()
    assert len(json.dumps(report, ensure_ascii=False)) < SHORT
    _, honest = graded(cell, HONEST)
    assert honest["score"] == honest["max_score"]


def test_the_corpus_is_large_and_every_file_says_what_it_is() -> None:
    assert len(ATTACKS) >= 40
    assert all(attack.group for attack in ATTACKS)
    assert len({attack.group for attack in ATTACKS}) >= 12
