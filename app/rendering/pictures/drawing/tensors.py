"""Owns how a tensor of a report is laid out in matrices, and where two of them differ.

A tensor is `{"name", "dtype", "shape", "values", "cut"}`; its values are nested lists, or one flat
list of the first ones where there are too many. In a tensor of more than two dimensions, the
leading indices say which matrix is meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.rendering.pictures.drawing.numbers import digits, finite, number, write
from app.rendering.pictures.drawing.svg import clean

Json = Mapping[str, Any]
Place = tuple[int, ...]
_TOLERANCES = {"float64": (1e-7, 1e-8)}  # relative and absolute, as the judge's
_TOLERANCE = (1e-4, 1e-5)
_DEEPEST = 32
_MOST_ENTRIES, _MOST_COLUMNS = 400, 100


@dataclass(frozen=True)
class Tensor:
    """A tensor as read. `matrices` maps leading indices to rows; a vector is one row."""

    name: str
    dtype: str
    shape: tuple[int, ...] | None
    cut: bool
    depth: int
    matrices: dict[Place, list[list[Any]]]

    @property
    def kind(self) -> str:
        """What it is, for people: "float32, shape (2, 3)"."""
        if self.shape is None or not self.matrices:
            return self.dtype
        size = f"shape {self.shape}" if self.shape else "a single number"
        return f"{self.dtype}, {size}" if self.dtype else size

    def entries(self) -> Iterator[tuple[Place, Any]]:
        """Every value with its full index; a scalar's index is empty."""
        for at, rows in self.matrices.items():
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    yield (*at, *((i, j) if self.depth > 1 else (j,) * self.depth)), value


def read(tensor: Json) -> Tensor:
    """A tensor of a report. Nothing in it is trusted but that it is JSON."""
    values, shape = tensor.get("values"), _shape(tensor.get("shape"))
    whole = 1 if shape is None else math.prod(shape)
    if shape is not None and isinstance(values, list) and _depth(values) == 1 < len(shape):
        values = _folded(values, shape)
    depth = _depth(values)
    matrices = dict(_matrices(values, depth, ())) if values is not None else {}
    count = sum(len(row) for rows in matrices.values() for row in rows)
    return Tensor(
        name=clean(tensor.get("name") or ""),
        dtype=clean(tensor.get("dtype") or "").removeprefix("torch."),
        shape=shape,
        cut=bool(tensor.get("cut")) or 0 < count < whole,
        depth=depth,
        matrices=matrices,
    )


def _shape(shape: Any) -> tuple[int, ...] | None:
    if not isinstance(shape, (list, tuple)):
        return None
    return tuple(shape) if all(type(n) is int and n >= 0 for n in shape) else None


def _folded(flat: list[Any], shape: tuple[int, ...]) -> list[Any]:
    for size in reversed(shape[1:]):
        step = max(1, size)
        flat = [flat[i : i + step] for i in range(0, len(flat), step)]
    return flat


def _depth(values: Any) -> int:
    depth = 0
    while isinstance(values, list) and depth < _DEEPEST:
        depth, values = depth + 1, values[0] if values else None
    return depth


def _matrices(values: Any, depth: int, at: Place) -> Iterator[tuple[Place, list[list[Any]]]]:
    if depth == 0:
        yield at, [[values]]
    elif depth == 1:
        yield at, [list(values)] if values else []
    elif depth == 2:
        yield at, [list(row) if isinstance(row, list) else [row] for row in values]
    else:
        for index, part in enumerate(values):
            yield from _matrices(part, min(depth - 1, _depth(part)), (*at, index))


@dataclass(frozen=True)
class Comparison:
    """Expected beside got, entry by entry, where the two have one shape; else `alike` is False."""

    expected: Tensor
    got: Tensor | None
    alike: bool
    wrong: frozenset[Place] = frozenset()
    digits: int = 4


def compare(exhibit: Json) -> Comparison | None:
    """What a check expected and got; None where there is nothing expected."""
    if not isinstance(exhibit.get("expected"), Mapping):
        return None
    expected = read(exhibit["expected"])
    if not isinstance(exhibit.get("got"), Mapping):
        return Comparison(expected, None, alike=False)
    got = read(exhibit["got"])
    alike = expected.shape == got.shape and expected.depth == got.depth
    if not alike:
        return Comparison(expected, got, alike=False)
    values = dict(got.entries())
    pairs = {at: (want, values[at]) for at, want in expected.entries() if at in values}
    relative, absolute = _TOLERANCES.get(expected.dtype, _TOLERANCE)
    absolute *= max([1.0, *(abs(a) for want, _ in pairs.values() if (a := finite(want)))])
    wrong = {at for at, (a, b) in pairs.items() if not _close(a, b, relative, absolute)}
    # A judge may be stricter than these limits: then whatever differs at all is wrong.
    wrong = wrong or {at for at, (a, b) in pairs.items() if write(a, 17) != write(b, 17)}
    return Comparison(expected, got, True, frozenset(wrong), digits(pairs[at] for at in wrong))


def _close(want: Any, have: Any, relative: float, absolute: float) -> bool:
    a, b = number(want), number(have)
    if a is None or b is None or math.isinf(a) or math.isinf(b):
        return bool(want == have)
    return abs(b - a) <= absolute + relative * abs(a)


@dataclass(frozen=True)
class Entry:
    """One number as text; `off` where it is not what was expected."""

    text: str
    off: bool = False


@dataclass(frozen=True)
class Slice:
    """A matrix of a tensor, and which one ("[0, :, :]") where there are several."""

    at: str
    rows: list[list[Entry]]


@dataclass(frozen=True)
class Table:
    """A tensor to be set in brackets: one row for a vector, one entry for a scalar."""

    name: str
    kind: str
    slices: list[Slice]
    cut: bool = False
    is_scalar: bool = False


def table(tensor: Tensor, digits: int = 4, wrong: frozenset[Place] = frozenset()) -> Table:
    """A tensor as text, at most about 400 entries of it; what is `wrong` is marked."""
    entries = iter([Entry(clean(write(v, digits)), at in wrong) for at, v in tensor.entries()])
    slices: list[Slice] = []
    left, cut = _MOST_ENTRIES, tensor.cut
    for at, rows in tensor.matrices.items():
        matrix = [[next(entries) for _ in row] for row in rows]
        shown = [row[:_MOST_COLUMNS] for row in matrix[: max(0, left) // _columns(matrix)]]
        cut = cut or sum(map(len, shown)) < sum(map(len, matrix))
        left -= sum(map(len, shown))
        if any(shown):
            slices.append(Slice(where(at), shown))
    return Table(tensor.name, tensor.kind, slices, cut, tensor.depth == 0)


def _columns(rows: list[list[Entry]]) -> int:
    return max(1, min(_MOST_COLUMNS, max(map(len, rows), default=1)))


def where(at: Place) -> str:
    """Which matrix of a larger tensor: "[0, :, :]"; empty for the only one."""
    return f"[{', '.join(str(i) for i in at)}, :, :]" if at else ""
