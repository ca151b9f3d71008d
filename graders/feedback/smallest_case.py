"""Owns the smallest case of a failure: fewest elements, smallest numbers, wrong in the same way."""

from __future__ import annotations

from dataclasses import replace

from graders.judging.exercise_run import ExerciseRun
from graders.probes.probe import Probe, ProbeKind
from graders.results.failure import Failure


def smallest(run: ExerciseRun, failure: Failure) -> Failure:
    """The same kind of failure on the smallest probe that shows it, or else the failure itself.

    What only shows in float64, on other shapes or in an edge case stays there: the small probes
    are float32, of the plain shapes' dimensions, and need all gradients.
    """
    if failure.instance is None or failure.instance.probe is not run.basic:
        return failure
    for probe in run.of_kind(ProbeKind.SMALL):
        small = _same_look(run, probe, failure)
        if small is not None and small.kind == failure.kind:
            # The calls in small probes are not watched: the line is known from the plain one.
            return replace(small, line=failure.line)
    return failure


def _same_look(run: ExerciseRun, probe: Probe, failure: Failure) -> Failure | None:
    assert failure.instance is not None
    match failure.kind:
        case ("forward", *_) | ("exception", "forward", *_):
            return run.forward_failure(probe)
        case ("gradient", *_) | ("exception", *_):
            return run.gradient_failure(probe, failure.instance.input)
    return None
