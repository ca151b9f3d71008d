"""Owns the share of a class that passes each check, in the attempts that count."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.analytics.charts import Bar, Chart, Shape
from app.analytics.work import students
from app.models import Assignment, ExerciseResult, StoredGrade
from graders.exercises import EXERCISES
from graders.model.check_kinds import FAMILY_TITLES, title

Found = dict[str, dict[str, tuple[int, int]]]
"""By exercise and check, how many pass it and how many were asked."""


def shares(session: Session, assignment: Assignment) -> Found:
    """Of each exercise, how many pass each check, of all whose counting attempt was graded."""
    one = ExerciseResult
    counting = (
        select(one.slug, one.passed, one.failed)
        .join(StoredGrade, StoredGrade.submission_id == one.submission_id)
        .where(
            StoredGrade.assignment_id == assignment.id,
            StoredGrade.user_id.in_(students(assignment.course_id)),
        )
        .cte("counting")
    )
    slug = counting.c.slug
    asked = select(slug, func.count().label("asked")).group_by(slug).cte("asked")
    each = [
        select(slug, func.unnest(names).label("name"), literal(passes).label("passes"))
        for names, passes in ((counting.c.passed, True), (counting.c.failed, False))
    ]
    said = union_all(*each).cte("said")
    rows = (
        select(said.c.slug, said.c.name, func.count().filter(said.c.passes), asked.c.asked)
        .join(asked, asked.c.slug == said.c.slug)
        .group_by(said.c.slug, said.c.name, asked.c.asked)
    )
    found: Found = {}
    for slug, name, passing, number in session.execute(rows):
        found.setdefault(slug, {})[name] = (passing, number)
    return found


def charts(assignment: Assignment, found: Found) -> list[Chart]:
    """One for each exercise of the assignment that somebody has handed in."""
    return [_chart(slug, found[slug]) for slug in assignment.points if slug in found]


def _chart(slug: str, found: dict[str, tuple[int, int]]) -> Chart:
    name = EXERCISES[slug].title if slug in EXERCISES else slug
    ordered = sorted(found.items(), key=lambda item: (item[1][0] / item[1][1], item[0]))
    bars = tuple(Bar(_title(check), passing, asked) for check, (passing, asked) in ordered)
    check, (passing, asked) = ordered[0]
    if passing == asked:
        finding = f"{name}: all {asked} pass every check."
    else:
        finding = f"{name}: {asked - passing} of {asked} do not pass “{_title(check)}”."
    return Chart(f"checks of {slug}", finding, "check", "students who pass", bars, Shape.BELOW)


def _title(check: str) -> str:
    """A check's title; those that several families have say which."""
    family, _, name = check.partition("/")
    shared = name in ("scalars", "shapes")
    return f"{FAMILY_TITLES.get(family, family)}: {title(name).lower()}" if shared else title(name)
