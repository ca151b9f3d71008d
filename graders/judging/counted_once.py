"""Owns the loss that counts once in a file: one habit is one thing to learn, however often met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graders.judging.points import total

_HABIT, _BESIDE = "nothing-for-nothing", "right-results"


def counted_once(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report as JSON, in which a gradient that nobody asked for costs points in one exercise.

    That is the first, in the report's order, whose results are right and whose check is worth
    something. In the others that are like
    it the check stays failed, keeps its points, and says in `counts_in` which exercise lost them.
    """
    exercises = exercises_counted_once(report["exercises"])
    score = total([exercise["score"] for exercise in exercises])
    return {**report, "exercises": exercises, "score": score}


def exercises_counted_once(exercises: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for reports on exercises; what was counted once already stays as it is."""
    counted: list[dict[str, Any]] = []
    bearer = ""
    for exercise in exercises:
        if not _has_habit(exercise["checks"]):
            counted.append(dict(exercise))
        elif not bearer:
            bearer = str(exercise["slug"])
            counted.append(dict(exercise))
        else:
            counted.append(_spared(exercise, bearer))
    return counted


def _has_habit(checks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a needless gradient is all that is wrong about needs, and costs anything."""
    status = {check["name"]: check["status"] for check in checks}
    worth = sum(check["max_points"] for check in checks if check["name"] == _HABIT)
    return (status.get(_HABIT), status.get(_BESIDE)) == ("failed", "passed") and worth > 0


def _spared(exercise: Mapping[str, Any], bearer: str) -> dict[str, Any]:
    checks = [
        {**check, "points": check["max_points"], "counts_in": bearer}
        if check["name"] == _HABIT
        else dict(check)
        for check in exercise["checks"]
    ]
    return {**exercise, "checks": checks, "score": total([check["points"] for check in checks])}
