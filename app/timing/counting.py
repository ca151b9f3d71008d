"""Owns which of somebody's attempts counts.

The grade itself is kept by a trigger, which says the same in SQL (migration 0021); a test compares
the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Counts(StrEnum):
    """Which attempt counts, of those that are graded."""

    BEST = "best"
    LATEST = "latest"
    ON_TIME = "best on time"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Candidate:
    """An attempt that may count: its number, what is left of its score, whether it came late."""

    attempt: int
    counted: float | None
    is_late: bool = False


def counting(
    rule: Counts, attempts: Iterable[Candidate], chosen: int | None = None
) -> Candidate | None:
    """The attempt that counts, None without a graded one; `chosen` is the number of one.

    Best: what is left after lateness decides, and of equal ones the earlier one counts. Best on
    time: a late one counts only where none came in time. Chosen: the best, until one is chosen.
    """
    graded = [one for one in attempts if one.counted is not None]
    if rule is Counts.CHOSEN:
        graded = [one for one in graded if one.attempt == chosen] or graded
    if rule is Counts.ON_TIME:
        graded = [one for one in graded if not one.is_late] or graded
    if rule is Counts.LATEST:
        return max(graded, key=lambda one: one.attempt, default=None)
    return max(graded, key=lambda one: (one.counted or 0.0, -one.attempt), default=None)
