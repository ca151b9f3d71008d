"""Owns a second opinion on a diagnosis: whether a misconception's formulas fit what came back.

It shares nothing with `graders.diagnosis` but the formulas: it asks of fresh numbers and of shapes
that the exercise does not list.
"""

from __future__ import annotations

from torch import Tensor

from graders.compare import same
from graders.evidence import Oddity, ProbeResult
from graders.exercise import Exercise, Misconception
from graders.exercises import EXERCISES
from graders.formulas import Undefined, Value, rule
from graders.probe import Probe
from graders.proof.grading import Graded

_PLAIN = ("basic", "float64", "scalars", "shapes")


def fits(graded: Graded, slug: str, name: str) -> bool:
    """Whether the misconception called `name` explains all results of an exercise."""
    exercise = EXERCISES[slug]
    wrong = next(one for one in exercise.misconceptions if one.name == name)
    seen = [_seen(probe, graded.evidence.probes.get(probe.id), exercise, wrong)
            for probe in graded.plan.of(slug) if probe.kind in _PLAIN]  # fmt: skip
    if None in seen:
        return False
    if any(seen):
        return True
    corners = [_seen(probe, graded.evidence.probes.get(probe.id), exercise, wrong)
               for probe in graded.plan.of(slug) if probe.kind == "extreme"]  # fmt: skip
    return None not in corners and any(corners)


def _seen(
    probe: Probe, result: ProbeResult | None, exercise: Exercise, wrong: Misconception
) -> bool | None:
    """None: does not fit. True: it fits, and the truth would have been different."""
    if result is None:
        return None
    predicted, truth = probe.expected(rule(exercise, wrong)), probe.truth
    if wrong.forward is not None:
        output = predicted.outputs[0]
        came = result.outputs[0] if result.outputs else None
        if not _alike(output, came, probe.dtype):
            return None
        return not _alike(output, truth.outputs[0], probe.dtype)
    if result.error is not None:
        refused = any(map(_refused, predicted.grads, probe.inputs))
        return True if refused and result.error.phase == "backward" else None
    different = False
    for at, like in enumerate(probe.inputs):
        got = result.grads[at] if at < len(result.grads) else None
        right = _alike(truth.grads[at], got, probe.dtype)
        foreseen = _summed(predicted.grads[at], like)
        if not (_alike(foreseen, got, probe.dtype) or (wrong.each and right)):
            return None
        different |= not right
    return different


def _alike(wanted: Value, got: Value | Oddity, dtype: str) -> bool:
    if isinstance(wanted, Tensor) and isinstance(got, Tensor):
        missing = wanted.isnan()
        if missing.any():  # the formula divides 0 by 0, and so does the file
            return got.shape == wanted.shape and _alike(wanted[~missing], got[~missing], dtype)
        return same(got, wanted, dtype)
    return not isinstance(wanted, Tensor) and not isinstance(got, Tensor)


def _refused(value: Value, like: Tensor) -> bool:
    """Whether backward raises, or the engine refuses what it returns."""
    return isinstance(_summed(value, like), Undefined)


def _summed(value: Value, like: Tensor) -> Value:
    """What the engine takes for a gradient that is larger than its input."""
    if not isinstance(value, Tensor) or value.shape == like.shape:
        return value
    try:
        return value.sum_to_size(like.shape)
    except RuntimeError:
        return Undefined()
