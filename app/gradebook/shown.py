"""Owns one person's grades as somebody may see them: a student, as far as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.gradebook import grades
from app.gradebook.grades import Grade
from app.grading.showing import seen, sights
from app.grading.showing.seen import Seen
from app.identity.authentication import Actor
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
    among = [one for one in assignments if _has_verdict(own.get(one.id))]
    found = sights.of_course(session, actor, among, user_id, windows)
    hidden = {n: sight for n, sight in found.items() if sight.score is not Shown.WHOLE}
    if not hidden:
        return own
    partly = [one for one in among if one.id in hidden]
    counts = seen.counting_in(session, hidden, partly, user_id)
    return own | {number: _shown(own[number], counts.get(number)) for number in hidden}


def _has_verdict(grade: Grade | None) -> bool:
    return grade is not None and (grade.computed is not None or grade.changed)


def _shown(grade: Grade, counts: Seen | None) -> Grade:
    """What is told of a grade while its whole score is not: nothing of what was set by hand."""
    names = ("attempts", "pending", "excused", "on_time", "recent", "has_time")
    is_graded = grade.computed is not None
    kept = Grade(hidden=is_graded, **{name: getattr(grade, name) for name in names})
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
