"""Owns the words for a value that is not what was expected."""

from __future__ import annotations

from torch import Tensor

from graders.model.comparison import Difference
from graders.model.evidence import Oddity
from graders.results import formatting

_COARSE = (
    "only as exact as float32 allows, though the inputs are float64. Are there numbers without a "
    "dtype, as in `torch.ones(...)`, or a `.float()`?"
)


def _index(at: tuple[int, ...]) -> str:
    return f" at {list(at)}" if at else ""


def returned(off: Difference, got: Tensor | Oddity, want: Tensor) -> str:
    """The end of a sentence about a result."""
    if isinstance(got, Oddity):
        if got.kind == "None":
            return "returned None where one tensor was expected. Is there a `return` at its end?"
        wanted = "an ordinary" if got.kind.startswith("tensor") else "one"
        return f"returned a {got.kind} where {wanted} tensor was expected."
    if off.kind == "shape":
        return f"returned {formatting.shape(got)} where {formatting.shape(want)} was expected."
    if off.kind == "kind":
        return "returned complex numbers."
    if off.kind == "precision":
        return f"returned a result that is {_COARSE}"
    came, expected = formatting.pair(off.got, off.want)
    return f"returned {came}{_index(off.at)} where {expected} was expected."


def has(off: Difference, got: Tensor | Oddity, want: Tensor) -> str:
    """The end of a sentence about a gradient."""
    if isinstance(got, Oddity):
        return f"is a {got.kind} where an ordinary tensor was expected."
    if off.kind == "shape":
        return f"has {formatting.shape(got)} where {formatting.shape(want)} was expected."
    if off.kind == "kind":
        return "is complex."
    if off.kind == "precision":
        return f"is {_COARSE}"
    came, expected = formatting.pair(off.got, off.want)
    return f"is {came}{_index(off.at)} where {expected} was expected."
