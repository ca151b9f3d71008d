"""Owns the one sentence that says what happened in an exercise."""

from __future__ import annotations

from collections.abc import Sequence

from graders.judging.exercise_run import ExerciseRun
from graders.results.report import Check, Diagnosis

_FAMILIES = {
    "contract": "the form of the class",
    "requires_grad": "inputs that need no gradient",
    "robustness": "edge cases",
}


def summarise(run: ExerciseRun, checks: Sequence[Check], diagnosis: Diagnosis | None) -> str:
    """The most important thing first."""
    failed = [check for check in checks if check.status == "failed"]
    if not failed:
        return "Everything is right."
    first = failed[0]
    values = [c for c in failed if c.family == "forward" and c.name == "values"]
    if values:
        return _with(diagnosis, f"Forward is not right yet. {values[0].message}")
    if first.name in ("entry", "own-function"):
        return _with(diagnosis, first.message)
    forward = [check for check in failed if check.family == "forward"]
    gradients = [check for check in failed if check.family == "gradient"]
    basic = [c for c in gradients if c.name.startswith(("gradient-", "without"))]
    if basic:
        where = " on the plain case" if forward else ""
        return _with(diagnosis, f"Forward is right{where}. {basic[0].message}")
    if forward:
        return _with(diagnosis, f"The plain case is right. {forward[0].message}")
    if gradients:
        return _with(diagnosis, f"Forward is right. {gradients[0].message}")
    families = dict.fromkeys(_FAMILIES[check.family] for check in failed)
    lost = f"Forward and gradients are right. Points are lost on {' and '.join(families)}."
    return _with(diagnosis, lost)


def _with(diagnosis: Diagnosis | None, told: str) -> str:
    return f"{told} This looks like a common mistake: {diagnosis.name}." if diagnosis else told
