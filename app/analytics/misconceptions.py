"""Owns the atlas of misconceptions: which a class has, in which week, who has one now, and who got
over it. "Now" is in the attempt that counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Integer,
    Row,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, lazyload

from app.analytics.charts import Bar, Chart, Shape
from app.analytics.work import students
from app.grading.rules import members
from app.models import (
    Assignment,
    AssignmentExercise,
    Course,
    ExerciseResult,
    Kind,
    StoredGrade,
    Submission,
    User,
)
from graders.exercises import EXERCISES

Key = tuple[str, str]
"""An exercise's slug, and the name of one of its misconceptions."""


@dataclass(frozen=True)
class Entry:
    """One misconception in a class.

    `had` students of `asked` had it in some attempt; of these `now` have it in the attempt that
    counts, and `over` have the exercise right there. `attempts` show it in all. `weeks` counts
    students by the Monday of the week.
    """

    slug: str
    name: str
    had: int
    now: int
    over: int
    attempts: int
    asked: int
    weeks: Mapping[datetime, int] = field(default_factory=dict)

    @property
    def exercise(self) -> str:
        """The exercise's title."""
        return EXERCISES[self.slug].title if self.slug in EXERCISES else self.slug

    @property
    def hint(self) -> str:
        """What its students are told; empty where the graders know it no more."""
        known = EXERCISES[self.slug].misconceptions if self.slug in EXERCISES else ()
        return next((one.hint for one in known if one.name == self.name), "")

    @property
    def finding(self) -> str:
        """A sentence for the whole class."""
        who = f"{self.had} of {self.asked}" if self.asked >= self.had else str(self.had)
        since = f"{self.now} still, {self.over} got over it"
        return f"{who} had “{self.name}” in {self.exercise}: {since}."


@dataclass(frozen=True)
class Holder:
    """A student who had a misconception, and the last attempt that shows it."""

    student: User
    assignment: Assignment
    attempt: Submission
    has_it: bool
    is_over: bool


def atlas(
    session: Session,
    course: Course,
    assignments: Sequence[Assignment],
    *,
    key: Key | None = None,
    most: int | None = None,
) -> list[Entry]:
    """The misconceptions in some assignments of a course, the commonest first; `most` of them.

    With a `key` it is that one alone.
    """
    counts: dict[Key, Row[Any]] = {}
    weeks: dict[Key, dict[datetime, int]] = {}
    for row in session.execute(_counted(course, assignments, key)):
        if row.week is None:
            counts[row.slug, row.name] = row
        else:
            weeks.setdefault((row.slug, row.name), {})[row.week] = row.had
    asked = _asked(session, course.id, assignments)
    ordered = sorted(counts.values(), key=lambda row: (-row.had, row.slug, row.name))
    return [
        Entry(
            row.slug,
            row.name,
            row.had,
            row.now,
            row.over,
            row.attempts,
            asked.get(row.slug, 0),
            dict(sorted(weeks[row.slug, row.name].items())),
        )
        for row in ordered[:most]
    ]


def holders(
    session: Session, course: Course, assignments: Sequence[Assignment], key: Key
) -> list[Holder]:
    """Who had a misconception, those first who still have it, by name."""
    shown = _shown(course, assignments, key)
    latest = (
        select(
            shown.c.user_id,
            shown.c.assignment_id,
            func.max(shown.c.attempt).label("attempt"),
            func.bool_or(shown.c.counts).label("now"),
            func.bool_or(shown.c.right).label("over"),
        )
        .group_by(shown.c.user_id, shown.c.assignment_id)
        .subquery()
    )
    same = and_(
        latest.c.user_id == _OWNER,
        Submission.assignment_id == latest.c.assignment_id,
        Submission.attempt == latest.c.attempt,
        Submission.kind == Kind.ATTEMPT,
    )
    rows = (
        select(User, Assignment, Submission, latest.c.now, latest.c.over)
        .join(latest, latest.c.user_id == User.id)
        .join(Submission, same)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .options(lazyload(Assignment.exercises))
        .order_by(latest.c.now.desc(), latest.c.over, User.name, User.id)
    )
    return [Holder(*row) for row in session.execute(rows)]


_OWNER = members.stand_in()
"""A team is one."""
_FULL = aliased(ExerciseResult)
"""The result of the attempt that counts in the same exercise, where it is right."""
_IS_FULL = and_(
    _FULL.submission_id == StoredGrade.submission_id,
    _FULL.slug == ExerciseResult.slug,
    _FULL.score >= _FULL.max_score,
)
_IS_GRADE = and_(
    StoredGrade.assignment_id == Submission.assignment_id,
    StoredGrade.user_id == _OWNER,
)


def _shown(course: Course, assignments: Sequence[Assignment], key: Key | None) -> CTE:
    """Every attempt of a student's that shows a misconception.

    `counts` is whether it is the one that counts, `right` whether that one has the exercise right.
    Names compare byte by byte, which takes a fraction of the time that a language's order does.
    """
    week = func.date_trunc("week", func.timezone(course.timezone, Submission.submitted_at))
    rows = (
        select(
            ExerciseResult.slug.collate("C").label("slug"),
            ExerciseResult.misconception.collate("C").label("name"),
            _OWNER.label("user_id"),
            Submission.assignment_id,
            Submission.attempt,
            week.label("week"),
            (Submission.id == StoredGrade.submission_id).label("counts"),
            _FULL.slug.is_not(None).label("right"),
        )
        .join(Submission, Submission.id == ExerciseResult.submission_id)
        .join(StoredGrade, _IS_GRADE)
        .outerjoin(_FULL, _IS_FULL)
        .where(
            ExerciseResult.misconception.is_not(None),
            Submission.assignment_id.in_([one.id for one in assignments]),
            Submission.kind == Kind.ATTEMPT,
            Submission.user_id.in_(students(course.id)),
        )
    )
    if key is not None:
        rows = rows.where(ExerciseResult.slug == key[0], ExerciseResult.misconception == key[1])
    return rows.cte("shown")


def _counted(
    course: Course, assignments: Sequence[Assignment], key: Key | None
) -> CompoundSelect[Any]:
    """By misconception how many students had it, have it, got over it; and by week, how many.

    The two are one statement, since each by itself would join all attempts anew.
    """
    shown = _shown(course, assignments, key)
    by_week = (
        select(
            *(shown.c.slug, shown.c.name, shown.c.user_id, shown.c.week),
            func.bool_or(shown.c.counts).label("now"),
            func.bool_or(shown.c.right).label("right"),
            func.count().label("attempts"),
        )
        .group_by(shown.c.slug, shown.c.name, shown.c.user_id, shown.c.week)
        .cte("by_week")
    )
    same, zero = (by_week.c.slug, by_week.c.name), literal(0)
    weeks = select(*same, by_week.c.week, func.count(), zero, zero, zero)
    return union_all(_in_all(by_week), weeks.group_by(*same, by_week.c.week))


def _in_all(by_week: CTE) -> Select[*tuple[Any, ...]]:
    """The numbers of all weeks together: a student counts once."""
    same = (by_week.c.slug, by_week.c.name)
    person = (
        select(
            *same,
            func.bool_or(by_week.c.now).label("now"),
            func.bool_or(by_week.c.right).label("right"),
            func.sum(by_week.c.attempts).label("attempts"),
        )
        .group_by(*same, by_week.c.user_id)
        .subquery()
    )
    return select(
        *(person.c.slug, person.c.name, null().label("week")),
        func.count().label("had"),
        func.count().filter(person.c.now).label("now"),
        func.count().filter(person.c.right & ~person.c.now).label("over"),
        cast(func.sum(person.c.attempts), Integer).label("attempts"),
    ).group_by(person.c.slug, person.c.name)


def _asked(session: Session, course_id: int, assignments: Sequence[Assignment]) -> dict[str, int]:
    """By exercise, how many students have handed in where it is asked; a team is one."""
    pairs = (
        select(AssignmentExercise.slug, _OWNER.label("user_id"))
        .join(StoredGrade, StoredGrade.assignment_id == AssignmentExercise.assignment_id)
        .join(Submission, Submission.id == StoredGrade.submission_id)
        .where(
            AssignmentExercise.assignment_id.in_([one.id for one in assignments]),
            StoredGrade.attempts > 0,
            StoredGrade.user_id.in_(students(course_id)),
        )
        .distinct()
        .subquery()
    )
    rows = select(pairs.c.slug, func.count()).group_by(pairs.c.slug)
    return dict(session.execute(rows).all())


def chart(entries: Sequence[Entry], *, most: int = 12) -> Chart:
    """How many had the commonest ones; the finding is that of the first."""
    bars = tuple(Bar(f"{one.exercise}: {one.name}", one.had, one.asked) for one in entries[:most])
    finding = entries[0].finding if entries else "No attempt shows a misconception that is known."
    return Chart("misconceptions", finding, "misconception", "students", bars, Shape.BELOW)


def week_chart(entry: Entry) -> Chart:
    """In which weeks a class had one."""
    mondays = sorted(entry.weeks)
    every: list[datetime] = []
    while mondays and (not every or every[-1] < mondays[-1]):
        every.append(every[-1] + timedelta(days=7) if every else mondays[0])
    bars = tuple(Bar(f"{when:%-d %b}", entry.weeks.get(when, 0)) for when in every)
    name = f"{entry.slug}: {entry.name}"
    return Chart(name, entry.finding, "week from", "students", bars)
