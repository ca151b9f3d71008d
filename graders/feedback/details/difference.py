"""Owns how the loss moves along one entry of an input, with the true slope and the student's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from graders.feedback.details.curve import rounded
from graders.judging.exercise_run import ExerciseRun
from graders.model.formulas import rule
from graders.probes.probe import Probe
from graders.results import formatting
from graders.results.failure import Failure, Instance

_STEPS, _STEP = 6, 0.25
_LARGEST = 1e3
"""Entries beyond are so large that a step would not be seen."""


def difference(run: ExerciseRun, failures: Sequence[Failure]) -> dict[str, Any] | None:
    """For the first wrong gradient whose farthest entry is known, or of which nothing came.

    The loss is the sum of the results, each times its upstream gradient. It comes from the
    exercise's formulas alone.
    """
    for failure in failures:
        if failure.instance is not None and (drawn := _drawn(run, failure.instance)):
            return drawn
    return None


def _drawn(run: ExerciseRun, instance: Instance) -> dict[str, Any] | None:
    at, probe, want = instance.at, instance.probe, instance.want
    if instance.input is None or want is None or want.numel() == 0 or not probe.upstream:
        return None
    if at is None and instance.got is None:
        at = (0,) * want.dim()
    if at is None:
        return None
    middle = float(probe.inputs[instance.input][at])
    if abs(middle) > _LARGEST:
        return None
    x = [middle + _STEP * step for step in range(-_STEPS, _STEPS + 1)]
    got = instance.got
    return {
        "input": formatting.labels(probe, run.names)[instance.input],
        "index": list(at),
        "x": [rounded(value) for value in x],
        "y": [rounded(_loss(probe, instance.input, at, value)) for value in x],
        "slope_expected": rounded(float(want[at])),
        "slope_got": rounded(float(got[at])) if isinstance(got, Tensor) else None,
    }


def _loss(probe: Probe, which: int, at: tuple[int, ...], value: float) -> float:
    """The loss with one entry of one input replaced."""
    inputs = list(probe.inputs)
    inputs[which] = inputs[which].clone()
    inputs[which][at] = value
    forward = rule(probe.exercise).forward
    results = [forward([inputs[one] for one in args]) for args in probe.calls]
    return sum(
        float((result * upstream).sum())
        for result, upstream in zip(results, probe.upstream, strict=True)
        if isinstance(result, Tensor)
    )
