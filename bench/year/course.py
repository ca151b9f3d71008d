"""Owns the course that the year is about: its people, its six assignments, what is handed in."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import SOLUTION

SECTIONS = ("Monday", "Tuesday", "Friday")
_RIGHT = SOLUTION.read_text()
FILES = {
    "right": _RIGHT,
    "product wrong": _RIGHT.replace("return x1 * x2", "return x1 * x2 + 1"),
    "sum without a gradient": _RIGHT.replace("ctx.shape = x.shape", "ctx.shape = ()"),
    "no Python": "class Sum(Function:\n",
}
_SHARES = (5, 3, 3, 1)
_LATE = {"amount": 10, "unit": "percent", "per": "day", "cap": 50, "grace_minutes": 15}
_DAY = timedelta(days=1)


@dataclass
class Pupil:
    """Somebody whom the registrar knows."""

    number: str
    name: str
    section: str

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.number.lower()}@year.example"

    @property
    def line(self) -> str:
        """Their line of a roster file."""
        return f"{self.email},{self.name},{self.number},{self.section}"


@dataclass
class Taught:
    """The course as the LMS keeps it in its own books."""

    dice: random.Random
    pupils: list[Pupil]
    code: str = field(default_factory=lambda: f"year-{uuid.uuid4().hex[:8]}")
    id: int = 0
    sections: dict[str, int] = field(default_factory=dict)
    assignments: list[int] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    """The service's number of each pupil, by the registrar's."""
    by_hand: dict[tuple[int, str], float | None] = field(default_factory=dict)
    """Grades set by hand, by assignment and pupil; None is excused."""
    receipts: list[str] = field(default_factory=list)

    def roster(self, pupils: list[Pupil] | None = None) -> str:
        """A roster file with these pupils, or all."""
        chosen = self.pupils if pupils is None else pupils
        return "\n".join(["email,name,external_id,section", *(each.line for each in chosen)])

    def draw_file(self) -> str:
        """The text of one of FILES."""
        return FILES[self.dice.choices(list(FILES), _SHARES)[0]]


def enrolled(people: int, seed: int) -> Taught:
    """A course with this many people, each in a section."""
    mark = uuid.uuid4().hex[:6]
    pupils = [
        Pupil(f"S{mark}-{number:04}", f"Pupil {number:04}", SECTIONS[number % len(SECTIONS)])
        for number in range(people)
    ]
    return Taught(random.Random(seed), pupils)


def assignment_bodies() -> list[dict[str, Any]]:
    """Six assignments: one is over and takes off for lateness, in one the latest attempt counts."""
    now = datetime.now(UTC)
    over = {"due_at": (now - 2 * _DAY).isoformat(), "late": _LATE}
    bodies: list[dict[str, Any]] = [
        {"title": "Week 1", "exercises": [_worth("product", 10)]},
        {"title": "Week 2", "exercises": [_worth("sum", 7.5)], **over},
        {"title": "Week 3", "exercises": [_worth("product", 10), _worth("sum", 5)]},
        {"title": "Week 4", "exercises": [_worth("sum", 10)], "counts": "latest"},
        {"title": "Week 5", "exercises": [_worth("addition", 3), _worth("product", 12.25)]},
        {"title": "Week 6", "exercises": [_worth("product", 20)], "max_attempts": 3},
    ]
    due = {"due_at": (now + 30 * _DAY).isoformat(), "published": True}
    return [due | body for body in bodies]


def _worth(slug: str, points: float) -> dict[str, Any]:
    return {"slug": slug, "points": points}
