"""Owns the question whether a gradient was taken from autograd instead of being worked out.

The direct run decides: there is no autograd in it, so right numbers were worked out by the file.
What was called of autograd there only words the message. Where autograd could not be taken out of
the process, PyTorch's own record of the ordinary run decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from graders import borrowed
from graders.case import Case
from graders.evidence import ProbeResult
from graders.fault import Fault
from graders.probe import Probe

_ADVICE = "The gradient is to be worked out from the formula"


def fault(case: Case) -> Fault | None:
    """Why the gradients of an exercise are not the file's own, if they are not."""
    faults = (
        found
        for look in (_touched, _recorded, _differs)
        for probe in _asked(case)
        if (found := look(case, probe))
    )
    return next(faults, None)


def _asked(case: Case) -> Iterator[Probe]:
    """The probes that give points."""
    yield from (probe for probe in case.probes.values() if probe.gives_points)


def _touched(case: Case, probe: Probe) -> Fault | None:
    """A call of autograd where there is none."""
    result = case.result(probe)
    if result is None or not result.touched:
        return None
    touch = result.touched[0]
    name = f"`{touch.name}`" if touch.name else "PyTorch's autograd"
    where = f" (line {touch.line})" if touch.line else ""
    return Fault(f"{_who(case, result)} calls {name}{where}. {_ADVICE}.", touch.line or case.line)


def _who(case: Case, result: ProbeResult) -> str:
    call = result.calls[-1] if result.calls else None
    return f"`{call.cls}.{call.which}`" if call else case.spoken


def _recorded(case: Case, probe: Probe) -> Fault | None:
    """A derivative of PyTorch's that was evaluated inside of a Function, by its own record."""
    result = case.ordinary(probe)
    name = borrowed.inside(result) if result is not None else None
    if name is None:
        return None
    return Fault(
        f"While {case.spoken} ran, PyTorch's own derivative `{name}` was evaluated inside of your "
        f"Function. {_ADVICE}, and not taken from autograd.",
        case.line,
    )


def _differs(case: Case, probe: Probe) -> Fault | None:
    """Gradients that are right in the ordinary run alone."""
    if len(case.runs(probe)) < 2 or not any(probe.needs):
        return None
    found = case.only_with_autograd(probe)
    if found is None:
        return None
    return Fault(
        "Your file gives right gradients where PyTorch's autograd is there, and not where it is "
        f"taken away. {found.message} {_ADVICE}, the same in both.",
        found.line,
        instance=found.instance,
    )
