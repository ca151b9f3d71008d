"""Owns what lateness costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.timing import moments
from app.timing.windows import Window

HOUR = timedelta(hours=1)


class Unit(StrEnum):
    """What is taken off: a part of the points that an attempt has, or points."""

    PERCENT = "percent"
    POINTS = "points"


class Per(StrEnum):
    """What it is taken off for: each day or hour that has begun, or once for all."""

    DAY = "day"
    HOUR = "hour"
    ONCE = "once"


@dataclass(frozen=True)
class Lateness:
    """How late an attempt is, and what that takes off its score: first a share, then points.

    `steps` are the days or hours that had begun, or 1.
    """

    is_late: bool = False
    steps: int = 0
    share: float = 0.0
    points: float = 0.0

    @property
    def takes(self) -> bool:
        """Whether it takes anything off."""
        return bool(self.share or self.points)

    def left_of(self, score: float) -> float:
        """What counts of a score; never less than nothing."""
        return max(score * (1.0 - self.share) - self.points, 0.0)


IN_TIME = Lateness()


@dataclass(frozen=True)
class LatePolicy:
    """So much is taken off for each day or hour that has begun after the due date, or once.

    `amount` and `cap`, the most that is taken off in all, are in percent or in points. An amount of
    0 takes nothing off: late work is only marked so. What is in time by the window's grace costs
    nothing; what is later has its days counted from the due date itself.
    """

    amount: float = 0.0
    unit: Unit = Unit.PERCENT
    per: Per = Per.DAY
    cap: float | None = None

    def lateness(self, window: Window, moment: datetime, zone: str) -> Lateness:
        """How late work handed in at `moment` is; days are those of the clock in `zone`."""
        if window.due_at is None or not window.is_late(moment):
            return IN_TIME
        steps = self._steps(window.due_at, moment, zone)
        taken = self.amount * steps if self.cap is None else min(self.amount * steps, self.cap)
        if self.unit is Unit.POINTS:
            return Lateness(True, steps, points=taken)
        return Lateness(True, steps, share=min(taken, 100.0) / 100.0)

    def _steps(self, due_at: datetime, moment: datetime, zone: str) -> int:
        if self.per is Per.ONCE:
            return 1
        if self.per is Per.HOUR:
            return math.ceil((moment - due_at) / HOUR)
        return moments.days_begun(due_at, moment, zone)
