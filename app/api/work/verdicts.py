"""Owns the JSON that tells of submissions and what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from app.api.details import Details
from app.api.gradebook.members import Known, KnownActor, TeamOf, known, known_actor
from app.api.views import Links, View, link
from app.grading.showing.seen import Seen, SeenResult
from app.models import HintLook, Kind, Status
from app.visibility.steps import Step
from graders.model.places import NONE, Places, places


class Accepted(View):
    """An upload was taken. It is stored: from here on it cannot be lost."""

    id: uuid.UUID
    status: Status
    receipt: str | None = Field(
        description="What the service has signed of this hand-in. Null where it has no key for now."
    )


_Reason = Literal["not-run", "unreadable", "absent", "unwritten", "gated", "withdrawn"]


class Place(View):
    """A line in a cell of what was a notebook; cells count from 1, those of text among them."""

    cell: int
    line: int


_PLACE = "Of what was a notebook, the cell and the line in it; `line` is that of the whole file."


class Check(View):
    """One thing that was tried on a student's code."""

    model_config = ConfigDict(extra="allow")

    name: str
    family: str = Field(description="contract, forward, gradient, requires_grad or robustness.")
    passed: bool
    points: float | None = Field(description="Points earned; null where no score is shown.")
    message: str
    max_points: float | None = None
    status: str | None = Field(
        default=None, description="passed, failed, or blocked by an earlier check that failed."
    )
    reason: _Reason | None = Field(
        default=None,
        description="Why it was not passed, where the cause is not what it looks at: the run had "
        "ended before, Python cannot read the file, the file has no trace of the exercise, or no "
        "more than its beginning, an earlier check failed, or it counts only when forward is "
        "right.",
    )
    counts_in: str | None = Field(
        default=None,
        description="The exercise that lost the points of what counts once in a file: here it "
        "failed as well, and cost nothing.",
    )
    line: int | None = None
    place: Place | None = Field(default=None, description=_PLACE)
    exhibit: dict[str, Any] | None = Field(
        default=None, description="The smallest failing input, what was expected, what came."
    )


class ExerciseView(View):
    """The verdict on one exercise."""

    model_config = ConfigDict(extra="allow")
    slug: str
    score: float | None = Field(description="Null where no score is shown.")
    max_score: float = Field(description="Where only some checks are shown, what those could give.")
    checks: list[Check] = Field(description="Those that the caller is shown.")
    title: str | None = None
    summary: str | None = None
    step: str | None = Field(
        default=None,
        description="Where hints come in steps, how much is told: `wrong`, `family`, `hint` or "
        "`evidence`; null where there are none.",
    )
    entry: str | None = Field(default=None, description="The class or function that was graded.")
    line: int | None = None
    place: Place | None = Field(default=None, description=_PLACE)
    diagnosis: dict[str, Any] | None = Field(
        default=None, description="The known misconception that these numbers show, with a hint."
    )
    snippet: str | None = Field(
        default=None, description="Python that shows the first failure at the end of the own file."
    )
    details: Details = Field(default_factory=Details, description="What there is to show besides.")

    @classmethod
    def of(cls, result: SeenResult, where: Places = NONE) -> Self:
        """A stored result; the report's own words, under the stored score."""
        stored = {"slug": result.slug, "score": result.score, "max_score": result.max_score}
        checks = _placed(result.report.get("checks", []), where)
        (told,) = _placed([{**result.report, "checks": checks, **stored}], where)
        return cls.model_validate(told)


class SubmissionSummary(View):
    """A submission, without its verdicts."""

    id: uuid.UUID
    assignment_id: int
    student: Known = Field(description="Of a mate in a team `id` and `name` alone.")
    submitted_by: KnownActor = Field(description="Who sent it: `student`, or somebody for them.")
    team: TeamOf | None = Field(
        description="The team that it was handed in for, and for whom it counts; null for one "
        "student alone."
    )
    kind: Literal["submission", "trial", "preview", "earlier"] = Field(
        description="`trial`: graded without having been handed in, and counts nowhere. `preview` "
        "and `earlier`: another verdict on a submission, after or before it was graded again."
    )
    attempt: int | None = Field(description="Counts from 1; null for a trial.")
    filename: str
    status: Status = Field(description="`failed` is a fault of ours and never counts as a zero.")
    late: bool
    score: float | None = Field(
        description="Null until it is graded, and where no score is shown to the caller; while it "
        "is graded again, the score before."
    )
    counted: float | None = Field(description="What lateness leaves of the score.")
    max_score: float = Field(description="What `score` is of.")
    score_shown: Literal["whole", "part", "none"] = Field(
        description="Whether `score` is of all checks, of those that the caller is shown, or none."
    )
    submitted_at: datetime
    graded_at: datetime | None = Field(description="When it got this score.")
    links: Links

    @staticmethod
    def fields(submission: Seen) -> dict[str, Any]:
        """What a summary says, by name."""
        names = "id assignment_id filename status late score counted submitted_at"
        is_trial = submission.kind is Kind.TRIAL
        here = f"/api/v1/submissions/{submission.id}"
        return {name: getattr(submission, name) for name in f"{names} graded_at".split()} | {
            "student": known(submission.user, submission),
            "submitted_by": known_actor(submission.submitted_by, submission),
            "team": TeamOf.of(submission),
            "kind": "submission" if submission.kind is Kind.ATTEMPT else submission.kind.value,
            "attempt": None if is_trial else submission.attempt,
            "max_score": best_possible(submission),
            "score_shown": submission.sight.score.value,
            "links": {"self": link(here), "events": link(f"{here}/events")},
        }

    @classmethod
    def of(cls, submission: Seen) -> Self:
        """A submission whose `user` is loaded."""
        return cls(**cls.fields(submission))


class LookView(View):
    """A look at a hint, which its student asked for."""

    exercise: str
    step: str = Field(description="`family`, `hint` or `evidence`.")
    at: datetime
    by: Known = Field(description="Of a team, who looked first.")

    @classmethod
    def of(cls, look: HintLook, submission: Seen) -> Self:
        """A look as it was noted, at a submission."""
        by = known(look.user, submission)
        return cls(exercise=look.slug, step=Step(look.step).word, at=look.at, by=by)


class SubmissionView(SubmissionSummary):
    """A submission with all its verdicts."""

    course_id: int
    position: int = Field(description="How many are graded before it while it is queued.")
    wait_seconds: float | None = Field(description="About how long it waits while it is queued.")
    exercises: list[ExerciseView]
    notes: list[dict[str, Any]] = Field(
        description="What happened beside the checks: a limit hit, a statement that raised; with a "
        "`place` beside the `line` of what was a notebook."
    )
    remarks: list[dict[str, Any]] | None = Field(
        description="What staff alone may want to look at, each with `name`, `exercise`, `message` "
        "and `line`; null for everybody else."
    )
    looks: list[LookView] = Field(description="At hints, where they come in steps.")
    failure: str | None = Field(description="Why it could not be graded, when `failed`.")
    grader_version: str | None
    ran_with: str | None = Field(description="The versions of Python and of PyTorch.")
    timings_ms: dict[str, float] | None

    @classmethod
    def whole(
        cls,
        submission: Seen,
        position: int,
        wait_seconds: float | None,
        *,
        with_remarks: bool,
        looks: Iterable[HintLook] = (),
    ) -> Self:
        """A submission whose `results`, `assignment` and `stored` are loaded."""
        told = submission.results or submission.notes
        where = places(submission.source.decode("utf-8", "replace")) if told else NONE
        remarks = _placed(submission.remarks or [], where)
        return cls(
            **cls.fields(submission),
            course_id=submission.assignment.course_id,
            position=position,
            wait_seconds=wait_seconds,
            exercises=[ExerciseView.of(result, where) for result in submission.results],
            notes=_placed(submission.notes or [], where),
            remarks=remarks if with_remarks else None,
            looks=[LookView.of(one, submission) for one in looks],
            failure=submission.failure,
            grader_version=submission.grader_version,
            ran_with=submission.ran_with,
            timings_ms=submission.timings_ms,
        )


class StandingView(View):
    """How a submission stands; what the event stream says at each change."""

    id: uuid.UUID
    status: Status
    score: float | None
    max_score: float
    score_shown: Literal["whole", "part", "none"] = Field(
        description="Whether `score` is of all checks, of those that the caller is shown, or none."
    )
    position: int
    submitted_at: datetime
    graded_at: datetime | None


def _placed(all_: Iterable[dict[str, Any]], where: Places) -> list[dict[str, Any]]:
    """The same, each with its place where its line stands in a cell."""
    return [
        {**one, "place": place} if (place := where.told(one.get("line"))) else one for one in all_
    ]


def best_possible(submission: Seen) -> float:
    """The points that it was graded for, or that its assignment is worth now."""
    graded_for = submission.max_score
    return submission.assignment.max_score if graded_for is None else graded_for
