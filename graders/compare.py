"""Owns the question whether two tensors are the same, up to rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from graders.evidence import Oddity

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


def difference(
    got: Tensor | Oddity | None, want: Tensor, dtype: str, scale: float = 1.0
) -> Difference | None:
    """What is wrong with `got` where the float64 tensor `want` was expected, or None.

    `scale` is 1, or less where numbers far below 1 are to be told from 0.
    """
    if got is None:
        return Difference("nothing")
    if isinstance(got, Oddity):
        return Difference("oddity")
    if got.shape != want.shape:
        return Difference("shape")
    if got.is_complex():
        return Difference("kind")
    # Our own tensors are small, and plain numbers are quicker to compare than small tensors.
    wanted = want.flatten().tolist()
    if not wanted:
        return None
    numbers = got.flatten().tolist()
    relative, absolute = TOLERANCES[dtype]
    slack = absolute * max(scale, *map(abs, wanted))
    # NaN compares as false, so that it is never close.
    off = [
        at
        for at, (number, wish) in enumerate(zip(numbers, wanted, strict=True))
        if not abs(number - wish) <= slack + relative * abs(wish)
    ]
    if not off:
        return None
    worst = max(off, key=lambda at: _distance(numbers[at], wanted[at]))
    coarse = dtype == "float64" and difference(got, want, "float32", scale) is None
    kind = "precision" if coarse else "values"
    return Difference(kind, _index(worst, want.shape), numbers[worst], wanted[worst])


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
