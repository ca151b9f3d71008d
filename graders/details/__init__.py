"""Owns what an exercise's report shows beside its checks: tables, graph, cost and plots, as JSON.

None of it gives or takes a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graders.case import Case
from graders.details.cost import cost
from graders.details.curve import curve
from graders.details.difference import difference
from graders.details.graph import graph
from graders.details.truth import truth
from graders.fault import Fault
from graders.report import Check

_MATTERS = ("contract", "forward", "gradient")


def details(
    case: Case, checks: Sequence[Check], faults: Sequence[Fault], *, theirs: bool
) -> dict[str, Any]:
    """What there is to show, by name; `faults` are those of the failed checks, as they are shown.

    A graph and a cost mean something only for what works; the plots only for what does not; and
    what backward gave only where it is the file's own work, which `theirs` says.
    """
    failed = {check.family for check in checks if check.status == "failed"}
    works = failed.isdisjoint(_MATTERS)
    parts = {
        "requires_grad": truth(case) if theirs else None,
        "graph": graph(case),
        "cost": cost(case) if works else None,
        "curve": None if works else curve(case),
        "difference": None if works else difference(case, faults),
    }
    return {name: part for name, part in parts.items() if part is not None}
