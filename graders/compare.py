"""Owns the question whether two tensors are the same, up to rounding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from graders.evidence import Oddity

TOLERANCES = {"float32": (1e-4, 1e-5), "float64": (1e-9, 1e-10)}
"""Relative and absolute tolerance by the dtype of a probe. The absolute one grows with the largest
number expected, so that a sum of large numbers may round as sums do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a value differs: "nothing", "oddity", "shape", "kind" or "values".

    For "values", `at` is the index of the element that is farthest off, `got` and `want` are it.
    """

    kind: str
    at: tuple[int, ...] = ()
    got: float = 0.0
    want: float = 0.0


def difference(got: Tensor | Oddity | None, want: Tensor, dtype: str) -> Difference | None:
    """What is wrong with `got` where the float64 tensor `want` was expected, or None."""
    if got is None:
        return Difference("nothing")
    if isinstance(got, Oddity):
        return Difference("oddity")
    if got.shape != want.shape:
        return Difference("shape")
    if got.is_complex():
        return Difference("kind")
    if want.numel() == 0:
        return None
    numbers = got.double()
    relative, absolute = TOLERANCES[dtype]
    size = want.abs()
    slack = absolute * max(1.0, float(size.max())) + relative * size
    # NaN compares as false, so that it is never close.
    close = (numbers - want).abs() <= slack
    if bool(close.all()):
        return None
    return _worst(numbers, want, close)


def _worst(got: Tensor, want: Tensor, close: Tensor) -> Difference:
    off = (got - want).abs().nan_to_num(nan=float("inf"), posinf=float("inf"))
    flat = int(torch.where(close, -1.0, off).argmax())
    at = tuple(int(i) for i in torch.unravel_index(torch.tensor(flat), want.shape))
    return Difference("values", at, float(got.reshape(-1)[flat]), float(want.reshape(-1)[flat]))


def same(got: Tensor, want: Tensor, dtype: str) -> bool:
    """Whether two tensors agree in shape and, up to rounding, in every element."""
    return difference(got, want, dtype) is None
