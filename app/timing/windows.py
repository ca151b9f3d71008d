"""Owns from when to when work is taken, and until when it is in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self


@dataclass(frozen=True)
class Extension:
    """More time, or more attempts, for somebody; None leaves a time as it is."""

    due_at: datetime | None = None
    closes_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True)
class Window:
    """When an assignment opens, is due and closes; None is no bound.

    Work within `grace` after the due date is still in time.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    grace: timedelta = timedelta()

    def __post_init__(self) -> None:
        for name in ("opens_at", "due_at", "closes_at"):
            if (bound := getattr(self, name)) is not None:
                object.__setattr__(self, name, bound.astimezone(UTC))

    def has_opened(self, moment: datetime) -> bool:
        """Whether students may read it; before, they know its title and times only."""
        return self.opens_at is None or self.opens_at <= moment

    def has_closed(self, moment: datetime) -> bool:
        """Whether work is no longer taken; at the very moment of closing it still is."""
        return self.closes_at is not None and moment > self.closes_at

    def is_open(self, moment: datetime) -> bool:
        """Whether work is taken."""
        return self.has_opened(moment) and not self.has_closed(moment)

    def is_late(self, moment: datetime) -> bool:
        """Whether work handed in then is past the due date and its grace."""
        return self.due_at is not None and moment > self.due_at + self.grace

    def is_over(self, moment: datetime) -> bool:
        """Whether who has handed in nothing has missed it."""
        return self.is_late(moment) or self.has_closed(moment)

    def extended(self, extension: Extension) -> Self:
        """With more time. Nobody loses by it: an earlier time than there is changes nothing.

        It stays open until the new due date at least.
        """
        due_at = _later(self.due_at, extension.due_at)
        closes_at = _later(self.closes_at, extension.closes_at)
        if closes_at is not None and due_at is not None and extension.due_at is not None:
            closes_at = max(closes_at, due_at)
        return replace(self, due_at=due_at, closes_at=closes_at)


def _later(bound: datetime | None, extended: datetime | None) -> datetime | None:
    """The later of two; what has no bound gets none."""
    if bound is None or extended is None:
        return bound
    return max(bound, extended)
