"""Owns the words for a value that is not what was expected."""

from __future__ import annotations

import math
from collections.abc import Iterable

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


_LOSES = {
    "float16": "which rounds to three digits",
    "bfloat16": "which rounds to two digits",
    "float32": "which rounds to seven digits",
    "bool": "which is 0 or 1",
}


def came_as(off: Difference, dtype: str, name: str, wanted: str) -> str:
    """What a gradient's own dtype has to do with its numbers; empty where it loses nothing."""
    if off.kind == "precision" and dtype:
        return f"`backward` returned it as {dtype}."
    is_whole = dtype.startswith(("int", "uint"))
    loses = "which has no fractions" if is_whole else _LOSES.get(dtype)
    if loses is None:
        return ""
    return (
        f"`backward` returned it as {dtype}, {loses}; `{name}` is {wanted}, and so is its gradient."
    )


_LARGE = 50.0


def overflow(off: Difference, inputs: Iterable[tuple[str, Tensor]], dtype: str) -> str:
    """What to ask about an infinity, or what is no number, where an input is large there; empty
    for other numbers."""
    if off.kind != "values" or math.isfinite(off.got) or not math.isfinite(off.want):
        return ""
    there = [(name, one[off.at]) for name, one in inputs if one.dim() >= len(off.at)]
    large = [(name, one.abs().max().item()) for name, one in there if one.numel()]
    told = [f"`{name}` reaches {formatting.number(most)}" for name, most in large if most > _LARGE]
    if not told:
        return ""
    return f"There {' and '.join(told)}: is something on the way more than {dtype} can hold?"


def returned(off: Difference, got: Tensor | Oddity, want: Tensor) -> str:
    """The end of a sentence about a result."""
    if isinstance(got, Oddity):
        if got.kind == "None":
            return "returned None where one tensor was expected. Is there a `return` at its end?"
        wanted = "an ordinary" if got.kind.startswith("tensor") else "one"
        return f"returned {formatting.kind(got)} where {wanted} tensor was expected."
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
        return f"is {formatting.kind(got)} where an ordinary tensor was expected."
    if off.kind == "shape":
        return f"has {formatting.shape(got)} where {formatting.shape(want)} was expected."
    if off.kind == "kind":
        return "is complex."
    if off.kind == "precision":
        return f"is {_COARSE}"
    came, expected = formatting.pair(off.got, off.want)
    return f"is {came}{_index(off.at)} where {expected} was expected."
