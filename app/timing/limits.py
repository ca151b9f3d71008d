"""Owns how often somebody may hand in: in all, on one day, and how soon after the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.timing import moments


@dataclass(frozen=True)
class Used:
    """What somebody has used by now: attempts in all, those of today, and when the last came."""

    in_all: int = 0
    today: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Allowance:
    """What somebody may still do: None is as often as they like.

    `again_at` is when the next attempt is taken, where one is left and it is not taken now.
    """

    left: int | None = None
    left_today: int | None = None
    again_at: datetime | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether no attempt is left for ever."""
        return self.left == 0

    @property
    def takes(self) -> bool:
        """Whether an attempt is taken now."""
        return not self.is_used_up and self.again_at is None


@dataclass(frozen=True)
class Limits:
    """How many attempts there are in all and on one day, and the pause between two."""

    in_all: int | None = None
    a_day: int | None = None
    pause: timedelta = timedelta()

    @property
    def bind(self) -> bool:
        """Whether there is any."""
        return self.in_all is not None or self.a_day is not None or bool(self.pause)

    def allowance(self, used: Used, moment: datetime, zone: str) -> Allowance:
        """What is left at `moment` to somebody who has used so much; days are those of `zone`."""
        left = None if self.in_all is None else max(0, self.in_all - used.in_all)
        left_today = None if self.a_day is None else max(0, self.a_day - used.today)
        waits = []
        if left_today == 0:
            waits.append(moments.next_day(moment, zone))
        if used.last_at is not None and moment - used.last_at < self.pause:
            waits.append(used.last_at.astimezone(UTC) + self.pause)
        return Allowance(
            left, left_today, moments.next_minute(max(waits)) if waits and left != 0 else None
        )
