"""Checks block each other: what a family is built on is shown no later, or it would tell of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.visibility.rules import Rules, When
from graders import judge
from graders.exercises import EXERCISES
from graders.judging.checks import catalogue
from graders.judging.exercise_run import ExerciseRun
from graders.model.exercise import FAMILIES
from graders.results.failure import Failure
from graders.results.report import Check

EXERCISE = EXERCISES["product"]
RUN = cast(
    ExerciseRun,
    SimpleNamespace(
        exercise=EXERCISE,
        of_kind=lambda kind: [kind],
        students_names={name: name for name in EXERCISE.inputs},
    ),
)
"""A run of which every probe was asked; the checks below do not look at it."""


def judged(failed: Collection[int]) -> list[Check]:
    """The checks of an exercise as the judge gates them, where those at these places fail."""

    def look(at: int) -> Callable[[ExerciseRun], Failure | None]:
        return lambda _: Failure(f"Wrong: {at}.") if at in failed else None

    specs = [replace(spec, look=look(at)) for at, spec in enumerate(catalogue(RUN))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "_unreadable", lambda _: None)
        checks, _ = judge._gated(specs, [1.0] * len(specs), RUN)
    return checks


some_whens = some.dictionaries(some.sampled_from(FAMILIES), some.sampled_from(When))
places = some.frozensets(some.integers(0, 30))


@given(shown=some_whens, one=places, other=places)
def test_the_checks_that_are_shown_say_nothing_of_those_that_are_not(
    shown: dict[str, When], one: frozenset[int], other: frozenset[int]
) -> None:
    rules = Rules(shown)
    families = {family for family in FAMILIES if not rules.waits_for(family)}
    kept = {at for at, spec in enumerate(catalogue(RUN)) if spec.family in families}
    first, second = judged(one), judged((one & kept) | (other - kept))
    assert [c for c in first if c.family in families] == [c for c in second if c.family in families]


def test_an_order_that_is_too_generous_would_be_found() -> None:
    forward = next(at for at, spec in enumerate(catalogue(RUN)) if spec.family == "forward")
    of_contract = [
        [check for check in judged(failed) if check.family == "contract"]
        for failed in ((), (forward,))
    ]
    assert of_contract[0] != of_contract[1]
