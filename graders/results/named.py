"""Owns what is kept of a report on all exercises where a file names some of them."""

from __future__ import annotations

from typing import Any

from graders.exercises import COURSE_TEXT
from graders.model.check_kinds import NOT_REACHED, Reason

_NOTHING = {Reason.ABSENT, *NOT_REACHED}


def of_named(report: dict[str, Any]) -> dict[str, Any]:
    """The report on the exercises that a file names; on those of the course text where none is."""
    kept = [
        exercise
        for exercise in report["exercises"]
        if not _NOTHING & {check["reason"] for check in exercise["checks"]}
    ] or [exercise for exercise in report["exercises"] if exercise["slug"] in COURSE_TEXT]
    totals = {name: sum(one[name] for one in kept) for name in ("score", "max_score")}
    return report | totals | {"exercises": kept}
