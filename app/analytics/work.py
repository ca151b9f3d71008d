"""Owns how a class works at assignments: scores, hand-ins over time, attempts, time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Interval, Select, cast, func, select
from sqlalchemy.orm import Session

from app.analytics.charts import Bar, Chart, middle, people, points
from app.gradebook import grades
from app.grading.rules import members
from app.models import Assignment, Course, Enrolment, Kind, Role, StoredGrade, Submission

_BINS = 10
_MOST_DAYS = 45
_ATTEMPTS = ((1, "1"), (2, "2"), (3, "3"), (5, "4–5"), (10, "6–10"), (None, "more"))
_SPANS = (
    (timedelta(), "one attempt"),
    (timedelta(minutes=10), "10 minutes"),
    (timedelta(hours=1), "1 hour"),
    (timedelta(hours=6), "6 hours"),
    (timedelta(days=1), "1 day"),
    (timedelta(days=3), "3 days"),
    (None, "longer"),
)
Days = dict[datetime, int]
"""Attempts by the day on which they came, in the course's time zone."""


@dataclass(frozen=True)
class Effort:
    """What one student did at an assignment: how often, until when full marks, for how long."""

    attempts: int
    full_at: int | None
    lasted: timedelta


def students(course_id: int) -> Select[int]:
    """The ids of those who are students of a course now."""
    return select(Enrolment.user_id).where(
        Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT, Enrolment.active
    )


def scores(
    session: Session, course_id: int, assignments: Sequence[Assignment]
) -> dict[int, list[float]]:
    """What counts, by assignment; without who is excused, and who has no score."""
    found: dict[int, list[float]] = {one.id: [] for one in assignments}
    rows = select(StoredGrade.assignment_id, grades.counted()).where(
        StoredGrade.assignment_id.in_(found),
        StoredGrade.user_id.in_(students(course_id)),
        ~StoredGrade.excused,
    )
    for assignment_id, score in session.execute(rows):
        if score is not None:
            found[assignment_id].append(score)
    return found


def days(session: Session, course: Course, assignments: Sequence[Assignment]) -> dict[int, Days]:
    """Attempts by assignment and day."""
    found: dict[int, Days] = {one.id: {} for one in assignments}
    day = func.date_trunc("day", func.timezone(course.timezone, Submission.submitted_at))
    rows = (
        select(Submission.assignment_id, day, func.count())
        .where(
            Submission.assignment_id.in_(found),
            Submission.kind == Kind.ATTEMPT,
            Submission.user_id.in_(students(course.id)),
        )
        .group_by(Submission.assignment_id, day)
        .order_by(day)
    )
    for assignment_id, when, number in session.execute(rows):
        found[assignment_id][when] = number
    return found


def efforts(session: Session, assignment: Assignment) -> list[Effort]:
    """What each student did who handed something in; a team is one."""
    is_full = Submission.score >= Submission.max_score
    first, last = func.min(Submission.submitted_at), func.max(Submission.submitted_at)
    lasted = cast(last - first, Interval)
    rows = (
        select(func.count(), func.min(Submission.attempt).filter(is_full), lasted)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.kind == Kind.ATTEMPT,
            Submission.user_id.in_(students(assignment.course_id)),
        )
        .group_by(members.stand_in())
    )
    return [Effort(number, full_at, lasted) for number, full_at, lasted in session.execute(rows)]


def score_chart(assignment: Assignment, found: Sequence[float]) -> Chart:
    """How many have how many points."""
    most = assignment.max_score
    width = most / _BINS
    bins = Counter(min(int(score / width), _BINS - 1) if width else 0 for score in found)
    bars = tuple(
        Bar(f"{points(place * width)}–{points((place + 1) * width)}", bins[place])
        for place in range(_BINS)
    )
    half, full = middle(found), sum(score >= most for score in found)
    have = f"{full or 'none'} {'has' if full == 1 else 'have'} full marks."
    if half is None:
        finding = "Nobody has a score yet."
    elif half >= most:
        finding = f"{full} of {people(len(found))} {have.removeprefix(f'{full} ')}"
    elif half <= 0:
        finding = f"Half of {people(len(found))} or more have no points; {have}"
    else:
        finding = (
            f"Half of {people(len(found))} have {points(half)} of {points(most)} or more; {have}"
        )
    return Chart("scores", finding, "points", "students", bars)


def time_chart(assignment: Assignment, found: Days, zone: str) -> Chart:
    """How many attempts came on which day, or in which week where that is long ago."""
    axis = "day"
    if found and (max(found) - min(found)).days > _MOST_DAYS:
        axis, found = "week from", _by_week(found)
    step = timedelta(days=7 if axis != "day" else 1)
    every = _every(found, step)
    due = assignment.due_at and assignment.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    mark = None if due is None or not every else sum(when <= due for when in every)
    bars = tuple(Bar(f"{when:%-d %b}", found.get(when, 0)) for when in every)
    marked = f"due {due:%-d %b %H:%M}" if due else ""
    return Chart("over-time", _when(found, due), axis, "attempts", bars, mark=mark, marked=marked)


def _by_week(found: Days) -> Days:
    weeks: Days = {}
    for when, number in found.items():
        monday = when - timedelta(days=when.weekday())
        weeks[monday] = weeks.get(monday, 0) + number
    return weeks


def _every(found: Days, step: timedelta) -> list[datetime]:
    if not found:
        return []
    first, last = min(found), max(found)
    return [first + step * place for place in range((last - first) // step + 1)]


def _when(found: Days, due: datetime | None) -> str:
    total = sum(found.values())
    if not total:
        return "Nothing was handed in yet."
    if due is None:
        busiest = max(found, key=lambda when: found[when])
        return f"Most attempts came on {busiest:%-d %B}: {found[busiest]} of {total}."
    late = sum(number for when, number in found.items() if when > due)
    last = sum(number for when, number in found.items() if due - timedelta(days=2) < when <= due)
    after = f"; {people(late, 'attempt')} came on later days" if late else ""
    share = round(100 * last / total)
    return f"{share} % of attempts came in the last two days before it was due{after}."


def attempts_chart(found: Sequence[Effort]) -> Chart:
    """How many attempts it took until full marks."""
    there = [one.full_at for one in found if one.full_at is not None]
    bars, below = [], 0
    for most, label in _ATTEMPTS:
        bars.append(Bar(label, sum(below < n and (most is None or n <= most) for n in there)))
        below = most or below
    bars.append(Bar("not yet", len(found) - len(there)))
    half = middle(there)
    if half is None:
        finding = f"Nobody of {len(found)} has full marks yet." if found else "No attempts yet."
    else:
        finding = (
            f"Half of those with full marks needed {points(half)} or fewer attempts; "
            f"{len(found) - len(there)} of {len(found)} are not there yet."
        )
    return Chart("attempts-to-full-marks", finding, "attempts", "students", tuple(bars))


def span_chart(found: Sequence[Effort]) -> Chart:
    """How long it was from a student's first attempt to their last."""
    bars, below = [], timedelta(seconds=-1)
    for most, label in _SPANS:
        inside = [
            one for one in found if below < one.lasted and (most is None or one.lasted <= most)
        ]
        bars.append(Bar(label, len(inside)))
        below = most if most is not None else below
    several = [one.lasted.total_seconds() for one in found if one.attempts > 1]
    half = middle(several)
    finding = "Nobody has handed in twice yet." if half is None else (
        f"Half of the {people(len(several))} with several attempts were at it for "
        f"{_long(half)} or longer."
    )  # fmt: skip
    return Chart("time-from-first-to-last", finding, "at most", "students", tuple(bars))


def _long(seconds: float) -> str:
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return people(round(seconds / size), noun)
    return "less than a minute"
