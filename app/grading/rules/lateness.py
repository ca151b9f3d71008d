"""Owns what is stored of an attempt's lateness: written at the hand-in, and again with each rule.

A grade is kept by triggers from what is stored here, so that all follows in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grading.rules import members, terms
from app.models import Assignment, Kind, Submission
from app.timing.late import Lateness
from app.timing.terms import Terms


def mark(attempt: Submission, rules: Terms) -> None:
    """Store how late an attempt is by these rules, and what that costs."""
    found = rules.lateness(attempt.submitted_at)
    if found != Lateness(attempt.late, found.steps, attempt.late_share, attempt.late_points):
        attempt.late = found.is_late
        attempt.late_share, attempt.late_points = found.share, found.points


def held(
    session: Session, assignment_id: int, users: Sequence[int] | None = None
) -> list[Submission]:
    """The attempts that count for some people, or all, which nobody changes until the commit; nor
    the grade of anybody for whom one of them counts.

    Whoever changes a grade and its attempts holds the attempts first, as a verdict does, and then
    all grades at once: changing an attempt changes the grades of all its members.
    """
    rows = (
        select(Submission)
        .where(Submission.assignment_id == assignment_id, Submission.kind == Kind.ATTEMPT)
        .order_by(Submission.id)
        .with_for_update(key_share=True, of=Submission)
        .execution_options(populate_existing=True)
    )
    if users is not None:
        rows = rows.where(Submission.id.in_(members.attempts_of(*users)))
    attempts = list(session.scalars(rows))
    whose = members.of_attempts(session, attempts).values()
    members.hold_grades(session, assignment_id, {one for each in whose for one in each.users})
    return attempts


def follow(session: Session, assignment: Assignment, users: Sequence[int] | None = None) -> None:
    """Have the attempts that count for some people, or all, be as late as the rules say by now.

    Each by the rules of those for whom it counts, whatever team they are in by now.
    """
    session.flush()
    rules = terms.of_everybody(session, assignment)
    attempts = held(session, assignment.id, users)
    whose = members.of_attempts(session, attempts)
    for attempt in attempts:
        mark(attempt, rules(whose[attempt.id]))
    session.flush()
