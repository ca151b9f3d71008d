"""Owns what of an assignment's verdicts is shown to students, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.timing.windows import Window
from graders.model.exercise import FAMILIES

FEEDBACK, SCORE = "feedback", "score"
PARTS = (*FAMILIES, FEEDBACK, SCORE)
"""What has a time of its own: the checks of each family, what is said of them, the whole score."""
_BOTH = frozenset({"contract", "forward"})
_BUILT_ON: Mapping[str, frozenset[str]] = {
    "contract": _BOTH,
    "forward": _BOTH,
    "gradient": _BOTH | {"gradient"},
    "requires_grad": _BOTH | {"gradient", "requires_grad"},
    "robustness": _BOTH | {"gradient", "robustness"},
}
"""Whose failures each family tells of: by being blocked, or by points that are taken back."""


class When(StrEnum):
    """When something is shown."""

    AT_ONCE = "at once"
    AFTER_DUE = "after due"
    AFTER_RELEASE = "after release"
    NEVER = "never"


class Meanwhile(StrEnum):
    """Which score is shown until the whole one is: that of the checks that are shown, or none."""

    PART = "part"
    NONE = "none"


class Shown(StrEnum):
    """Which score somebody sees."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True)
class Sight:
    """What somebody may see of a student's work: the checks of these families, what is said of
    them, and which score."""

    families: frozenset[str]
    feedback: bool
    score: Shown
    in_steps: bool = False
    """Whether what is wrong in an exercise is told step by step, as they ask for it."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept from them."""
        return self == WHOLE

    @property
    def has_all_in_time(self) -> bool:
        """Whether nothing has to come yet, but for what they may ask for."""
        return replace(self, in_steps=False) == WHOLE

    @property
    def has_all_checks(self) -> bool:
        """Whether every check is shown."""
        return self.families == WHOLE.families


WHOLE = Sight(frozenset(FAMILIES), feedback=True, score=Shown.WHOLE)


@dataclass(frozen=True)
class Rules:
    """When each of PARTS is shown, at once where nothing is said; which score until then; whether
    what is wrong is told in steps.

    No check is shown before those that it is built on: its own verdict would tell of theirs. Nor is
    the whole score before the checks.
    """

    shown: Mapping[str, When] = field(default_factory=dict)
    meanwhile: Meanwhile = Meanwhile.PART
    in_steps: bool = False

    @property
    def hide(self) -> bool:
        """Whether anything is not shown at once."""
        return self.in_steps or any(self.waits_for(part) for part in PARTS)

    @property
    def anything_comes_when_due(self) -> bool:
        """Whether somebody sees more once their due date is past."""
        waits = [self.waits_for(part) for part in PARTS]
        return any(When.AFTER_DUE in one and When.NEVER not in one for one in waits)

    @property
    def score_tells_of(self) -> list[str]:
        """The families that are never shown, though a score is told which has their points."""
        if When.NEVER in self.waits_for(SCORE):
            return []
        return [family for family in FAMILIES if When.NEVER in self.waits_for(family)]

    def waits_for(self, part: str) -> frozenset[When]:
        """All that has to be before a part is shown; nothing where that is at once.

        The whole score waits for all checks that are ever shown: less the points of those that are
        shown before, it would tell of them.
        """
        if part == SCORE:
            of_families = [self.waits_for(family) for family in FAMILIES]
            return self._set(SCORE).union(*(one for one in of_families if When.NEVER not in one))
        return self._set(*_BUILT_ON.get(part, [part]))

    def _set(self, *parts: str) -> frozenset[When]:
        return frozenset(self.shown.get(one, When.AT_ONCE) for one in parts) - {When.AT_ONCE}

    def sight(self, window: Window, *, released: bool, moment: datetime) -> Sight:
        """What the student with this window may see of their own work at this moment."""
        come = {When.AFTER_DUE} if window.is_late(moment) else set()
        come |= {When.AFTER_RELEASE} if released else set()
        there = {part for part in PARTS if self.waits_for(part) <= come}
        families = frozenset(there & set(FAMILIES))
        if SCORE in there:
            score = Shown.WHOLE
        elif self.meanwhile is Meanwhile.PART and families:
            score = Shown.PART
        else:
            score = Shown.NONE
        return Sight(families, FEEDBACK in there, score, self.in_steps)
