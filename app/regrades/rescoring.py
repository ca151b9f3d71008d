"""Owns a new report that takes no run: the checks of an attempt's own, for other points."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Submission
from app.scheduling.leases import Work
from graders.judging import rescoring
from graders.judging.points import total
from graders.model.exercise import DEFAULT_RUBRIC


def rescored(session: Session, work: Work) -> dict[str, Any] | None:
    """The report on a preview, out of what the attempt's checks found; None where it takes a run.

    That is where the preview asks for one, or the attempt's report does not hold what it takes.
    """
    if work.of_id is None or work.runs is not False:
        return None
    attempt = session.scalar(
        select(Submission)
        .where(Submission.id == work.of_id)
        .options(joinedload(Submission.assignment), joinedload(Submission.results))
    )
    if attempt is None or attempt.score is None:
        return None
    worth, rubric = attempt.assignment.points, attempt.assignment.rubric or DEFAULT_RUBRIC
    reports = {one.slug: one.report for one in attempt.results}
    if not all(
        slug in reports and rescoring.allows_it(reports[slug], worth.get(slug, 0.0), rubric)
        for slug in work.points
    ):
        return None
    wanted = work.rubric or DEFAULT_RUBRIC
    made = [
        rescoring.rescored(reports[slug], points, wanted) for slug, points in work.points.items()
    ]
    return {
        "exercises": made,
        "score": total([one["score"] for one in made]),
        "max_score": total([one["max_score"] for one in made]),
        "grader_version": attempt.grader_version,
        "ran_with": attempt.ran_with,
        "notes": attempt.notes or [],
        "remarks": attempt.remarks or [],
    }
