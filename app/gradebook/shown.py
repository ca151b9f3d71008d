"""Owns one person's grades as somebody may see them: a student, as far as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.gradebook import grades
from app.gradebook.grades import NOTHING, Grade
from app.gradebook.totals import Column
from app.grading.showing import seen, sights
from app.grading.showing.seen import Seen
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment
from app.timing.windows import Window
from app.visibility.rules import Shown


def of_person(
    session: Session,
    actor: Actor,
    user_id: int,
    course_id: int,
    assignments: Iterable[Assignment],
    windows: Mapping[int, Window] | None = None,
) -> dict[int, Grade]:
    """A person's grades in a course by assignment id, as the actor sees them.

    `assignments` are those that anything is told of, `windows` the times of extensions where they
    are known. Two more questions are asked, for any number of grades, where anything is hidden.
    """
    own = grades.of_person(session, course_id, user_id)
    among = list(assignments)
    found = sights.of_course(session, actor, among, user_id, windows)
    hidden = {n: sight for n, sight in found.items() if sight.score is not Shown.WHOLE}
    if not hidden:
        return own
    partly = [one for one in among if one.id in hidden]
    counts = seen.counting_in(session, hidden, partly, user_id)
    moment = now()
    told = {number: grade for number, grade in own.items() if number not in hidden}
    for one in partly:
        column = Column.of(one, moment)
        grade = _shown(column, own.get(one.id, NOTHING), counts.get(one.id))
        told |= {one.id: grade} if grade != NOTHING else {}
    return told


def _shown(column: Column, grade: Grade, counts: Seen | None) -> Grade:
    """What is told of a grade while its whole score is not: nothing of what was set by hand.

    Once it is over all are alike, as points may be set also of who has handed in nothing.
    """
    names = ("attempts", "pending", "excused", "on_time", "recent", "has_time")
    is_missed = column.is_over_for(grade) and not grade.pending
    hidden = grade.computed is not None or is_missed
    kept = Grade(hidden=hidden, **{name: getattr(grade, name) for name in names})
    if counts is None:
        return kept
    computed, counted = counts.score or 0.0, counts.counted or 0.0
    return kept._replace(
        score=counted,
        computed=computed,
        late=counts.late,
        deduction=computed - counted,
        most=counts.max_score,
    )
