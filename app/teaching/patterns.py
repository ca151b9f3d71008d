"""Owns patterns: what a new assignment may be filled in from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.models import Trials
from app.teaching.drafts import Draft
from app.visibility.rules import PARTS, Meanwhile, When
from graders.exercises import COURSE_TEXT

POINTS = 10.0


@dataclass(frozen=True)
class Pattern:
    """A kind of assignment: its name, what it sets, and its draft at a moment in a zone."""

    title: str
    says: str
    draft: Callable[[datetime, str], Draft]


def _on(moment: datetime, days: int, at: time, zone: str) -> datetime:
    """So many days from a moment on, at a time on the clock."""
    day = moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, at, ZoneInfo(zone))


def plain(moment: datetime, zone: str) -> Draft:
    """The exercises of the course text, 10 points each, and no rule."""
    return Draft("", dict.fromkeys(COURSE_TEXT, POINTS), published=False)


def _weekly(moment: datetime, zone: str) -> Draft:
    return Draft(
        "Sheet",
        dict.fromkeys(COURSE_TEXT, POINTS),
        published=False,
        due_at=_on(moment, 7, time(23, 59), zone),
        closes_at=_on(moment, 14, time(23, 59), zone),
        late_amount=10.0,
        late_cap=50.0,
    )


def _exam(moment: datetime, zone: str) -> Draft:
    begins = _on(moment, 7, time(10), zone)
    ends = begins + timedelta(minutes=90)
    return Draft(
        "Exam",
        dict.fromkeys(COURSE_TEXT, POINTS),
        published=False,
        opens_at=begins,
        due_at=ends,
        closes_at=ends,
        trials=Trials.OFF.value,
        shown=dict.fromkeys(PARTS, When.AFTER_RELEASE.value),
        meanwhile=Meanwhile.NONE.value,
    )


def _practice(moment: datetime, zone: str) -> Draft:
    return Draft("Practice", dict.fromkeys(COURSE_TEXT, 1.0), published=False)


PATTERNS = {
    "weekly": Pattern(
        "Weekly sheet",
        "due in a week, late work loses 10 percent a day and is taken for a week more",
        _weekly,
    ),
    "exam": Pattern(
        "Exam of 90 minutes",
        "in a week at 10:00; it closes when time is over, and results wait for your release",
        _exam,
    ),
    "practice": Pattern("Practice", "never due, one point an exercise", _practice),
}
"""By the word that stands in the address of the form."""
