"""Owns how a report is read for its page: the exercises' verdicts, and what is said of a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from app.grading.showing.seen import Seen
from app.rendering.pictures import ExhibitView, of_exhibit
from app.visibility.steps import Step
from graders.exercises import EXERCISES
from graders.model.check_kinds import FAMILY_TITLES, NOT_REACHED, Reason, title

WORDS = {
    "right": "right",
    "partly": "partly right",
    "wrong": "not right yet",
    "blocked": "not reached",
    "absent": "not in your file",
    "unwritten": "not written yet",
    "waiting": "waiting",
    "hidden": "not shown yet",
}
NOTHING = ("absent", "unwritten")
"""Verdicts on what is not there: nothing to mend in it, and nothing to mark."""
_OF_STATUS = {"passed": "right", "failed": "wrong", "blocked": "blocked"}
_SLIP = 1 / 20
"""Of an exercise's points: whoever lost no more has understood it."""
_STOPPING = ("unreadable", "ending")
"""Notes of what kept exercises from being reached; they are said once, above the rows."""
_COSTLESS = ("taken", "passed-over")
"""Notes of what costs nothing, whatever else is lost."""


@dataclass(frozen=True)
class Mark:
    """What is said of a line; `quiet` where it costs nothing."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Check:
    """One check, with its exhibit as tables."""

    title: str
    family: str
    """What the family is called; `key` is its name."""
    key: str
    verdict: str
    points: float
    max_points: float
    message: str
    line: int | None
    exhibit: ExhibitView | None
    counts_in: str
    """The title of the exercise that lost its points, where they are lost once in a file."""


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise. Without a report yet, and where no score is shown, its `score` is None."""

    slug: str
    title: str
    verdict: str
    score: float | None
    max_score: float
    summary: str = ""
    entry: str | None = None
    line: int | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    is_open: bool = False

    @property
    def next_step(self) -> Step | None:
        """What may be asked for next, where hints come in steps."""
        return Step.after(self.report.get("step"))

    @property
    def is_judged(self) -> bool:
        """Whether there is a report on it."""
        return bool(self.report)

    @property
    def has_body(self) -> bool:
        """Whether there is anything to be read of it."""
        return bool(self.checks or self.summary)

    @property
    def loss(self) -> float:
        """Points that are missing; none that are told of where no score is."""
        return 0.0 if self.score is None else self.max_score - self.score

    @property
    def is_slip(self) -> bool:
        """Whether so little is missing that a line says all about it."""
        return 0 < self.loss <= _SLIP * self.max_score

    @property
    def slip(self) -> str:
        """What there is to mend, in a sentence."""
        said = (check.message for check in self.those("wrong") if check.message)
        return str((self.report.get("diagnosis") or {}).get("hint") or next(said, self.summary))

    def those(self, verdict: str) -> list[Check]:
        """Its checks with this verdict."""
        return [check for check in self.checks if check.verdict == verdict]


class Graded(Protocol):
    """Whatever has a score and notes: a submission, a visitor's trial."""

    @property
    def score(self) -> float | None: ...
    @property
    def max_score(self) -> float | None: ...
    @property
    def notes(self) -> list[dict[str, Any]] | None: ...


def of_submission(
    submission: Seen, early: Mapping[str, dict[str, Any]] = MappingProxyType({})
) -> list[ExerciseRow]:
    """Its exercises in the assignment's order.

    Before there is a report they wait, but for those of which there is an `early` one; none is
    open then.
    """
    if submission.results:
        results = submission.results
        return _opened(_row(one.slug, one.score, one.max_score, one.report) for one in results)
    state = "waiting" if not submission.is_settled else "blocked"
    return [
        _row_of(early[slug])
        if slug in early
        else ExerciseRow(slug, EXERCISES[slug].title, state, None, points)
        for slug, points in submission.assignment.points.items()
        if slug in EXERCISES
    ]


def of_report(report: dict[str, Any] | None) -> list[ExerciseRow]:
    """The exercises of a whole report, as it is stored in one piece; none before there is one."""
    return (
        _opened(
            _row(one["slug"], one["score"], one["max_score"], one) for one in report["exercises"]
        )
        if report
        else []
    )


def _opened(all_: Iterable[ExerciseRow]) -> list[ExerciseRow]:
    """The same, with what to mend first open."""
    rows = list(all_)
    first = [row for row in to_mend(rows)[:1] if not row.is_slip]
    return [replace(row, is_open=row in first or row.next_step is not None) for row in rows]


def to_mend(rows: list[ExerciseRow]) -> list[ExerciseRow]:
    """What is written and not right, in the order in which to mend it: the largest loss first, but
    a composition after the parts that it follows from, and slips last."""
    wrong = [row for row in rows if row.those("wrong") and row.verdict in ("partly", "wrong")]
    return sorted(wrong, key=lambda row: (row.is_slip, bool(parts_of(row, wrong)), -row.loss))


def parts_of(row: ExerciseRow, wrong: list[ExerciseRow]) -> list[ExerciseRow]:
    """Those of `wrong` that a composition is made of."""
    steps = EXERCISES[row.slug].steps if row.slug in EXERCISES else ()
    return [part for part in wrong if part.slug in {step.entry for step in steps}]


def _row_of(report: dict[str, Any]) -> ExerciseRow:
    return _row(report["slug"], report["score"], report["max_score"], report)


def _row(slug: str, score: float | None, most: float, report: Mapping[str, Any]) -> ExerciseRow:
    checks = [_check(check) for check in report.get("checks", [])]
    summary = str(report.get("summary") or "")
    verdict = earned(score, most, report)
    if verdict == "wrong" and checks and all(check.verdict == "blocked" for check in checks):
        verdict, summary = "blocked", ""  # a note above the rows says why
    elif verdict == "wrong":
        verdict = _nothing(report) or verdict
    return ExerciseRow(
        slug=slug,
        title=str(report.get("title") or slug),
        verdict=verdict,
        score=score,
        max_score=most,
        summary=summary,
        entry=report.get("entry"),
        line=report.get("line"),
        report=report,
        checks=checks,
    )


def _nothing(report: Mapping[str, Any]) -> str | None:
    """The word for it where there is nothing to judge: no trace of the exercise in the file, or no
    more than its beginning."""
    reasons = {check.get("reason") for check in report.get("checks", [])}
    return next((one.value for one in (Reason.ABSENT, Reason.UNWRITTEN) if one in reasons), None)


def earned(score: float | None, most: float, report: Mapping[str, Any]) -> str:
    """The verdict on an exercise: by its points, or by its checks where it has none that are told
    of; hidden where nothing of it is shown."""
    if score is not None and most > 0:
        return "right" if score >= most else "partly" if score > 0 else "wrong"
    states = {check["status"] for check in report.get("checks", [])}
    if not states:
        return "wrong" if report.get("step") else "hidden"
    return "right" if states == {"passed"} else "partly" if "passed" in states else "wrong"


def _check(check: dict[str, Any]) -> Check:
    reason, bearer = check.get("reason"), check.get("counts_in") or ""
    exhibit = dict(check.get("exhibit") or {})
    if check["family"] == "forward":
        exhibit.pop("upstream", None)
    return Check(
        title=title(check["name"]),
        family=FAMILY_TITLES.get(check["family"], check["family"]),
        key=check["family"],
        verdict="blocked" if reason in NOT_REACHED else _OF_STATUS[check["status"]],
        points=check["points"] or 0.0,
        max_points=check["max_points"] or 0.0,
        # Of a file that cannot be read a note says why, once.
        message="" if reason == Reason.UNREADABLE else check.get("message") or "",
        line=check.get("line"),
        exhibit=of_exhibit(exhibit) if exhibit else None,
        counts_in=EXERCISES[bearer].title if bearer in EXERCISES else "",
    )


def notes(graded: Graded) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is said of the file: above the rows why they were not reached, the rest below them.

    Of each it is said whether it costs nothing.
    """
    all_ = [
        {**note, "is_costless": is_full(graded) or _is_costless(note)}
        for note in graded.notes or []
    ]
    above = [note for note in all_ if note.get("kind") in _STOPPING]
    return above, [note for note in all_ if note not in above]


def _is_costless(note: dict[str, Any]) -> bool:
    return note.get("kind") in _COSTLESS


def is_full(graded: Graded) -> bool:
    """Whether nothing cost a point."""
    return graded.score is not None and graded.score >= (graded.max_score or 0)


def named_lines(rows: list[ExerciseRow]) -> set[int]:
    """The lines of the file that the verdicts lead to."""
    checks = (check.line for row in rows for check in row.checks)
    calls = (
        call.get("line")
        for row in rows
        for call in ((row.report.get("details") or {}).get("graph") or {}).get("calls") or ()
    )
    entries = (row.line for row in rows)
    return {line for lines in (entries, checks, calls) for line in lines if line}


def marks(graded: Graded, rows: list[ExerciseRow]) -> dict[int, list[Mark]]:
    """What is said about the file, by line: the notes, and the first failed check of an exercise.

    What is said of several exercises alike concerns the whole file, and is said once, by its note.
    """
    said: dict[int, list[Mark]] = defaultdict(list)
    for note in graded.notes or []:
        if note.get("line"):
            quiet = is_full(graded) or _is_costless(note)
            said[int(note["line"])].append(Mark(str(note.get("message", "")), quiet))
    written = [row for row in rows if row.verdict not in NOTHING]
    alike = Counter(check.message for row in written for check in row.those("wrong")[:1])
    for row in written:
        first: dict[int, Check] = {}
        for check in row.those("wrong"):
            if check.line:
                first.setdefault(check.line, check)
        for line, check in first.items():
            if alike[check.message] < 2:
                said[line].append(Mark(f"{row.title}: {check.message}"))
            elif not said[line]:
                said[line].append(Mark(check.message))
    return dict(said)
