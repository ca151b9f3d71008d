"""Owns what is left of a report for somebody who may not see all of it.

What is not named here is not shown, so that whatever a report gets to say later is hidden first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.visibility.rules import Shown, Sight
from graders.model.check_kinds import Reason, is_of_gradient

Report = Mapping[str, Any]
Parts = Mapping[str, Sequence[float]]
"""The points of each family of an exercise, and the most there could be."""
_OF_FILE = frozenset({"passed-over", "unreadable", "taken", "raised", "blocked", "cut"})
"""Notes of how the file was read and loaded; the others may come of any check."""
_OF_VALUES = frozenset({"values", "float64", "scalars", "shapes"})
"""Checks of everyday numbers: where one fails, they alone decide which misconception is named."""
NOTHING_WRONG = "Nothing is wrong in the checks that are shown."


def points(parts: Iterable[Parts], sight: Sight) -> tuple[float, float]:
    """The points of the checks that are shown, and the most that they could give."""
    shown = [pair for one in parts for family, pair in one.items() if family in sight.families]
    return _sum(pair[0] for pair in shown), _sum(pair[1] for pair in shown)


def of_exercise(report: Report, sight: Sight) -> dict[str, Any]:
    """One exercise's report, of which the score is set by whoever asks; all of it for a whole
    sight."""
    if sight.is_whole:
        return dict(report)
    checks = [one for one in report.get("checks", []) if one["family"] in sight.families]
    has_entry = "contract" in sight.families
    return {
        "slug": report.get("slug"),
        "title": report.get("title"),
        "entry": report.get("entry") if has_entry else None,
        "line": report.get("line") if has_entry else None,
        "checks": [_check(one, sight) for one in checks],
        **(_feedback(report, checks, sight) if sight.feedback else _NO_FEEDBACK),
    }


_NO_FEEDBACK: Report = {"summary": "", "diagnosis": None, "snippet": None, "details": {}}


def _check(check: Report, sight: Sight) -> dict[str, Any]:
    names = ["name", "family", "status", "passed", "reason", "counts_in"]
    names += ["message", "line", "exhibit"] if sight.feedback else []
    told: dict[str, Any] = {"message": "", "line": None, "exhibit": None}
    told |= {name: check.get(name) for name in names}
    has_points = sight.score is not Shown.NONE
    return told | {
        name: check.get(name) if has_points else None for name in ("points", "max_points")
    }


def _feedback(report: Report, checks: Sequence[Report], sight: Sight) -> dict[str, Any]:
    """What is said beside the checks; as long as some are hidden, only what they have no part in.

    Tables and plots are asked of a file only where something is wrong in it, and so tell of all.
    """
    if sight.has_all_checks:
        names = ("summary", "diagnosis", "snippet", "details")
        return {name: report.get(name, _NO_FEEDBACK[name]) for name in names}
    failed = [one for one in checks if one["status"] == "failed"]
    first = next((one for one in report.get("checks", []) if one["status"] == "failed"), None)
    is_of_values = any(_is_of_values(one) for one in failed)
    return {
        "summary": _summary(checks, failed),
        "diagnosis": report.get("diagnosis") if is_of_values else None,
        "snippet": report.get("snippet") if failed and failed[0] is first else None,
        "details": {},
    }


def _is_of_values(check: Report) -> bool:
    """Whether a check failed by its numbers; a backward that raised has none, unlike a forward."""
    if check.get("reason") or not (check["name"] in _OF_VALUES or is_of_gradient(check["name"])):
        return False
    return check["family"] == "forward" or bool((check.get("exhibit") or {}).get("got"))


def _summary(checks: Sequence[Report], failed: Sequence[Report]) -> str:
    if failed:
        return str(failed[0].get("message") or "")
    return NOTHING_WRONG if checks else ""


def notes(
    all_: Sequence[Report], exercises: Iterable[Report], sight: Sight
) -> list[dict[str, Any]]:
    """What is said of a file as a whole, with these reports of its exercises."""
    told_of_checks = sight.has_all_checks and sight.feedback
    kinds = _OF_FILE | ({"ending"} if _ended_before_all(exercises, sight) else set())
    return [dict(one) for one in all_ if told_of_checks or one.get("kind") in kinds]


def _ended_before_all(exercises: Iterable[Report], sight: Sight) -> bool:
    """Whether no check that is shown was run: then the file stopped before there were any."""
    checks = [check for one in exercises for check in one.get("checks", [])]
    shown = [check for check in checks if check["family"] in sight.families]
    return bool(shown) and all(check.get("reason") == Reason.NOT_RUN for check in shown)


def _sum(amounts: Iterable[float]) -> float:
    """An exact sum of amounts with two decimals."""
    return sum(round(amount * 100) for amount in amounts) / 100
