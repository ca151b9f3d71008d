"""Owns naming a misconception: only when all wrong numbers match it, and match no other."""

from __future__ import annotations

import re

from torch import Tensor

from graders.exercises import EXERCISES
from graders.judging.exercise_run import ExerciseRun
from graders.model.comparison import same
from graders.model.evidence import Oddity
from graders.model.exercise import Misconception
from graders.model.formulas import UNDEFINED, Undefined, Value, rule
from graders.probes.probe import EVERYDAY, Expected, Probe, ProbeKind
from graders.results.report import Diagnosis

_CORNERS = (*EVERYDAY, ProbeKind.EXTREME)
"""Looked at when the plain probes are right: some mistakes show at a single number alone."""


def diagnose(run: ExerciseRun) -> Diagnosis | None:
    """The one misconception behind the student's wrong numbers, if there is exactly one."""
    found: list[Misconception] = []
    for kinds in (EVERYDAY, _CORNERS):
        probes = [probe for kind in kinds for probe in run.of_kind(kind) if run.result(probe)]
        if any(run.forward_failure(probe) for probe in probes):
            found = [m for m in run.exercise.misconceptions if _gives_outputs(run, probes, m)]
            break
        gradients = {probe.id: _gradients(run, probe) for probe in probes}
        if wrong := _wrong_inputs(run, probes, gradients):
            found = [
                m
                for m in run.exercise.misconceptions
                if _may_explain(run, m, wrong)
                and _gives_gradients(run, probes, m, gradients, wrong)
            ]
            break
    if len(found) != 1 or not _is_to_blame(run, found[0].step):
        return None
    return Diagnosis(found[0].name, _in_their_names(run, found[0].hint), found[0].pointer)


def _in_their_names(run: ExerciseRun, hint: str) -> str:
    """A hint that calls each input as the student does."""
    return re.sub(r"(?<=`)\w+(?=`)", lambda found: run.students_names.get(found[0], found[0]), hint)


def _is_to_blame(run: ExerciseRun, step: str) -> bool:
    """Whether the step that a misconception speaks of, if it does, is wrong by itself as well."""
    if not step:
        return True
    alone = run.beside(EXERCISES[step])
    return any(alone.gradient_failure(probe) for probe in alone.of_kind(ProbeKind.BASIC))


def _gives_outputs(run: ExerciseRun, probes: list[Probe], wrong: Misconception) -> bool:
    """Whether a misconception about forward explains every output."""
    if wrong.forward is None:
        return False
    told_apart = 0
    for probe in probes:
        result = run.result(probe)
        assert result is not None
        predicted = rule(run.exercise, wrong).forward(probe.inputs)
        got = result.outputs[0] if result.outputs else None
        if not _agree(predicted, UNDEFINED if got is None else got, probe.dtype):
            return False
        truth = probe.truth.outputs[0]
        told_apart += isinstance(predicted, Tensor) and not _agree(truth, predicted, probe.dtype)
    return told_apart > 0


Got = Tensor | Oddity | Undefined | None


def _agree(predicted: Value, got: Got, dtype: str) -> bool:
    if isinstance(predicted, Tensor) and isinstance(got, Tensor):
        return same(got, predicted, dtype)
    if predicted is None:
        return got is None
    return isinstance(predicted, Undefined) and isinstance(got, Undefined)


def _gradients(run: ExerciseRun, probe: Probe) -> tuple[Got, ...]:
    """What the student's backward gave for each input; undefined where it raised, or gave another
    number of gradients."""
    result = run.result(probe)
    assert result is not None
    count = len(probe.inputs)
    if result.error is not None:
        return (UNDEFINED,) * count
    return (*result.grads, *([None] * (count - len(result.grads))))


def _wrong_inputs(
    run: ExerciseRun, probes: list[Probe], gradients: dict[str, tuple[Got, ...]]
) -> set[int]:
    return {
        at
        for probe in probes
        for at, want in enumerate(probe.truth.grads)
        if not _agree(want, gradients[probe.id][at], probe.dtype)
        and not _all_undefined(gradients[probe.id])
    }


def _all_undefined(values: tuple[Got, ...]) -> bool:
    return all(isinstance(value, Undefined) for value in values)


def _may_explain(run: ExerciseRun, misconception: Misconception, wrong: set[int]) -> bool:
    """Whether it speaks of the inputs that are wrong: of all of them, or of each by itself."""
    if misconception.forward is not None:
        return False
    about = {run.exercise.inputs.index(name) for name in misconception.gradients}
    return wrong <= about if misconception.each else wrong == about


def _gives_gradients(
    run: ExerciseRun,
    probes: list[Probe],
    misconception: Misconception,
    gradients: dict[str, tuple[Got, ...]],
    wrong: set[int],
) -> bool:
    told_apart = 0
    by = rule(run.exercise, misconception)
    for probe in probes:
        predicted, got = probe.expected(by), gradients[probe.id]
        if _all_undefined(got):
            if not any(_raises(run, predicted.grads[at], probe.inputs[at]) for at in wrong):
                return False
            continue
        for at in wrong:
            if not _agree(predicted.grads[at], got[at], probe.dtype):
                return False
        told_apart += any(_differs(probe, predicted, at) for at in wrong)
    return told_apart > 0


def _raises(run: ExerciseRun, value: Value, like: Tensor) -> bool:
    """Whether nothing can have come of a backward that gives this; in a composition also because
    the one before it could not take the shape."""
    if not run.exercise.steps or not isinstance(value, Tensor) or value.shape == like.shape:
        return isinstance(value, Undefined)
    try:
        value.sum_to_size(like.shape)
    except RuntimeError:
        return True
    return False


def _differs(probe: Probe, predicted: Expected, at: int) -> bool:
    return not _agree(probe.truth.grads[at], predicted.grads[at], probe.dtype)
