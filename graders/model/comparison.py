"""Owns the question whether two tensors are the same, up to rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from graders.model.evidence import Oddity

TOLERANCES = {"float32": (1e-4, 1e-5), "float64": (1e-9, 1e-10)}
"""Relative and absolute tolerance by the dtype of a probe. The absolute one grows with the largest
number expected, so that a sum of large numbers may round as sums do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a value differs: "nothing", "oddity", "shape", "kind", "precision" or "values".

    "precision" is right as float32 and wrong as float64. For it and for "values", `at` is
    the index of the element that is farthest off, `got` and `want` are that element.
    """

    kind: str
    at: tuple[int, ...] = ()
    got: float = 0.0
    want: float = 0.0


class Wanted:
    """A float64 tensor that is expected, made ready for being compared with what comes.

    `scale` is 1, or less where numbers far below 1 are to be told from 0.
    """

    __slots__ = ("_dtype", "_numbers", "_scale", "_shape", "_slacks", "tensor")

    def __init__(self, want: Tensor, dtype: str, scale: float = 1.0):
        self.tensor, self._dtype, self._scale = want, dtype, scale
        self._shape = want.shape
        # Our own tensors are small, and plain numbers are quicker to compare than small tensors.
        self._numbers: list[float] = _flat(want)
        relative, absolute = TOLERANCES[dtype]
        magnitudes = [abs(number) for number in self._numbers]
        slack = absolute * max(scale, *magnitudes) if magnitudes else 0.0
        self._slacks = [slack + relative * magnitude for magnitude in magnitudes]

    def difference(self, got: Tensor | Oddity | None) -> Difference | None:
        """What is wrong with `got`, or None."""
        if got is None:
            return Difference("nothing")
        if isinstance(got, Oddity):
            return Difference("oddity")
        if got.shape != self._shape:
            return Difference("shape")
        if got.is_complex():
            return Difference("kind")
        numbers = _flat(got)
        # NaN compares as false, so that it is never close.
        for number, want, slack in zip(numbers, self._numbers, self._slacks, strict=True):
            if not abs(number - want) <= slack:
                return self._farthest(got, numbers)
        return None

    def _farthest(self, got: Tensor, numbers: list[float]) -> Difference:
        """The difference at the first of the elements that are farthest off."""
        away = [
            -1.0 if abs(number - want) <= slack else _distance(number, want)
            for number, want, slack in zip(numbers, self._numbers, self._slacks, strict=True)
        ]
        worst = max(range(len(away)), key=away.__getitem__)
        float32 = Wanted(self.tensor, "float32", self._scale)
        coarse = self._dtype == "float64" and float32.difference(got) is None
        kind = "precision" if coarse else "values"
        at = _index(worst, self._shape)
        return Difference(kind, at, numbers[worst], self._numbers[worst])


def _flat(tensor: Tensor) -> Any:
    return tensor.tolist() if tensor.dim() == 1 else tensor.flatten().tolist()


def difference(got: Tensor | Oddity | None, want: Tensor, dtype: str) -> Difference | None:
    """What is wrong with `got` where the float64 tensor `want` was expected, or None."""
    return Wanted(want, dtype).difference(got)


def _distance(got: float, want: float) -> float:
    away = abs(got - want)
    return math.inf if math.isnan(away) else away


def _index(flat: int, shape: Sequence[int]) -> tuple[int, ...]:
    at: list[int] = []
    for length in reversed(shape):
        flat, here = divmod(flat, length)
        at.insert(0, here)
    return tuple(at)


def same(got: Tensor, want: Tensor, dtype: str) -> bool:
    """Whether two tensors agree in shape and, up to rounding, in every element."""
    return difference(got, want, dtype) is None
