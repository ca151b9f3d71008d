"""Owns the question whether a gradient was taken from autograd instead of being worked out.

What ran decides: PyTorch's own record, and the calls that were seen in Python. The text of the file
only gives the line.
"""

from __future__ import annotations

from graders import borrowed
from graders.case import Case
from graders.evidence import Call, ProbeResult
from graders.fault import Fault

_ADVICE = "The gradient is to be worked out in `backward`, from the formula"


def fault(case: Case) -> Fault | None:
    """What was seen of autograd while the plain probes of this exercise ran."""
    results = [result for probe in case.plain if (result := case.result(probe)) is not None]
    for result in results:
        for call in result.calls:
            if call.autograd:
                return _inside(case, call)
        if result.autograd:
            return Fault(
                f"{case.spoken} used `{result.autograd[0]}` while it ran. {_ADVICE}.", case.line
            )
    for result in results:
        if name := borrowed.inside(result):
            return _evaluated(case, result, name)
    return None


def _inside(case: Case, call: Call) -> Fault:
    name = call.autograd[0]
    return Fault(
        f"`{call.cls}.{call.which}` used `{name}`. {_ADVICE}, and not taken from autograd.",
        _line(case, {call.cls}, name) or call.line,
    )


def _evaluated(case: Case, result: ProbeResult, name: str) -> Fault:
    """A derivative that no call in Python could be seen for."""
    classes = {call.cls for call in result.calls}
    return Fault(
        f"While {case.spoken} ran, PyTorch's own derivative `{name}` was evaluated inside of your "
        f"Function. {_ADVICE}, and not taken from autograd.",
        _line(case, classes, "") or case.line,
    )


def _line(case: Case, classes: set[str], name: str) -> int | None:
    """Where the file's text has something of autograd in reach of these classes' methods."""
    parsed = case.evidence.parsed
    return next(
        (
            finding.line
            for finding in (parsed.findings if parsed else ())
            if finding.scope.split(".")[0] in classes
            and (not name or name.endswith(finding.detail[-8:]))
        ),
        None,
    )
