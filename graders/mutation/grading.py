"""Owns grading for mutation testing: who has a cell lends its `run`, and gets reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache

import torch

from graders.exercises import EXERCISES, standing_in
from graders.judge import judge
from graders.model.evidence import Evidence, ProbeResult
from graders.model.exercise import Exercise, Shapes
from graders.model.formulas import rule
from graders.probes.plan import Plan, draw_plan
from graders.results.report import ExerciseReport

Run = Callable[[Plan, bytes], Evidence]
"""Runs a source on a plan's probes in a cell."""

POINTS = 10.0
_PLANS = 32
"""How many are kept."""
_RESIZED: tuple[Callable[[int], int], ...] = (
    lambda size: size + 1 if size > 1 else 1,
    lambda size: 7 - size if 1 < size < 6 else size,
    lambda size: 2 * size - 1,
    lambda _: 1,
)
"""Other sizes for the dimensions of an exercise's shapes; what fits together still does."""


@dataclass(frozen=True)
class Graded:
    """One grading: the plan, what came back, and the reports by slug."""

    plan: Plan
    evidence: Evidence
    exercises: Mapping[str, ExerciseReport]

    def lost(self, slug: str) -> bool:
        """Whether an exercise got less than all of its points."""
        report = self.exercises[slug]
        return report.score < report.max_score


def grade(run: Run, source: str, slugs: Sequence[str], seed: bytes) -> Graded:
    """Grades a source as a submission with this seed would be graded."""
    plan = plan_of(slugs, seed)
    evidence = run(plan, source.encode())
    report = judge(plan, evidence, dict.fromkeys(slugs, POINTS))
    return Graded(plan, evidence, {one.slug: one for one in report.exercises})


def plan_of(slugs: Sequence[str], seed: bytes) -> Plan:
    """The plan for these exercises as they are now. It is the same one for the same seed: what is
    expected of its probes is worked out once for all files."""
    return _kept_plan(tuple(EXERCISES[slug] for slug in slugs), seed)


@lru_cache(_PLANS)
def _kept_plan(exercises: tuple[Exercise, ...], seed: bytes) -> Plan:
    return draw_plan([exercise.slug for exercise in exercises], seed)


def grade_elsewhere(run: Run, source: str, slugs: Sequence[str], seed: bytes) -> Graded:
    """Grades a source on shapes that the exercises do not list."""
    with ExitStack() as stack:
        for slug in slugs:
            stack.enter_context(standing_in(resized(EXERCISES[slug])))
        return grade(run, source, slugs, seed)


_KEPT: dict[str, tuple[Exercise, Exercise]] = {}


def resized(exercise: Exercise) -> Exercise:
    """The same exercise on other shapes; always the same object for the same exercise."""
    kept = _KEPT.get(exercise.slug)
    if kept is None or kept[0] is not exercise:
        kept = (exercise, replace(exercise, shapes=_other_shapes(exercise)))
        _KEPT[exercise.slug] = kept
    return kept[1]


def _other_shapes(exercise: Exercise) -> tuple[Shapes, ...]:
    found: dict[Shapes, None] = {}
    for shapes in exercise.shapes:
        for other in _RESIZED:
            found[tuple(tuple(map(other, shape)) for shape in shapes)] = None
    known = set(exercise.shapes)
    usable = [shapes for shapes in found if shapes not in known and _fits(exercise, shapes)]
    return tuple(usable) or exercise.shapes


def _fits(exercise: Exercise, shapes: Shapes) -> bool:
    inputs = [torch.ones(shape, dtype=torch.float64) for shape in shapes]
    return isinstance(rule(exercise).forward(inputs), torch.Tensor)


def same_numbers(one: Evidence, other: Evidence, slug: str) -> bool:
    """Whether all results and gradients of an exercise agree to the last bit."""
    runs = [(one, other), (one.direct, other.direct)]
    return all(
        theirs is not None and key in theirs.probes and _same_probe(value, theirs.probes[key])
        for mine, theirs in runs
        if mine is not None
        for key, value in mine.probes.items()
        if key.startswith(f"{slug}/")
    )


def _same_probe(one: ProbeResult, other: ProbeResult) -> bool:
    mine, theirs = (*one.outputs, *one.grads), (*other.outputs, *other.grads)
    return len(mine) == len(theirs) and all(map(_same, mine, theirs))


def _same(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and one.shape == other.shape and _equal(one, other)
    return type(one) is type(other)


def _equal(one: torch.Tensor, other: torch.Tensor) -> bool:
    return bool(torch.equal(one.nan_to_num(0.5), other.nan_to_num(0.5)))
