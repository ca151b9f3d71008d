"""Owns what differs between a form as it was typed and what is saved by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.rendering.visibility import TITLES
from graders.exercises import EXERCISES

_LABELS = {
    "title": "Title",
    "external_id": "External id",
    "statement": "What to do",
    "opens_at": "Opens",
    "due_at": "Due",
    "closes_at": "Closes",
    "max_attempts": "Attempts allowed",
    "attempts_a_day": "Attempts a day",
    "pause_minutes": "Minutes between two attempts",
    "late_amount": "Late work loses",
    "late_unit": "Late work loses, in",
    "late_per": "Late work loses, for",
    "late_cap": "Late work loses at most",
    "late_days": "Late days that may be spent",
    "team_size": "Students in a team, at most",
    "students_form_teams": "Who forms teams",
    "teams_until": "Students form teams until",
    "grace_minutes": "Minutes that are still in time",
    "counts": "What counts",
    "trials": "Trials without handing in",
    "none_counts_once": "A needless gradient costs points once in a file",
    "published": "Published",
    "meanwhile": "The score until then",
    "hints_in_steps": "Hints in steps",
}
_PARTS = {"take": "{}", "points": "Points for {}", "place": "Place of {}"}


@dataclass(frozen=True)
class Difference:
    """One field: what is saved by now, and what was typed."""

    label: str
    saved: str
    typed: str


def between(typed: Mapping[str, str], saved: Mapping[str, str]) -> list[Difference]:
    """The fields of an assignment's form that differ, in its order."""
    found = []
    for field in dict.fromkeys((*_LABELS, *saved, *typed)):
        label = _label(field)
        pair = [_said(field, form) for form in (saved, typed)]
        if label and pair[0] != pair[1]:
            found.append(Difference(label, *pair))
    return found


def _said(field: str, form: Mapping[str, str]) -> str:
    part, _, name = field.partition("-")
    if part in ("published", "none_counts_once", "hints_in_steps", "take"):
        return "yes" if field in form else "no"
    if part in ("points", "place") and f"take-{name}" not in form:
        return ""  # the form has a number for each exercise, chosen or not
    return form.get(field, "").replace("\r\n", "\n")


def _label(field: str) -> str | None:
    part, _, name = field.partition("-")
    if part == "shown":
        return f"Shown when: {TITLES.get(name, name)}"
    if part == "rubric":
        return f"Rubric: {name}"
    if part in _PARTS and name in EXERCISES:
        return _PARTS[part].format(EXERCISES[name].title)
    return _LABELS.get(field)
