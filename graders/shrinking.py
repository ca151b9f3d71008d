"""Owns the smallest case of a fault: fewest elements, smallest numbers, wrong in the same way."""

from __future__ import annotations

from dataclasses import replace

from graders.case import Case
from graders.fault import Fault
from graders.probe import Probe


def smallest(case: Case, fault: Fault) -> Fault:
    """The same kind of fault on the smallest probe that shows it, or else the fault itself.

    What only shows in float64, on other shapes or in an edge case stays there: the small probes
    are float32, of the plain shapes' dimensions, and need all gradients.
    """
    if fault.instance is None or fault.instance.probe is not case.probes["basic"]:
        return fault
    for probe in case.named("small/"):
        small = _same_look(case, probe, fault)
        if small is not None and small.kind == fault.kind:
            # The calls in small probes are not watched: the line is known from the plain one.
            return replace(small, line=fault.line)
    return fault


def _same_look(case: Case, probe: Probe, fault: Fault) -> Fault | None:
    assert fault.instance is not None
    match fault.kind:
        case ("forward", *_) | ("exception", "forward", *_):
            return case.forward_fault(probe)
        case ("gradient", *_) | ("exception", *_):
            return case.gradient_fault(probe, fault.instance.input)
    return None
