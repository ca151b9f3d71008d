"""Owns all rules of time of one student in one assignment, and what a hand-in now would count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from app.timing import moments
from app.timing.counting import Counts
from app.timing.late import IN_TIME, Lateness, LatePolicy
from app.timing.limits import Limits
from app.timing.windows import Extension, Window


class Becomes(StrEnum):
    """What a hand-in would do to the attempt that counts."""

    COUNTS = "it counts"
    REPLACES = "it replaces the one that counts"
    IF_BETTER = "it counts if it is better"
    CANNOT = "it cannot count more than there is"
    IF_CHOSEN = "it counts if it is chosen"


@dataclass(frozen=True)
class Prospect:
    """What a hand-in would count: how late it is, the most it could be worth, what becomes of it.

    `standing` are the points that count so far.
    """

    lateness: Lateness
    most: float
    becomes: Becomes
    standing: float | None


@dataclass(frozen=True)
class Terms:
    """The rules for one student: an assignment's, with the extensions that they have.

    Whoever is `exempt` is never late.
    """

    window: Window
    late: LatePolicy
    limits: Limits
    counts: Counts
    zone: str
    exempt: bool = False

    def extended(self, extensions: Iterable[Extension]) -> Self:
        """With more time and attempts: the latest of all times, the most of all attempts."""
        window, more = self.window, 0
        for one in extensions:
            window, more = window.extended(one), max(more, one.attempts)
        in_all = None if self.limits.in_all is None else self.limits.in_all + more
        return replace(self, window=window, limits=replace(self.limits, in_all=in_all))

    def with_late_days(self, days: int) -> Self:
        """With the due date so many days later, at the same time on the clock."""
        due_at = self.window.due_at
        if due_at is None or not days:
            return self
        later = moments.days_after(due_at, days, self.zone)
        return replace(self, window=self.window.extended(Extension(due_at=later)))

    def lateness(self, moment: datetime) -> Lateness:
        """How late work handed in at `moment` is, and what that costs."""
        return IN_TIME if self.exempt else self.late.lateness(self.window, moment, self.zone)

    def prospect(
        self,
        moment: datetime,
        max_score: float,
        standing: float | None = None,
        *,
        is_late: bool = False,
        has_chosen: bool = False,
        unseen: int | None = None,
    ) -> Prospect:
        """What a hand-in at `moment` would count.

        `standing` is what is left of the score that counts so far, None without one, and `is_late`
        whether that attempt came late; `has_chosen` whether the student chose it. Of
        `unseen` attempts, where it is given, the student is not shown the whole score, and told
        nothing that depends on it.
        """
        lateness = self.lateness(moment)
        most = lateness.left_of(max_score)
        if unseen is not None:
            return Prospect(lateness, most, self._becomes_unseen(unseen, has_chosen), None)
        return Prospect(
            lateness, most, self._becomes(lateness, most, standing, is_late, has_chosen), standing
        )

    def _becomes_unseen(self, attempts: int, has_chosen: bool) -> Becomes:
        if self.counts is Counts.LATEST and attempts:
            return Becomes.REPLACES
        is_chosen = self.counts is Counts.CHOSEN and has_chosen
        return Becomes.IF_CHOSEN if is_chosen else Becomes.COUNTS

    def _becomes(
        self,
        lateness: Lateness,
        most: float,
        standing: float | None,
        was_late: bool,
        has_chosen: bool,
    ) -> Becomes:
        if standing is None:
            return Becomes.COUNTS
        if self.counts is Counts.LATEST:
            return Becomes.REPLACES
        if self.counts is Counts.CHOSEN and has_chosen:
            return Becomes.IF_CHOSEN
        if self.counts is Counts.ON_TIME and lateness.is_late != was_late:
            return Becomes.CANNOT if lateness.is_late else Becomes.REPLACES
        return Becomes.IF_BETTER if most > standing else Becomes.CANNOT
