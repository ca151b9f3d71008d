"""Owns the sharing out of points: in hundredths, so that sums are exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Weighed(Protocol):
    """A check's family, and its share within it."""

    @property
    def family(self) -> str:
        """The family that it belongs to."""

    @property
    def weight(self) -> float:
        """Its share, in proportion to the others' of its family."""


def shares(specs: Sequence[Weighed], points: float, rubric: Mapping[str, float]) -> list[float]:
    """The most that each check can earn, in the order of `specs`; together exactly `points`.

    A family's part goes to its checks by weight; what rounding leaves over goes to those that
    lost most by it.
    """
    whole = {
        family: sum(spec.weight for spec in specs if spec.family == family) for family in rubric
    }
    exact = [rubric.get(s.family, 0.0) * s.weight / (whole.get(s.family) or 1) for s in specs]
    total, cents = sum(exact), round(points * 100)
    if total <= 0:
        return [0.0] * len(specs)
    wanted = [part / total * cents for part in exact]
    given = [int(part) for part in wanted]
    most_owed = sorted(range(len(specs)), key=lambda at: given[at] - wanted[at])
    for at in most_owed[: cents - sum(given)]:
        given[at] += 1
    return [part / 100 for part in given]


def total(points: Sequence[float]) -> float:
    """An exact sum of amounts with two decimals."""
    return sum(round(part * 100) for part in points) / 100
