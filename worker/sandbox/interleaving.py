"""Owns what goes on beside a run: work of ours while a cell works, and when it has told enough."""

from __future__ import annotations

import math
from typing import Protocol

from graders.model.evidence import Evidence


class Observer(Protocol):
    """What works beside a run, on the side of the worker."""

    pause_s: float
    """How long it lets nothing come before it wants to look again."""

    def begin(self) -> None:
        """A run begins; nothing that was seen of another one counts."""

    def step(self, seen: Evidence) -> bool:
        """Does a little work, with what has come so far; False when there is none to do."""

    def is_enough(self, seen: Evidence) -> bool:
        """Whether the answers that give no points are not wanted."""


class NoObserver:
    """Has nothing to do, and wants to hear everything."""

    pause_s = math.inf

    def begin(self) -> None:
        """Nothing was seen."""

    def step(self, seen: Evidence) -> bool:
        """There is nothing to do."""
        return False

    def is_enough(self, seen: Evidence) -> bool:
        """It is not."""
        return False
