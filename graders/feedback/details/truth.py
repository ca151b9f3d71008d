"""Owns the requires_grad truth table: what backward gave for each combination of inputs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from graders.judging.exercise_run import ExerciseRun
from graders.model.evidence import Call, ProbeError, ProbeResult
from graders.model.places import Places
from graders.probes.probe import Probe, ProbeKind

Json = dict[str, Any]
_MOST_NAMES = 20
"""Names of what was wasted that are kept; a Function may run as often as it likes."""


def truth(run: ExerciseRun) -> Json | None:
    """The table, from the plain probe and those of every other combination; None without a run."""
    basic = run.result(run.basic)
    if basic is None or (basic.error is not None and basic.error.phase == "forward"):
        return None
    return {"inputs": list(run.names), "rows": list(_rows(run))}


def _rows(run: ExerciseRun) -> Iterator[Json]:
    for needs in product((True, False), repeat=len(run.exercise.inputs)):
        name = "".join("01"[need] for need in needs)
        probe = run.basic if all(needs) else run.probes[f"{ProbeKind.NEEDS}/{name}"]
        result = run.result(probe)
        if result is not None:
            yield _row(run, probe, result)


def _row(run: ExerciseRun, probe: Probe, result: ProbeResult) -> Json:
    """One combination. What is right is decided as by the check `right-results`."""
    row: Json = {
        "needs": list(probe.needs),
        "returned": [None] * len(probe.needs),
        "expected": ["tensor" if need else "none" for need in probe.needs],
        "wasted": [],
        "right": run.gradient_failure(probe) is None,
        "error": _spoken(result.error, run.evidence.places) if result.error else None,
    }
    if result.error is None and any(probe.needs):
        row["wasted"] = list(dict.fromkeys(_wasted(run, probe, result)))[:_MOST_NAMES]
        row["returned"] = [
            _returned(run, probe, result, at, row["right"]) for at in range(len(probe.needs))
        ]
    return row


def _returned(run: ExerciseRun, probe: Probe, result: ProbeResult, at: int, right: bool) -> str:
    """ "tensor", "wrong" for a tensor with wrong numbers or a wrong shape, or "none"."""
    call = _only_call(run, probe, result)
    came = not call.none[at] if call else at < len(result.grads) and result.grads[at] is not None
    if not came:
        return "none"
    wrong = probe.needs[at] and not right and run.gradient_failure(probe, at) is not None
    return "wrong" if wrong else "tensor"


def _only_call(run: ExerciseRun, probe: Probe, result: ProbeResult) -> Call | None:
    """The one run of backward whose arguments are the inputs themselves, if there is one."""
    calls = [call for call in result.calls if call.which == "backward"]
    if run.exercise.steps or len(calls) != 1:
        return None
    count = len(probe.needs)
    fits = calls[0].needs[:count] == probe.needs and len(calls[0].none) >= count
    return calls[0] if fits else None


def _wasted(run: ExerciseRun, probe: Probe, result: ProbeResult) -> Iterator[str]:
    """Names of inputs, or of the results between, whose gradients were computed for nothing.

    Where it cannot be told which value an argument was, it is the name of the Function.
    """
    arguments, only = _arguments(run, result), _only_call(run, probe, result)
    for call in result.calls:
        if call.which == "backward":
            known = run.names if only else arguments.get(call.cls, ())
            for at, (need, none) in enumerate(zip(call.needs, call.none, strict=False)):
                if not need and not none:
                    yield known[at] if at < len(known) else call.cls


def _arguments(run: ExerciseRun, result: ProbeResult) -> dict[str, tuple[str, ...]]:
    """What each Function of a composition is called on, where every step is one of its own."""
    forwards = [call.cls for call in result.calls if call.which == "forward"]
    steps = run.exercise.steps
    if len(forwards) != len(steps) or len(set(forwards)) != len(steps):
        return {}
    return {cls: step.args for cls, step in zip(forwards, steps, strict=True)}


def _spoken(error: ProbeError, places: Places) -> str:
    message = " ".join(error.message.split())[:200]
    where = f", {places.spoken(error.line)}" if error.line else ""
    return f"{error.type}: {message}{where}" if message else f"{error.type}{where}"
