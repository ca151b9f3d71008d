"""Owns other points for a verdict that is stored: worked out from its checks, without a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from graders.judging.points import shares, total
from graders.model.check_kinds import is_of_gradient, weight


class _Weighed(NamedTuple):
    family: str
    weight: float


def rescored(
    report: Mapping[str, Any], points: float, rubric: Mapping[str, float]
) -> dict[str, Any]:
    """A stored report on one exercise, for other points or another rubric.

    A check that passed has all of its points, any other none, as in the verdict.
    """
    most = _most(report, points, rubric)
    checks = [
        {key: check[key] for key in check if key != "counts_in"}
        | {"max_points": part, "points": part if check["status"] == "passed" else 0.0}
        for check, part in zip(report["checks"], most, strict=True)
    ]
    score = total([check["points"] for check in checks])
    return dict(report) | {"checks": checks, "score": score, "max_score": total(most)}


def allows_it(report: Mapping[str, Any], points: float, rubric: Mapping[str, float]) -> bool:
    """Whether a report that was made for these points and this rubric can be rescored.

    Graders of another version may have weighed its checks in another way; then their parts are
    not what they would be now.
    """
    checks = report.get("checks")
    return bool(checks) and _most(report, points, rubric) == [
        check["max_points"] for check in checks or ()
    ]


def _most(report: Mapping[str, Any], points: float, rubric: Mapping[str, float]) -> list[float]:
    checks = report["checks"]
    inputs = sum(is_of_gradient(check["name"]) for check in checks)
    weighed = [
        _Weighed(check["family"], weight(check["name"], check["family"], inputs))
        for check in checks
    ]
    return shares(weighed, points, rubric)
