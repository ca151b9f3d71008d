"""Owns drafts: what an instructor says of an assignment, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from app.errors import Unprocessable
from app.models import (
    Assignment,
    Trials,
)
from app.models.field_limits import wrong_length
from app.models.teaching.courses import EARLIEST, LATEST
from app.timing.counting import Counts
from app.timing.late import Per, Unit
from app.visibility.rules import PARTS, Meanwhile, When
from graders.exercises import EXERCISES
from graders.model.exercise import FAMILIES

MOST_MINUTES, MOST_LATE_DAYS, LARGEST_TEAM = 7 * 24 * 60, 100, 50


@dataclass(frozen=True)
class Draft:
    """What an instructor says of an assignment; `points` maps slugs to points, in order."""

    title: str
    points: Mapping[str, float]
    external_id: str = ""
    statement: str = ""
    published: bool = True
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    max_attempts: int | None = None
    attempts_a_day: int | None = None
    pause_minutes: int = 0
    grace_minutes: int = 0
    late_amount: float = 0.0
    late_unit: str = Unit.PERCENT.value
    late_per: str = Per.DAY.value
    late_cap: float | None = None
    late_days: int = 0
    team_size: int = 1
    students_form_teams: bool = True
    teams_until: datetime | None = None
    counts: str = Counts.BEST.value
    trials: str = Trials.FREE.value
    rubric: Mapping[str, float] | None = None
    none_counts_once: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)
    meanwhile: str = Meanwhile.PART.value
    hints_in_steps: bool = False

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """What there is to be said of an assignment as it is."""
        names = {one.name for one in fields(cls)} - {"points", "external_id"}
        given = {name: getattr(assignment, name) for name in names}
        said = {name: one.value for name, one in given.items() if isinstance(one, StrEnum)}
        named = assignment.external_id or ""
        return cls(**(given | said), points=assignment.points, external_id=named)

    def facts(self) -> dict[str, Any]:
        """The same for the log; the order of exercises is part of it."""
        said = {name: _said(value) for name, value in asdict(self).items()}
        return said | {"order": list(self.points)}

    def errors(self) -> dict[str, str]:
        """What is wrong with it, by field; empty when nothing is."""
        wrong: dict[str, str] = {}
        if not self.points:
            wrong["points"] = "Choose at least one exercise."
        for slug, points in self.points.items():
            if slug not in EXERCISES:
                wrong["points"] = f"There is no exercise {slug!r}."
            elif not 0 <= points <= 1000:
                wrong["points"] = "Points lie between 0 and 1000."
        if self.trials not in list(Trials):
            wrong["trials"] = f"Trials are one of: {', '.join(Trials)}."
        wrong |= self._wrong_limits() | self._wrong_late_policy() | self._wrong_visibility()
        return self._wrong_texts() | wrong | self._wrong_times() | self._wrong_rubric()

    def require_right(self) -> None:
        """Raise Unprocessable with what is wrong with it, by field, if anything is."""
        if errors := self.errors():
            raise Unprocessable(" ".join(errors.values()), errors=errors)

    def _wrong_limits(self) -> dict[str, str]:
        wrong: dict[str, str] = {}
        for name in ("max_attempts", "attempts_a_day"):
            number = getattr(self, name)
            if number is not None and not 1 <= number <= 10_000:
                wrong[name] = "Allow at least one attempt, or leave it empty for no limit."
        for name in ("pause_minutes", "grace_minutes"):
            if not 0 <= getattr(self, name) <= MOST_MINUTES:
                wrong[name] = f"Minutes lie between 0 and {MOST_MINUTES}, which is a week."
        if not 1 <= self.team_size <= LARGEST_TEAM:
            wrong["team_size"] = f"A team has 2 to {LARGEST_TEAM} students; 1 is each alone."
        if self.counts not in list(Counts):
            wrong["counts"] = f"What counts is one of: {', '.join(Counts)}."
        return wrong

    def _wrong_late_policy(self) -> dict[str, str]:
        wrong: dict[str, str] = {}
        if self.late_unit not in list(Unit):
            wrong["late_unit"] = f"It is taken off in one of: {', '.join(Unit)}."
        if self.late_per not in list(Per):
            wrong["late_per"] = f"It is taken off for each day or hour, or once: {', '.join(Per)}."
        most = 100 if self.late_unit == Unit.PERCENT else 1000
        for name in ("late_amount", "late_cap"):
            if not 0 <= (getattr(self, name) or 0.0) <= most:
                wrong[name] = f"What is taken off lies between 0 and {most}."
        if self.late_cap == 0:
            wrong["late_cap"] = "Leave it empty where there is no most; 0 would take nothing off."
        if not 0 <= self.late_days <= MOST_LATE_DAYS:
            wrong["late_days"] = f"Late days lie between 0 and {MOST_LATE_DAYS}."
        if self.late_amount and self.due_at is None:
            wrong.setdefault("late_amount", "Give it a due date: without one nothing is late.")
        return wrong

    def _wrong_visibility(self) -> dict[str, str]:
        if set(self.shown) - set(PARTS):
            return {"shown": f"What is shown is one of: {', '.join(PARTS)}."}
        if set(self.shown.values()) - set(When):
            return {"shown": f"It is shown one of: {', '.join(When)}."}
        if When.AFTER_DUE in self.shown.values() and self.due_at is None:
            return {"shown": "Give it a due date: without one nothing is shown after it."}
        if self.meanwhile not in list(Meanwhile):
            return {"meanwhile": f"The score meanwhile is one of: {', '.join(Meanwhile)}."}
        return {}

    def _wrong_texts(self) -> dict[str, str]:
        texts = {"title": self.title.strip(), "statement": self.statement}
        texts["external_id"] = self.external_id
        wrong = {field: wrong_length(field, text) for field, text in texts.items()}
        if not texts["title"]:
            wrong["title"] = "An assignment needs a title."
        if not self.external_id.isprintable() or "/" in self.external_id:
            wrong["external_id"] = "It stands in addresses: it can have no slash, and no line end."
        return {field: words for field, words in wrong.items() if words}

    def _wrong_times(self) -> dict[str, str]:
        names = ("opens_at", "due_at", "closes_at", "teams_until")
        times: dict[str, datetime | None] = {name: getattr(self, name) for name in names}
        wrong = {
            name: f"The year must be from {EARLIEST.year} to {LATEST.year - 1}."
            for name, time in times.items()
            if time is not None and not EARLIEST <= time < LATEST
        }
        ends = [time for time in (self.due_at, self.closes_at) if time]
        if self.opens_at and ends and self.opens_at >= min(ends):
            wrong["opens_at"] = "It would be due or close before it opens."
        if self.due_at and self.closes_at and self.closes_at < self.due_at:
            wrong["closes_at"] = "It would close before it is due."
        return wrong

    def _wrong_rubric(self) -> dict[str, str]:
        rubric = self.rubric
        if rubric is None:
            return {}
        if set(rubric) - set(FAMILIES):
            return {"rubric": f"The families of checks are: {', '.join(FAMILIES)}."}
        if any(not 0 <= part <= 1000 for part in rubric.values()) or not sum(rubric.values()):
            return {"rubric": "Give each family 0 or more points, and one of them at least some."}
        return {}


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
