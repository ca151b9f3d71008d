"""Owns telling what is wrong in an exercise step by step, as a student asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Self

from app.visibility.reports import Report
from graders.model.check_kinds import FAMILY_TITLES, Reason


class Step(IntEnum):
    """How much is told: that something is wrong, where, a hint, or all of it."""

    WRONG = 0
    FAMILY = 1
    HINT = 2
    EVIDENCE = 3

    @property
    def word(self) -> str:
        """What it is called in the API."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Self:
        """The step that is called so; the first where none is."""
        return next((one for one in cls if one.word == word), cls(0))

    @classmethod
    def after(cls, word: str | None) -> Self | None:
        """The step after the one that is called so; None where there is none."""
        return cls(cls.named(word) + 1) if word and word != cls.EVIDENCE.word else None


_PLAIN = frozenset({Reason.ABSENT, Reason.UNWRITTEN, Reason.UNREADABLE, Reason.NOT_RUN})
"""Why a check failed that found nothing wrong in a gradient: it is told without being asked."""


def at_step(report: Report, step: Step) -> dict[str, Any]:
    """What is told of an exercise at a step; `step` in it says which, None where there is none.

    It is made of a report that may be seen, so that no step tells of what is hidden.
    """
    failed = [one for one in report["checks"] if one["status"] == "failed"]
    if not failed or any(one.get("reason") in _PLAIN for one in failed):
        return {**report, "step": None}
    if step is Step.EVIDENCE:
        return {**report, "step": step.word}
    has_hint = step is Step.HINT and report["diagnosis"] is not None
    return {
        **report,
        "checks": [],
        "summary": _said(report, failed, step),
        "diagnosis": report["diagnosis"] if has_hint else None,
        "snippet": None,
        "details": {},
        "step": step.word,
    }


def _said(report: Report, failed: Sequence[Report], step: Step) -> str:
    if step is Step.WRONG:
        return "Something is not right yet."
    families = list(dict.fromkeys(one["family"] for one in failed))
    *rest, last = [FAMILY_TITLES.get(family, family) for family in families]
    where = f"Something is not right in: {', '.join(rest)} and {last}." if rest else ""
    where = where or f"Something is not right in: {last}."
    if step is Step.FAMILY or report["diagnosis"] is not None:
        return where
    return f"{where} {failed[0].get('message') or 'There is no hint for it yet.'}"
