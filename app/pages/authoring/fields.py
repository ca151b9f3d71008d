"""Owns the fields of an assignment's form: how one is written into them, and read off them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from app.errors import Unprocessable
from app.models import Assignment
from app.pages.administration import visibility
from app.rendering import formatting
from app.teaching.drafts import Draft
from app.timing import moments
from graders.exercises import EXERCISES
from graders.model.exercise import DEFAULT_RUBRIC, FAMILIES

_TIMES = ("opens_at", "due_at", "closes_at", "teams_until")
_COUNTED = (
    *("max_attempts", "attempts_a_day", "pause_minutes", "grace_minutes", "late_days"),
    "team_size",
)
_YES, _NO = "yes", "no"
_TAKEN = ("late_amount", "late_cap")
_NEVER_NONE = ("pause_minutes", "grace_minutes", "late_amount", "late_days")
_CHOSEN = {"counts": "best", "trials": "free", "late_unit": "percent", "late_per": "day"}
_CHOSEN |= {"meanwhile": "part"}
_TICKED = ("published", "none_counts_once", "hints_in_steps")
EMPTY = (
    dict.fromkeys(("title", "external_id", "statement", *_COUNTED, *_TAKEN, *_TIMES), "") | _CHOSEN
)
EMPTY["students_form_teams"] = _YES
EMPTY |= {f"rubric-{name}": "" for name in FAMILIES} | visibility.USUAL


def read(typed: Mapping[str, str], zone: str, before: Assignment | None = None) -> Draft:
    """The draft that the form's fields say; raises Unprocessable with the errors by field.

    A form shows less than there is (no parts of a second, two decimals). So a field of the
    assignment `before` that nobody touched keeps the value that it had.
    """
    form = _Form(typed, before)
    draft = Draft(
        title=typed.get("title", ""),
        external_id=typed.get("external_id", ""),
        points=form.points(),
        statement=form.statement(),
        students_form_teams=typed.get("students_form_teams") != _NO,
        **form.choices(),
        rubric=form.rubric(),
        shown=visibility.read(typed),
        **form.numbers(),
        **form.times(zone),
    )
    if wrong := draft.errors() | form.wrong:
        raise Unprocessable("Nothing was saved yet; see the notes below.", errors=wrong)
    return draft


class _Form:
    """What was typed, and the assignment that it was typed over; `wrong` has notes by field."""

    def __init__(self, typed: Mapping[str, str], before: Assignment | None) -> None:
        self.wrong: dict[str, str] = {}
        self._typed = typed
        self._before = before
        self._shown = typed_of(before) if before else {}

    def times(self, zone: str) -> dict[str, Any]:
        return {name: self._time(name, zone) for name in _TIMES}

    def _time(self, name: str, zone: str) -> datetime | None:
        if before := self._kept(name):
            return cast(datetime | None, getattr(before, name))
        try:
            return moments.read(self._typed.get(name, ""), zone, ends=name != "opens_at")
        except ValueError:
            self.wrong[name] = "Write the time like 2026-11-27T14:00, or a date alone."
            return None

    def points(self) -> dict[str, float]:
        chosen = sorted(
            (slug for slug in EXERCISES if f"take-{slug}" in self._typed), key=self.place
        )
        points = {slug: self._worth(slug) for slug in chosen}
        if None in points.values():
            said = "Give each exercise its points; 0 where it is worth nothing."
            self.wrong.setdefault("points", said)
        return {slug: worth or 0.0 for slug, worth in points.items()}

    def place(self, slug: str) -> float:
        """Where an exercise stands; one without a place comes first if it is chosen, else last."""
        usual = 0.0 if f"take-{slug}" in self._typed else float(len(EXERCISES))
        return self._number(f"place-{slug}", "place") or usual

    def _worth(self, slug: str) -> float | None:
        before = self._kept(f"points-{slug}")
        return before.points[slug] if before else self._number(f"points-{slug}", "points")

    def rubric(self) -> dict[str, float] | None:
        if before := self._kept(*(f"rubric-{name}" for name in FAMILIES)):
            return before.rubric
        parts = {name: self._number(f"rubric-{name}", "rubric") or 0.0 for name in FAMILIES}
        return None if parts == dict(DEFAULT_RUBRIC) else parts

    def statement(self) -> str:
        """The text; browsers end its lines in their own way."""
        text = self._typed.get("statement", "").replace("\r\n", "\n")
        before = self._before.statement if self._before else ""
        return before if before.replace("\r\n", "\n") == text else text

    def choices(self) -> dict[str, Any]:
        chosen = {name: self._typed.get(name, usual) for name, usual in _CHOSEN.items()}
        return chosen | {name: name in self._typed for name in _TICKED}

    def numbers(self) -> dict[str, Any]:
        """How often, how long, how much: what is empty is none, or nothing."""
        found: dict[str, float | None] = {name: self._whole(name) for name in _COUNTED}
        for name in _TAKEN:
            before = self._kept(name)
            found[name] = getattr(before, name) if before else self._number(name, name)
        never_none = {name: found[name] or 0 for name in _NEVER_NONE}
        return found | never_none | {"team_size": found["team_size"] or 1}

    def _whole(self, name: str) -> int | None:
        number = self._number(name, name)
        if number is not None and not number.is_integer():
            self.wrong[name] = "This is counted whole: write 2 or 3, not a number between."
        return None if number is None else int(number)

    def _kept(self, *names: str) -> Assignment | None:
        """The assignment from before, where nobody touched these fields."""
        same = all(self._typed.get(name) == self._shown.get(name, "\0") for name in names)
        return self._before if same else None

    def _number(self, field: str, about: str) -> float | None:
        text = self._typed.get(field, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) < 1e6:
            self.wrong[about] = f"{text!r} is not a number that can be used here."
            return None
        return number


def in_order(typed: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The exercises that are chosen and those that are not, each by the place that was typed."""
    form = _Form(typed, None)
    order = sorted(EXERCISES, key=lambda slug: form.place(slug))
    chosen = [slug for slug in order if f"take-{slug}" in typed]
    return chosen, [slug for slug in order if slug not in chosen]


def parts_of(typed: Mapping[str, str]) -> dict[str, float] | None:
    """The rubric that was typed, where it can be used and is not the usual one."""
    form = _Form(typed, None)
    rubric = form.rubric()
    if rubric is None or form.wrong or min(rubric.values()) < 0 or not sum(rubric.values()):
        return None
    return rubric


def typed_of(assignment: Assignment) -> dict[str, str]:
    """An assignment, stored or not, as the fields of its form."""
    zone = assignment.course.timezone
    typed = {name: getattr(assignment, name) for name in ("title", "statement")}
    typed["external_id"] = assignment.external_id or ""
    typed |= {name: getattr(assignment, name).value for name in _CHOSEN}
    typed |= {name: str(getattr(assignment, name) or "") for name in _COUNTED}
    typed["team_size"] = typed["team_size"] if assignment.team_size > 1 else ""
    typed["students_form_teams"] = _YES if assignment.students_form_teams else _NO
    taken = {name: getattr(assignment, name) for name in _TAKEN}
    typed |= {name: formatting.score(one) if one else "" for name, one in taken.items()}
    typed |= {name: "on" for name in _TICKED if getattr(assignment, name)}
    typed |= {name: formatting.input_value(getattr(assignment, name), zone) for name in _TIMES}
    for place, (slug, points) in enumerate(assignment.points.items(), 1):
        typed |= {
            f"take-{slug}": "on",
            f"points-{slug}": formatting.score(points),
            f"place-{slug}": str(place),
        }
    return typed | _rubric(assignment.rubric or DEFAULT_RUBRIC) | visibility.typed(assignment)


def _rubric(parts: Mapping[str, float]) -> dict[str, str]:
    return {f"rubric-{name}": formatting.score(parts.get(name, 0.0)) for name in FAMILIES}
