"""Owns submissions as somebody may see them: nothing tells of one in another way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.grading.showing import sights
from app.identity.authentication import Actor
from app.infrastructure.remembering import remembered
from app.models import (
    Account,
    Assignment,
    AttemptMember,
    ExerciseResult,
    HintLook,
    Kind,
    StoredGrade,
    Submission,
)
from app.scheduling import progress
from app.timing import counting as attempts
from app.timing.counting import Candidate, Counts
from app.timing.late import Lateness
from app.visibility import reports
from app.visibility.rules import Shown, Sight
from app.visibility.steps import Step, at_step

_OPEN = frozenset(
    {"id", "assignment_id", "user_id", "submitted_by_id", "kind", "attempt", "of_id", "regrade_id"}
    | {"filename", "sha256", "submitted_at", "status", "queued_at", "graded_at", "late"}
    | {"failure", "grader_version", "ran_with", "is_settled", "source"}
    | {"assignment", "user", "submitted_by", "team_id", "team", "members"}
)
"""What tells nothing of a verdict, but that there is one."""


@dataclass(frozen=True)
class SeenResult:
    """The verdict on one exercise, as far as it is seen; without a score where none is shown."""

    slug: str
    score: float | None
    max_score: float
    report: Mapping[str, Any]


class Seen:
    """A submission, with as much of its verdict as a sight reaches; the columns have their names.

    `parts` are the points of each exercise by family, where only those of some are shown; `steps`
    those at which the student is, by exercise, where what is wrong is told in steps. `viewer` is
    the id of a member of a team who looks.
    """

    def __init__(
        self,
        submission: Submission,
        sight: Sight,
        parts: Sequence[reports.Parts] | None = None,
        steps: Mapping[str, Step] | None = None,
        viewer: int | None = None,
    ) -> None:
        self._submission = submission
        self._parts = parts
        self._steps = steps or {}
        self._viewer = viewer
        self.sight = sight

    def knows(self, user: Account) -> bool:
        """Whether whoever looks is told of somebody more than the name: members of a team are
        not."""
        return self._viewer in (None, user.id)

    def __getattr__(self, name: str) -> Any:
        if name not in _OPEN:
            raise AttributeError(name)
        return getattr(self._submission, name)

    @cached_property
    def results(self) -> list[SeenResult]:
        """What is seen of each exercise."""
        return [_result(one, self.sight, self.step(one.slug)) for one in self._submission.results]

    def step(self, exercise: str) -> Step:
        """The step at which its student is in an exercise."""
        return self._steps.get(exercise, Step.WRONG)

    @cached_property
    def _points(self) -> tuple[float, float]:
        if self._parts is None:
            self._parts = [one.parts or {} for one in self._submission.results]
        return reports.points(self._parts, self.sight)

    @property
    def score(self) -> float | None:
        """The points that are shown: all, those of the checks that are shown, or None."""
        score = self._submission.score
        if self.sight.score is Shown.WHOLE or score is None:
            return score
        return self._points[0] if self.sight.score is Shown.PART else None

    @property
    def max_score(self) -> float | None:
        """The most that `score` could be; all points where none are shown."""
        most = self._submission.max_score
        if self.sight.score is not Shown.PART or most is None:
            return most
        return self._points[1]

    @property
    def counted(self) -> float | None:
        """What lateness leaves of the score."""
        if self.sight.score is Shown.WHOLE:
            return self._submission.counted
        if self.score is None:
            return None
        late = self._submission
        taken = Lateness(late.late, share=late.late_share, points=late.late_points)
        return round(taken.left_of(self.score), 2)

    @property
    def candidate(self) -> Candidate:
        """The attempt, as one that may count by what is shown of it."""
        return Candidate(self._submission.attempt, self.counted, self._submission.late)

    @property
    def notes(self) -> list[dict[str, Any]] | None:
        """What is said of the file as a whole."""
        said = self._submission.notes
        exercises = (one.report for one in self._submission.results)
        return None if said is None else reports.notes(said, exercises, self.sight)

    def early(self, session: Session) -> dict[str, dict[str, Any]]:
        """What is judged while it runs; where checks are hidden, their taking long would show."""
        return progress.so_far(session, self._submission) if self.sight.is_whole else {}

    @property
    def remarks(self) -> list[dict[str, Any]] | None:
        """What staff alone are told."""
        return self._submission.remarks if self.sight.is_whole else None

    @property
    def timings_ms(self) -> dict[str, float] | None:
        """How long its grading took; a check that is hidden may have taken long."""
        return self._submission.timings_ms if self.sight.has_all_in_time else None


def _result(result: ExerciseResult, sight: Sight, step: Step) -> SeenResult:
    report = reports.of_exercise(result.report, sight)
    if sight.in_steps:
        report = at_step(report, step)
    if sight.score is Shown.WHOLE:
        return SeenResult(result.slug, result.score, result.max_score, report)
    if sight.score is Shown.NONE:
        return SeenResult(result.slug, None, result.max_score, report)
    score, most = reports.points([result.parts or {}], sight)
    return SeenResult(result.slug, score, most, report)


def one(session: Session, actor: Actor, submission: Submission) -> Seen:
    """A submission as the actor, who may see it, sees it now."""
    sight = sights.of(session, actor, submission.assignment)
    viewer = _member(session, actor, [submission])
    return Seen(submission, sight, None, _steps(session, submission, sight), viewer)


def _member(session: Session, actor: Actor, rows: Sequence[Submission]) -> int | None:
    """The actor's id, where they look at a team's work as one of it; None for staff."""
    first = next((one for one in rows if one.team_id is not None), None)
    if first is None or sights.is_staff(session, actor, first.assignment.course_id):
        return None
    return actor.user.id


def _steps(session: Session, submission: Submission, sight: Sight) -> dict[str, Step]:
    """The steps at which its student is, by exercise, where there are steps."""
    if not sight.in_steps:
        return {}
    rows = (
        select(HintLook.slug, func.max(HintLook.step))
        .where(HintLook.submission_id == submission.id)
        .group_by(HintLook.slug)
    )
    return {row[0]: Step(row[1]) for row in session.execute(rows)}


def several(
    session: Session, actor: Actor, assignment: Assignment, rows: Sequence[Submission]
) -> list[Seen]:
    """Submissions of one assignment as the actor sees them, in two questions for any number.

    Who is no staff sees their own alone.
    """
    if not rows:
        return []
    sight = sights.of(session, actor, assignment)
    viewer = _member(session, actor, rows)
    if sight.score is not Shown.PART:
        return [Seen(row, sight, viewer=viewer) for row in rows]
    parts = points(session, [row.id for row in rows])
    return [Seen(row, sight, parts.get(row.id, []), viewer=viewer) for row in rows]


def points(
    session: Session, submissions: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[reports.Parts]]:
    """The points of each family in some submissions' exercises."""
    found: dict[uuid.UUID, list[reports.Parts]] = {}
    rows = select(ExerciseResult.submission_id, ExerciseResult.parts).where(
        ExerciseResult.submission_id.in_(submissions)
    )
    for submission_id, parts in session.execute(rows):
        found.setdefault(submission_id, []).append(parts or {})
    return found


def counting(session: Session, actor: Actor, assignment: Assignment, user_id: int) -> Seen | None:
    """The attempt that counts, by what the actor sees; None before one has a score for them."""
    sight = sights.of(session, actor, assignment)
    if sight.score is Shown.WHOLE:
        found = kept(session, assignment, user_id)
        return None if found is None else Seen(found, sight, None, _steps(session, found, sight))
    return counting_in(session, {assignment.id: sight}, [assignment], user_id).get(assignment.id)


@remembered
def kept(session: Session, assignment: Assignment, user_id: int) -> Submission | None:
    """The attempt that counts, as the grade has it; None before one is graded."""
    return session.scalar(
        select(Submission)
        .join(StoredGrade, StoredGrade.submission_id == Submission.id)
        .where(
            StoredGrade.assignment_id == assignment.id,
            StoredGrade.user_id == user_id,
            Submission.score.is_not(None),
        )
    )


def counting_in(
    session: Session,
    sights: Mapping[int, Sight],
    assignments: Iterable[Assignment],
    user_id: int,
) -> dict[int, Seen]:
    """A student's attempts that count by the checks that are shown of them, by assignment id; none
    of an assignment in which no score is shown."""
    rules = {one.id: one.counts for one in assignments if sights[one.id].score is Shown.PART}
    if not rules:
        return {}
    rows = session.execute(
        select(Submission, StoredGrade.chosen_id)
        .join(AttemptMember, AttemptMember.submission_id == Submission.id)
        .outerjoin(StoredGrade, _OF_MEMBER)
        .where(
            AttemptMember.assignment_id.in_(rules),
            AttemptMember.user_id == user_id,
            Submission.kind == Kind.ATTEMPT,
            Submission.score.is_not(None),
        )
    ).all()
    parts = points(session, [row.id for row, _ in rows])
    found: dict[int, list[Seen]] = {}
    chosen = {row.assignment_id: row.attempt for row, number in rows if row.id == number}
    for row, _ in rows:
        one = Seen(row, sights[row.assignment_id], parts.get(row.id, []))
        found.setdefault(row.assignment_id, []).append(one)
    return {
        number: _best(rules[number], theirs, chosen.get(number)) for number, theirs in found.items()
    }


_OF_MEMBER = (StoredGrade.assignment_id == AttemptMember.assignment_id) & (
    StoredGrade.user_id == AttemptMember.user_id
)


def _best(rule: Counts, theirs: Sequence[Seen], chosen: int | None) -> Seen:
    best = attempts.counting(rule, (one.candidate for one in theirs), chosen)
    assert best is not None  # all of them have a score
    return next(one for one in theirs if one.attempt == best.attempt)
