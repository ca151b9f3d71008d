"""Owns attempts that are graded without a worker: rows as grading leaves them behind."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.grading import stored_files
from app.grading.rules import admission, lateness, members, terms
from app.infrastructure.clock import now
from app.models import Assignment, ExerciseResult, Kind, Status, Submission
from tests.support.cast import Person


def attempt(
    db: Session,
    assignment: Assignment,
    person: Person,
    share: float | None,
    *,
    at: datetime | None = None,
    status: Status = Status.GRADED,
    source: bytes = b"x = 1\n",
    reports: Mapping[str, Mapping[str, Any]] | None = None,
) -> Submission:
    """The next attempt of somebody, and of their team, with this share of all points; committed.

    None is an attempt without a score. `reports` has what else is in the report of an exercise.
    """
    of = db.get_one(Assignment, assignment.id)
    whose = members.of(db, of, person.user.id)
    number = 1 + admission.latest_attempt(db, of, *whose.users)
    moment = at or now()
    made = Submission(
        id=uuid.uuid4(),
        assignment_id=assignment.id,
        user_id=person.user.id,
        submitted_by_id=person.user.id,
        kind=Kind.ATTEMPT,
        attempt=number,
        filename="mine.py",
        sha256=stored_files.keep(db, source),
        seed=b"seed",
        submitted_at=moment,
        status=status,
    )
    if share is not None:
        _grade(made, assignment, share, reports or {})
    lateness.mark(made, terms.of_members(db, of, whose))
    db.add(made)
    db.flush()
    members.note(db, made, whose)
    db.commit()
    return made


def _grade(
    made: Submission,
    assignment: Assignment,
    share: float,
    reports: Mapping[str, Mapping[str, Any]],
) -> None:
    made.score = round(share * assignment.max_score, 2)
    made.max_score, made.graded_at = assignment.max_score, made.submitted_at
    made.grader_version = "1"
    made.results = _results(assignment, share, reports)


def _results(
    assignment: Assignment, share: float, reports: Mapping[str, Mapping[str, Any]]
) -> list[ExerciseResult]:
    return [
        ExerciseResult(
            slug=slug,
            position=place,
            score=share * points,
            max_score=points,
            report={"slug": slug, "title": slug, "summary": "It is so.", "checks": []}
            | dict(reports.get(slug, {})),
        )
        for place, (slug, points) in enumerate(assignment.points.items())
    ]
