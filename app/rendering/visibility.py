"""Owns how it is said what is shown when: to staff as a setting, to students as what is to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.models import Assignment
from app.rendering import formatting
from app.timing.windows import Window
from app.visibility.rules import PARTS, SCORE, Meanwhile, Rules, Shown, Sight, When
from graders.model.exercise import FAMILIES

TITLES = {
    "contract": "the form of the class",
    "forward": "forward",
    "gradient": "gradients",
    "requires_grad": "inputs that need no gradient",
    "robustness": "edge cases",
    "feedback": "hints and numbers",
    "score": "the whole score",
}
"""The parts of a verdict, as they stand in a list."""
WHENS = {
    When.AT_ONCE: "at once",
    When.AFTER_DUE: "after the due date",
    When.AFTER_RELEASE: "after release",
    When.NEVER: "never",
}
_SCORES = {
    Shown.PART: "the score has the checks that are shown",
    Shown.NONE: "no score is shown",
}
MEANWHILE = {
    Meanwhile.PART: "the score has what is shown",
    Meanwhile.NONE: "there is no score",
}


def setting(rules: Rules) -> str:
    """What is set, in one sentence without its full stop."""
    said = [f"{_listed(parts)} {_when(waits)}" for waits, parts in _together(rules)]
    until = f"; until then {MEANWHILE[rules.meanwhile]}" if rules.waits_for(SCORE) else ""
    told = rules.score_tells_of
    gives = f"; the whole score tells the points of {_listed(told)}" if told else ""
    steps = "; hints in steps" if rules.in_steps else ""
    return f"Students see {'; '.join(said)}{until}{gives}{steps}"


def to_come(
    assignment: Assignment, sight: Sight, window: Window, now: datetime, whose: str = "your"
) -> list[str]:
    """What a student with this sight and window is not shown now, and when it will be.

    It is told to the student, or of the student, where it is "their" due date.
    """
    rules, zone = assignment.visibility, assignment.course.timezone
    released = assignment.released_at is not None
    said: list[str] = []
    for waits, parts in _together(rules):
        left = [part for part in parts if not _is_seen(part, sight)]
        if left:
            when = _until(waits, window, zone, now, released).format(whose=whose)
            said.append(f"{_listed(left, capital=True)}: {when}.")
    if said and sight.score is not Shown.WHOLE:
        until = "" if When.NEVER in rules.waits_for(SCORE) else "until then "
        what = _SCORES[sight.score]
        said.append(f"{until}{what}"[0].upper() + f"{until}{what}."[1:])
    return said


def _together(rules: Rules) -> list[tuple[frozenset[When], list[str]]]:
    """The parts, by all that has to be before they are shown; what is shown first comes first."""
    found: dict[frozenset[When], list[str]] = {}
    for part in PARTS:
        found.setdefault(rules.waits_for(part), []).append(part)
    order = list(When)
    return sorted(found.items(), key=lambda one: sorted(order.index(when) for when in one[0]))


def _when(waits: frozenset[When]) -> str:
    if not waits or When.NEVER in waits:
        return WHENS[When.NEVER if waits else When.AT_ONCE]
    return " and ".join(WHENS[when] for when in When if when in waits)


def _until(waits: frozenset[When], window: Window, zone: str, now: datetime, released: bool) -> str:
    """When parts that wait for this are shown: "shown after Friday 14:00"."""
    if When.NEVER in waits:
        return "not shown"
    said = []
    if When.AFTER_DUE in waits and window.due_at and not window.is_late(now):
        due = formatting.brief(window.due_at + window.grace, zone, now)
        said.append(f"after {{whose}} due date, {due}")
    if When.AFTER_RELEASE in waits and not released:
        said.append("once the results are released")
    return "shown " + ", and ".join(said)


def _is_seen(part: str, sight: Sight) -> bool:
    if part == SCORE:
        return sight.score is Shown.WHOLE
    return sight.feedback if part == "feedback" else part in sight.families


def _listed(parts: Iterable[str], *, capital: bool = False) -> str:
    parts = list(parts)
    has_all = set(FAMILIES) <= set(parts)
    left = [part for part in parts if not (has_all and part in FAMILIES)]
    *rest, last = [*(["all checks"] if has_all else []), *(TITLES[part] for part in left)]
    said = f"{', '.join(rest)} and {last}" if rest else last
    return said[0].upper() + said[1:] if capital else said
