"""Owns reports of exercises for these tests: as the graders write them, with chosen failures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graders.model.exercise import FAMILIES

CHECKS = (
    *(("contract", "entry"), ("forward", "values"), ("forward", "shapes")),
    *(("gradient", "gradient-x"), ("gradient", "float64")),
    *(("requires_grad", "right-results"), ("requires_grad", "nothing-for-nothing")),
    *(("robustness", "extreme"), ("robustness", "empty")),
)
TENSOR = {"name": "x", "dtype": "float32", "shape": [2], "values": [1.0, 2.0]}
CURVE = {"input": "x", "what": "f", "x": [0.0, 1.0], "expected": [0.0, 1.0], "got": [0.0, 2.0]}


def exercise(
    slug: str, failed: Collection[tuple[str, str]], points: float = 10.0
) -> dict[str, Any]:
    """A report in which these checks failed; all else in it tells which ones, too."""
    part = points / len(CHECKS)
    checks = [_check(family, name, (family, name) in failed, part) for family, name in CHECKS]
    told = " ".join(f"{family}/{name}" for family, name in sorted(failed))
    return {
        "slug": slug,
        "title": slug.title(),
        "score": sum(check["points"] for check in checks),
        "max_score": points,
        "entry": "Mine",
        "line": 1,
        "summary": f"Wrong: {told}." if told else "Everything is right.",
        "diagnosis": {"name": told, "hint": f"Look at {told}.", "pointer": "Rules"}
        if told
        else None,
        "snippet": f"# {told}" if told else None,
        "details": {"curve": CURVE} if told else {},
        "checks": checks,
    }


def _check(family: str, name: str, is_failed: bool, part: float) -> dict[str, Any]:
    exhibit = {"what": name, "input": [TENSOR], "upstream": [], "expected": TENSOR, "got": TENSOR}
    return {
        "name": name,
        "family": family,
        "status": "failed" if is_failed else "passed",
        "passed": not is_failed,
        "points": 0.0 if is_failed else part,
        "max_points": part,
        "message": f"What {name} says." if is_failed else "",
        "line": 2 if is_failed else None,
        "exhibit": exhibit if is_failed else None,
        "reason": None,
    }


def hidden(families: Collection[str]) -> list[tuple[str, str]]:
    """The checks of all other families."""
    return [one for one in CHECKS if one[0] not in families]


__all__ = ["CHECKS", "FAMILIES", "exercise", "hidden"]
