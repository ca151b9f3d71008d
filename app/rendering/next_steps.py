"""Owns what to mend next, told in three lines at most on top of a submission's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.rendering.formatting import points
from app.rendering.report_view import NOTHING, ExerciseRow, parts_of, to_mend


@dataclass(frozen=True)
class NextStep:
    """A line: the rows that it leads to, and what is said of them, in the markdown of one line."""

    lead: str
    rows: list[ExerciseRow]
    say: str = ""


def next_steps(rows: list[ExerciseRow]) -> list[NextStep]:
    """What to begin with, what to go on with, and what is not there yet; at most three lines.

    Nothing where no exercise was reached: a note above the rows says why.
    """
    if any(row.verdict in ("waiting", "blocked", "hidden") for row in rows):
        return []
    wrong = to_mend(rows)
    slips = [row for row in wrong if row.is_slip]
    faults = [row for row in wrong if row not in slips]
    return [*_first(faults), *_further(faults[1:], faults), *_slips(slips), *_absent(rows)][:3]


def _first(faults: list[ExerciseRow]) -> Iterable[NextStep]:
    for row in faults[:1]:
        missing = f": {points(row.loss)} missing." if row.loss else "."
        yield NextStep("Begin with", [row], missing)


def _further(rest: list[ExerciseRow], faults: list[ExerciseRow]) -> Iterable[NextStep]:
    following = [row for row in rest if parts_of(row, faults)]
    own = [row for row in rest if row not in following]
    if own:
        yield NextStep("Then", own, ".")
    if following:
        verb = "follows" if len(following) == 1 else "follow"
        yield NextStep("", following, f" {verb} from what is wrong in the parts.")


def _slips(slips: list[ExerciseRow]) -> Iterable[NextStep]:
    if slips:
        missing = points(sum(row.loss for row in slips))
        yield NextStep("A small thing in", slips, f": {missing} missing.")


def _absent(rows: list[ExerciseRow]) -> Iterable[NextStep]:
    absent = [row for row in rows if row.verdict in NOTHING]
    if absent:
        yield NextStep("Not written yet:", absent, ".")
