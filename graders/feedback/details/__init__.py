"""Owns what an exercise's report shows beside its checks: tables, graph, cost and plots, as JSON.

None of it gives or takes a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graders.feedback.details.cost import cost
from graders.feedback.details.curve import curve
from graders.feedback.details.difference import difference
from graders.feedback.details.graph import graph
from graders.feedback.details.truth import truth
from graders.judging.exercise_run import ExerciseRun
from graders.results.failure import Failure
from graders.results.report import Check

_MATTERS = ("contract", "forward", "gradient")


def details(
    run: ExerciseRun, checks: Sequence[Check], failures: Sequence[Failure], *, is_own: bool
) -> dict[str, Any]:
    """What there is to show, by name; `failures` are those of the failed checks, as they are shown.

    A graph and a cost mean something only for what works; the plots only for what does not; and
    what backward gave only where it is the file's own work, which `is_own` says.
    """
    failed = {check.family for check in checks if check.status == "failed"}
    works = failed.isdisjoint(_MATTERS)
    parts = {
        "requires_grad": truth(run) if is_own else None,
        "graph": graph(run),
        "cost": cost(run) if works else None,
        "curve": None if works else curve(run),
        "difference": None if works else difference(run, failures),
    }
    return {name: part for name, part in parts.items() if part is not None}
