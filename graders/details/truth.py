"""Owns the requires_grad truth table: what backward gave for each combination of inputs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from graders.case import Case
from graders.evidence import Call, ProbeError, ProbeResult
from graders.probe import Probe

Json = dict[str, Any]
_MOST_NAMES = 20
"""Names of what was wasted that are kept; a Function may run as often as it likes."""


def truth(case: Case) -> Json | None:
    """The table, from the plain probe and those of every other combination; None without a run."""
    basic = case.result(case.probes["basic"])
    if basic is None or (basic.error is not None and basic.error.phase == "forward"):
        return None
    return {"inputs": list(case.names), "rows": list(_rows(case))}


def _rows(case: Case) -> Iterator[Json]:
    for needs in product((True, False), repeat=len(case.exercise.inputs)):
        name = "".join("01"[need] for need in needs)
        probe = case.probes["basic" if all(needs) else f"needs/{name}"]
        result = case.result(probe)
        if result is not None:
            yield _row(case, probe, result)


def _row(case: Case, probe: Probe, result: ProbeResult) -> Json:
    """One combination. What is right is decided as by the check `right-results`."""
    row: Json = {
        "needs": list(probe.needs),
        "returned": [None] * len(probe.needs),
        "expected": ["tensor" if need else "none" for need in probe.needs],
        "wasted": [],
        "right": case.gradient_fault(probe) is None,
        "error": _spoken(result.error) if result.error else None,
    }
    if result.error is None and any(probe.needs):
        row["wasted"] = list(dict.fromkeys(_wasted(case, probe, result)))[:_MOST_NAMES]
        row["returned"] = [
            _returned(case, probe, result, at, row["right"]) for at in range(len(probe.needs))
        ]
    return row


def _returned(case: Case, probe: Probe, result: ProbeResult, at: int, right: bool) -> str:
    """ "tensor", "wrong" for a tensor with wrong numbers or a wrong shape, or "none"."""
    call = _only_call(case, probe, result)
    came = not call.none[at] if call else at < len(result.grads) and result.grads[at] is not None
    if not came:
        return "none"
    wrong = probe.needs[at] and not right and case.gradient_fault(probe, at) is not None
    return "wrong" if wrong else "tensor"


def _only_call(case: Case, probe: Probe, result: ProbeResult) -> Call | None:
    """The one run of backward whose arguments are the inputs themselves, if there is one."""
    calls = [call for call in result.calls if call.which == "backward"]
    if case.exercise.steps or len(calls) != 1:
        return None
    count = len(probe.needs)
    fits = calls[0].needs[:count] == probe.needs and len(calls[0].none) >= count
    return calls[0] if fits else None


def _wasted(case: Case, probe: Probe, result: ProbeResult) -> Iterator[str]:
    """Names of inputs, or of the results between, whose gradients were computed for nothing.

    Where it cannot be told which value an argument was, it is the name of the Function.
    """
    arguments, only = _arguments(case, result), _only_call(case, probe, result)
    for call in result.calls:
        if call.which == "backward":
            known = case.names if only else arguments.get(call.cls, ())
            for at, (need, none) in enumerate(zip(call.needs, call.none, strict=False)):
                if not need and not none:
                    yield known[at] if at < len(known) else call.cls


def _arguments(case: Case, result: ProbeResult) -> dict[str, tuple[str, ...]]:
    """What each Function of a composition is called on, where every step is one of its own."""
    forwards = [call.cls for call in result.calls if call.which == "forward"]
    steps = case.exercise.steps
    if len(forwards) != len(steps) or len(set(forwards)) != len(steps):
        return {}
    return {cls: step.args for cls, step in zip(forwards, steps, strict=True)}


def _spoken(error: ProbeError) -> str:
    message = " ".join(error.message.split())[:200]
    where = f", line {error.line}" if error.line else ""
    return f"{error.type}: {message}{where}" if message else f"{error.type}{where}"
