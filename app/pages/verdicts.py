"""Owns how a report is read for its page: the exercises' verdicts, and what is said of a line."""

from __future__ import annotations

from collections import defaultdict
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
_OF_STATUS = {"passed": "right", "failed": "wrong", "blocked": "blocked"}


@dataclass(frozen=True)
class Check:
    """One check, with its evidence as tables."""

    name: str
    family: str
    verdict: str
    points: float
    max_points: float
    message: str
    line: int | None
    what: str
    given: list[Table]
    expected: Table | None
    got: Table | None


@dataclass(frozen=True)
class Verdict:
    """One exercise. Without a report yet, its verdict is "waiting"."""

    slug: str
    title: str
    verdict: str
    score: float | None
    max_score: float
    summary: str = ""
    entry: str | None = None
    line: int | None = None
    diagnosis: dict[str, Any] | None = None
    checks: list[Check] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether there is something in it that needs to be read."""
        return self.verdict in ("partly", "wrong", "blocked")


def of_submission(submission: Submission) -> list[Verdict]:
    """Its exercises in the assignment's order; those not judged yet are waiting."""
    if submission.results:
        return [_verdict(result) for result in submission.results]
    return [
        Verdict(slug, EXERCISES[slug].title, "waiting", None, points)
        for slug, points in submission.assignment.points.items()
        if slug in EXERCISES
    ]


def _verdict(result: ExerciseResult) -> Verdict:
    report = result.report
    return Verdict(
        slug=result.slug,
        title=str(report.get("title") or result.slug),
        verdict=earned(result.score, result.max_score, report),
        score=result.score,
        max_score=result.max_score,
        summary=str(report.get("summary") or ""),
        entry=report.get("entry"),
        line=report.get("line"),
        diagnosis=report.get("diagnosis"),
        checks=[_check(check) for check in report.get("checks", [])],
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
        name=check["name"],
        family=FAMILIES.get(check["family"], check["family"]),
        verdict=_OF_STATUS.get(check.get("status", ""), "blocked"),
        points=check["points"],
        max_points=check["max_points"],
        message=check.get("message") or "",
        line=check.get("line"),
        what=evidence.get("what") or "",
        given=[table(tensor) for tensor in evidence.get("input") or []]
        + [
            table({"name": "upstream gradient"} | tensor | {"name": "upstream gradient"})
            for tensor in evidence.get("upstream") or []
        ],
        expected=table(expected, got) if expected else None,
        got=table(got, expected) if got else None,
    )


def marks(submission: Submission, verdicts: list[Verdict]) -> dict[int, list[str]]:
    """What is said about the file, by line."""
    said: dict[int, list[str]] = defaultdict(list)
    for note in submission.notes or []:
        if note.get("line"):
            said[int(note["line"])].append(str(note.get("message", "")))
    for verdict in verdicts:
        for check in verdict.checks:
            if check.line and check.verdict == "wrong":
                said[check.line].append(f"{verdict.title}: {check.message}")
    return {line: list(dict.fromkeys(messages)) for line, messages in said.items()}
