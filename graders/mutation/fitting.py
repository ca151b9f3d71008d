"""Owns a second opinion on a diagnosis: whether a misconception's formulas fit what came back.

It shares nothing with `graders.judging.diagnosis` but the formulas: it asks of fresh numbers and
of shapes that the exercise does not list.
"""

from __future__ import annotations

from torch import Tensor

from graders.exercises import EXERCISES
from graders.model.comparison import same
from graders.model.evidence import Oddity, ProbeResult
from graders.model.exercise import Exercise, Misconception
from graders.model.formulas import Undefined, Value, rule
from graders.mutation.grading import Graded
from graders.probes.probe import EVERYDAY, Probe, ProbeKind


def fits(graded: Graded, slug: str, name: str) -> bool:
    """Whether the misconception called `name` explains all results of an exercise."""
    exercise = EXERCISES[slug]
    wrong = next(one for one in exercise.misconceptions if one.name == name)
    came = graded.evidence.direct.probes if graded.evidence.direct else {}
    seen = [_seen(probe, came.get(probe.id), exercise, wrong)
            for probe in graded.plan.of(slug) if probe.kind in EVERYDAY]  # fmt: skip
    if None in seen:
        return False
    if any(seen):
        return True
    corners = [_seen(probe, came.get(probe.id), exercise, wrong)
               for probe in graded.plan.of(slug) if probe.kind is ProbeKind.EXTREME]  # fmt: skip
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
        pairs = zip(predicted.grads, probe.inputs, strict=True)
        refused = any(_refused(*one, exercise) for one in pairs)
        return True if refused and result.error.phase == "backward" else None
    different = False
    for at in range(len(probe.inputs)):
        got = result.grads[at] if at < len(result.grads) else None
        right = _alike(truth.grads[at], got, probe.dtype)
        if not (_alike(predicted.grads[at], got, probe.dtype) or (wrong.each and right)):
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


def _refused(value: Value, like: Tensor, exercise: Exercise) -> bool:
    """Whether backward raises; in a composition the next one may, where a shape does not fit."""
    if not isinstance(value, Tensor):
        return isinstance(value, Undefined)
    if not exercise.steps or value.shape == like.shape:
        return False
    try:
        value.sum_to_size(like.shape)
    except RuntimeError:
        return True
    return False
