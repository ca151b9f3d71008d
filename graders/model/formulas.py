"""Owns the evaluation of an exercise's formulas with torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from graders.model.exercise import Exercise, Misconception


class Undefined:
    """What a wrong formula gives on shapes that do not fit together."""


UNDEFINED = Undefined()
Value = Tensor | Undefined | None
"""A gradient: None is none at all, which stands for zeros."""


@cache
def _compiled(formula: str, names: tuple[str, ...]) -> Callable[..., Any]:
    function: Callable[..., Any] = eval(  # noqa: S307 - formulas are our own data
        f"lambda {', '.join(names)}: ({formula})", {"torch": torch}
    )
    return function


class Rule:
    """An exercise's formulas, compiled; with a misconception, those that it puts in their place."""

    def __init__(self, exercise: Exercise, wrong: Misconception | None = None):
        names = exercise.inputs
        formulas = dict(exercise.gradients)
        forward = exercise.reference
        if wrong is not None:
            formulas.update(wrong.gradients)
            forward = wrong.forward or forward
        self._forward = _compiled(forward, names)
        self._gradients = [_compiled(formulas[name], (*names, "y", "dzdy")) for name in names]

    def forward(self, inputs: Sequence[Tensor]) -> Tensor | Undefined:
        """The result for inputs of any one dtype."""
        try:
            result: Tensor = self._forward(*inputs)
        except (RuntimeError, IndexError):
            return UNDEFINED
        return result

    def gradient(self, at: int, inputs: Sequence[Tensor], y: Tensor, dzdy: Tensor) -> Value:
        """The gradient of the input numbered `at`, given the result and its upstream gradient."""
        try:
            result: Tensor | None = self._gradients[at](*inputs, y, dzdy)
        except (RuntimeError, IndexError):
            return UNDEFINED
        return result


@cache
def rule(exercise: Exercise, wrong: Misconception | None = None) -> Rule:
    """The compiled formulas of an exercise, kept for the life of the process."""
    return Rule(exercise, wrong)
