"""Owns the route that changes an assignment, and what it takes for nothing to be undone unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Header, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.routing import AssignmentId, Caller, errors, etag_of, router
from app.api.views import AssignmentView
from app.api.visibility import VisibilityChange
from app.errors import Conflict, PreconditionFailed, PreconditionRequired, Unprocessable
from app.http.dependencies import Db
from app.identity import permissions
from app.models import Assignment
from app.regrades import editing
from app.teaching import assignments
from app.teaching.drafts import LARGEST_TEAM, MOST_LATE_DAYS, MOST_MINUTES, Draft
from app.timing import moments

_TIMES = ("opens_at", "due_at", "closes_at", "teams_until")
_LATE = ("amount", "unit", "per", "cap")
_TIME = "With its offset, as in `2026-11-27T14:00:00Z`; or a date alone, in the course's time zone."
Points = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
NO_NUL = r"^[^\x00]*$"
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
Text = Annotated[str, Field(pattern=NO_NUL)]


class ExerciseChange(BaseModel):
    """One exercise of an assignment."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    points: Points


class LateChange(BaseModel):
    """What lateness is to cost."""

    model_config = ConfigDict(extra="forbid")

    amount: Points = Field(default=0.0, description="0: late work is marked so, and loses nothing.")
    unit: Literal["percent", "points"] = "percent"
    per: Literal["day", "hour", "once"] = "day"
    cap: Points | None = Field(
        default=None, description="The most that is taken off, in the same unit."
    )
    grace_minutes: Minutes = Field(default=0, description="After the due date, and still in time.")


class AssignmentChange(BaseModel):
    """What is to be another than it is; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Text = ""
    external_id: Text | None = Field(
        None, max_length=200, description="An LMS's own id for it, which it alone has; null: none."
    )
    statement: Text = ""
    published: bool = True
    opens_at: str | None = Field(None, description=f"{_TIME} A date is its beginning.")
    due_at: str | None = Field(None, description=f"{_TIME} A date is its end.")
    closes_at: str | None = Field(None, description=f"{_TIME} A date is its end.")
    max_attempts: int | None = Field(None, ge=1, le=10_000)
    attempts_a_day: int | None = Field(None, ge=1, le=10_000)
    pause_minutes: Minutes = 0
    late_days: int = Field(0, ge=0, le=MOST_LATE_DAYS)
    team_size: int = Field(1, ge=1, le=LARGEST_TEAM, description="1: each hands in alone.")
    students_form_teams: bool = Field(True, description="Else those who teach set them.")
    teams_until: str | None = Field(None, description=f"{_TIME} A date is its end.")
    late: LateChange = Field(
        default_factory=LateChange, description="All of it: what is left out is as here."
    )
    counts: Literal["best", "latest", "best on time", "chosen"] = "best"
    trials: Literal["free", "counted", "off"] = "free"
    visibility: VisibilityChange = Field(
        default_factory=lambda: VisibilityChange(),
        description="All of it: what is left out is as here.",
    )
    exercises: list[ExerciseChange] = Field([], description="All of them, in order.")
    rubric: dict[str, Points] | None = Field(None, description="Null for the usual one.")
    none_counts_once: bool = Field(
        False,
        description="A gradient that nobody asked for costs points in one exercise of a file only.",
    )

    def of(self, before: Draft, zone: str) -> Draft:
        """The assignment as it is to be, in a course of this time zone; raises Unprocessable."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        for name in given.keys() & set(_TIMES):
            given[name] = read_moment(name, given[name], zone)
        if "external_id" in given:
            given["external_id"] = self.external_id or ""
        if "late" in given:
            del given["late"]
            given |= {f"late_{name}": getattr(self.late, name) for name in _LATE}
            given["grace_minutes"] = self.late.grace_minutes
        if "visibility" in given:
            del given["visibility"]
            given |= {"shown": self.visibility.shown(), "meanwhile": self.visibility.meanwhile}
            given["hints_in_steps"] = self.visibility.in_steps
        if "exercises" in given:
            del given["exercises"]
            given["points"] = {one.slug: one.points for one in self.exercises}
            if len(given["points"]) < len(self.exercises):
                wrong = {"exercises": "names one twice"}
                raise Unprocessable("An exercise is named twice.", errors=wrong)
        return replace(before, **given)


def read_moment(name: str, text: str | None, zone: str) -> datetime | None:
    """What a time says; without an offset it would be a guess whose time it is."""
    try:
        moment = moments.read(text or "", zone, ends=name != "opens_at")
        if text and len(text) > len("2026-11-27"):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError(text)
    except ValueError:
        raise Unprocessable(
            f"`{name}` is no time that can be used, so nothing was changed. {_TIME}",
            errors={name: "no time with an offset, and no date"},
        ) from None
    return moment


@router.patch(
    "/assignments/{assignment_id}",
    tags=["courses"],
    summary="Change an assignment",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_assignment(
    assignment_id: AssignmentId,
    change: AssignmentChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: Annotated[
        str | None, Header(description="The `ETag` that the assignment came with. Needed.")
    ] = None,
) -> AssignmentView:
    """What is left out stays. Where it changes scores that somebody has, nothing is changed (409).

    That is so for other points, exercises, another rubric or `none_counts_once`, of an assignment
    with graded work: make a preview of it, a regrade with this `change`.

    With the `If-Match` of an assignment that was changed meanwhile nothing is changed (412): read
    it again, and decide anew. Scope: `courses:write`.
    """
    before = assignments.lock(session, actor, assignment_id)
    rights = permissions.rights_in(session, actor, before.course_id)
    check_match(if_match, etag_of(AssignmentView.of(before, rights)))
    draft = change.of(Draft.of(before), before.course.timezone)
    if editing.needs_preview(session, before, draft):
        raise Conflict(
            "Nothing was changed, as this changes scores. Send it as `change` to "
            f"/api/v1/assignments/{assignment_id}/regrades: you get a preview of whose score "
            "changes, and applying it saves the change."
        )
    changed = editing.change(session, actor, assignment_id, draft)
    assert isinstance(changed, Assignment)
    session.commit()
    shown = AssignmentView.of(changed, rights)
    response.headers["etag"] = etag_of(shown)
    return shown


def check_match(if_match: str | None, etag: str, version: str | None = None) -> None:
    """Raise where a change was not made for what there is now, or does not say for what.

    Where there is a `version`, it is enough that the tag begins with it.
    """
    if if_match is None:
        raise PreconditionRequired(
            "Nothing was changed: send `If-Match` with the `ETag` that you read, so that you undo "
            "nobody's change unseen."
        )
    tags = {tag.strip() for tag in if_match.split(",")}
    is_of_version = any(tag.partition(".")[0] == f'"{version}' for tag in tags)
    if not tags & {etag, "*"} and not is_of_version:
        raise PreconditionFailed(
            "This has changed since you read it, so nothing was changed now. Read it again."
        )
