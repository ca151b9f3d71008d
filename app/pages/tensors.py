"""Owns how tensors in a report are written: as small tables, with the digits that tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_ENTRIES = 400
_CLOSE = {"float64": (1e-8, 1e-10)}
_CLOSE_ELSE = (1e-4, 1e-6)


@dataclass(frozen=True)
class Entry:
    """One number as text; `off` where it is not what was expected."""

    text: str
    off: bool = False


@dataclass(frozen=True)
class Slice:
    """A matrix of a tensor; `at` says which one, where there are several ("[0, :, :]")."""

    at: str
    rows: list[list[Entry]]


@dataclass(frozen=True)
class Table:
    """A tensor as one or more matrices. A vector is one row, a scalar one entry.

    `say` tells what the matrices do not: that there are no elements, or more than are shown.
    """

    name: str
    kind: str
    slices: list[Slice]
    say: str = ""


def table(tensor: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> Table:
    """A tensor of a report, `{"name"?, "dtype"?, "shape"?, "values"}`.

    Entries that differ from those of `other` are marked, where both have the same shape.
    """
    values, shape = tensor.get("values"), list(tensor.get("shape") or [])
    apart = _apart(tensor, other)
    flat = list(_flat(values))
    digits = _digits(flat, list(_flat(other.get("values"))) if other and apart else [], apart)
    slices = list(_slices(values, shape, apart, digits)) if flat else []
    kind = " ".join(filter(None, [str(tensor.get("dtype") or ""), _shape(tensor)]))
    return Table(str(tensor.get("name") or ""), kind, slices, _say(values, len(flat), shape))


def _say(values: Any, shown: int, shape: list[int]) -> str:
    if values is None:
        return ""
    if not shown:
        return "no elements"
    return f"the first {shown} of {math.prod(shape)}" if shown < math.prod(shape) else ""


def _shape(tensor: Mapping[str, Any]) -> str:
    shape = tensor.get("shape")
    if shape is None or tensor.get("values") is None:
        return ""
    return " × ".join(str(size) for size in shape) if shape else "scalar"


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, list):
        for value in values:
            yield from _flat(value)
    elif values is not None:
        yield values


def number(value: Any) -> float | None:
    """A value of a report as a float: JSON has no NaN, so it may come as text."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _apart(tensor: Mapping[str, Any], other: Mapping[str, Any] | None) -> list[bool]:
    """For each entry whether it differs; empty where the two cannot be compared one by one."""
    if other is None or tensor.get("shape") != other.get("shape"):
        return []
    mine, theirs = list(_flat(tensor.get("values"))), list(_flat(other.get("values")))
    if len(mine) != len(theirs):
        return []
    relative, absolute = _CLOSE.get(str(tensor.get("dtype")), _CLOSE_ELSE)
    return [not _close(a, b, relative, absolute) for a, b in zip(mine, theirs, strict=True)]


def _close(one: Any, two: Any, relative: float, absolute: float) -> bool:
    a, b = number(one), number(two)
    if a is None or b is None or math.isinf(a) or math.isinf(b):
        return bool(one == two)
    return math.isclose(a, b, rel_tol=relative, abs_tol=absolute)


def _digits(flat: list[Any], others: list[Any], apart: list[bool]) -> int:
    """The fewest significant digits, at least 4, that show each difference as one."""
    pairs = [(a, b) for a, b, off in zip(flat, others, apart, strict=False) if off]
    for digits in (4, 6, 9, 12, 17):
        if all(write(a, digits) != write(b, digits) for a, b in pairs if a != b):
            return digits
    return 17


def write(value: Any, digits: int = 4) -> str:
    """A number with `digits` significant digits, no idle zeros, and a real minus sign."""
    as_number = number(value)
    if as_number is None or isinstance(value, bool):
        return str(value)
    if math.isnan(as_number):
        return "NaN"
    if math.isinf(as_number):
        return "−∞" if as_number < 0 else "∞"
    return f"{as_number:.{digits}g}".replace("-", "−").replace("e+", "e")


def _slices(values: Any, shape: list[int], apart: list[bool], digits: int) -> Iterator[Slice]:
    marks = iter(apart)

    def entry(value: Any) -> Entry:
        return Entry(write(value, digits), next(marks, False))

    left = _MOST_ENTRIES
    for at, matrix in _matrices(values, shape):
        rows = [[entry(value) for value in row] for row in matrix]
        left -= sum(len(row) for row in rows)
        yield Slice(at, rows)
        if left <= 0:
            return


def _matrices(values: Any, shape: list[int]) -> Iterator[tuple[str, list[list[Any]]]]:
    if not isinstance(values, list):
        yield "", [[values]]
    elif len(shape) < 3 or not isinstance(values[0], list):
        yield "", values if values and isinstance(values[0], list) else [values]
    else:
        for index, part in enumerate(values):
            for at, matrix in _matrices(part, shape[1:]):
                inner = at.removeprefix("[").removesuffix("]") or ":, :"
                yield f"[{index}, {inner}]", matrix
