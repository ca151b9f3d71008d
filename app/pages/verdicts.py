"""Owns how a report is read for its page: the exercises' verdicts, and what is said of a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from app.models import ExerciseResult, Submission
from app.pages.tensors import Table, table
from graders.exercises import EXERCISES

WORDS = {
    "right": "right",
    "partly": "partly right",
    "wrong": "not right yet",
    "blocked": "not reached",
    "waiting": "waiting",
}
FAMILIES = {
    "contract": "Contract",
    "forward": "Forward",
    "gradient": "Gradients",
    "requires_grad": "requires_grad",
    "robustness": "Robustness",
}
CHECKS = {
    "entry": "Found in your file",
    "own-function": "Runs a Function of your own",
    "static-methods": "`forward` and `backward` are static methods",
    "one-gradient-each": "One gradient for each input",
    "values": "Right values",
    "dtype": "Right dtype",
    "scalars": "Single numbers",
    "shapes": "Other shapes",
    "without-autograd": "Worked out without autograd",
    "float64": "In float64",
    "right-results": "Right where an input needs no gradient",
    "nothing-for-nothing": "No gradient computed for nothing",
    "input-twice": "An input used twice",
    "two-calls": "Two calls before one backward",
    "backward-twice": "Backward twice",
    "unchanged": "Inputs and upstream gradient left as they were",
    "non-contiguous": "Tensors that are not contiguous",
    "extreme": "Very large and very small numbers",
    "empty": "Tensors without elements",
}
_OF_STATUS = {"passed": "right", "failed": "wrong", "blocked": "blocked"}


@dataclass(frozen=True)
class Check:
    """One check, with its evidence as tables."""

    title: str
    family: str
    verdict: str
    points: float
    max_points: float
    message: str
    line: int | None
    what: str
    inputs: list[Table]
    upstream: list[Table]
    expected: Table | None
    got: Table | None


@dataclass(frozen=True)
class Verdict:
    """One exercise. Without a report yet, its `score` is None."""

    slug: str
    title: str
    verdict: str
    score: float | None
    max_score: float
    summary: str = ""
    entry: str | None = None
    line: int | None = None
    report: dict[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    is_open: bool = False

    def those(self, verdict: str) -> list[Check]:
        """Its checks with this verdict."""
        return [check for check in self.checks if check.verdict == verdict]


def of_submission(submission: Submission) -> list[Verdict]:
    """Its exercises in the assignment's order; before there is a report they wait."""
    if submission.results:
        said = Counter(str(result.report.get("summary")) for result in submission.results)
        return [_verdict(result, said) for result in submission.results]
    state = "waiting" if not submission.is_settled else "blocked"
    return [
        Verdict(slug, EXERCISES[slug].title, state, None, points)
        for slug, points in submission.assignment.points.items()
        if slug in EXERCISES
    ]


def _verdict(result: ExerciseResult, said: Counter[str]) -> Verdict:
    """One exercise; open where it has something of its own to say about what is wrong."""
    report = result.report
    checks = [_check(check) for check in report.get("checks", [])]
    summary = str(report.get("summary") or "")
    return Verdict(
        slug=result.slug,
        title=str(report.get("title") or result.slug),
        verdict=earned(result.score, result.max_score, report),
        score=result.score,
        max_score=result.max_score,
        summary=summary,
        entry=report.get("entry"),
        line=report.get("line"),
        report=report,
        checks=checks,
        is_open=any(check.verdict == "wrong" for check in checks) and said[summary] == 1,
    )


def earned(score: float, most: float, report: dict[str, Any]) -> str:
    """The verdict on an exercise: by its points, or by its checks where it is worth none."""
    if most > 0:
        return "right" if score >= most else "partly" if score > 0 else "wrong"
    states = {check["status"] for check in report.get("checks", [])}
    return "right" if states == {"passed"} else "partly" if "passed" in states else "wrong"


def _check(check: dict[str, Any]) -> Check:
    evidence = check.get("evidence") or {}
    expected, got = evidence.get("expected"), evidence.get("got")
    return Check(
        title=check_title(check["name"]),
        family=FAMILIES.get(check["family"], check["family"]),
        verdict=_OF_STATUS.get(check.get("status", ""), "blocked"),
        points=check["points"],
        max_points=check["max_points"],
        message=check.get("message") or "",
        line=check.get("line"),
        what=evidence.get("what") or "",
        inputs=[table(tensor) for tensor in evidence.get("input") or []],
        upstream=[
            table(tensor)
            for tensor in evidence.get("upstream") or []
            if check["family"] != "forward"
        ],
        expected=table(expected, got) if expected else None,
        got=table(got, expected) if got else None,
    )


def check_title(name: str) -> str:
    """What a check looks at, for people: "Gradient of `x`" for "gradient-x"."""
    if name.startswith("gradient-"):
        return f"Gradient of `{name.removeprefix('gradient-')}`"
    return CHECKS.get(name, name)


def marks(submission: Submission, verdicts: list[Verdict]) -> dict[int, list[str]]:
    """What is said about the file, by line: the notes, and the first failed check of an exercise.

    What is said of several exercises alike concerns the whole file, and is said once, by its note.
    """
    said: dict[int, list[str]] = defaultdict(list)
    for note in submission.notes or []:
        if note.get("line"):
            said[int(note["line"])].append(str(note.get("message", "")))
    alike = Counter(check.message for verdict in verdicts for check in verdict.those("wrong")[:1])
    for verdict in verdicts:
        first: dict[int, Check] = {}
        for check in verdict.those("wrong"):
            if check.line:
                first.setdefault(check.line, check)
        for line, check in first.items():
            if alike[check.message] < 2:
                said[line].append(f"{verdict.title}: {check.message}")
            elif not said[line]:
                said[line].append(check.message)
    return dict(said)
