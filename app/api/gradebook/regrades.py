"""Owns the routes about grading again: a preview, how far it is, what it changes, applying it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import AssignmentChange, Text
from app.api.paging import Paged
from app.api.routing import LARGEST_ID, AssignmentId, Caller, errors, router
from app.api.views import ActorView, Links, PersonView, View, link
from app.errors import Unprocessable
from app.http.dependencies import Db
from app.identity.authentication import Actor
from app.models import Regrade
from app.regrades import applying, editing, listing, making, preview
from app.regrades.making import Selection
from app.teaching import assignments
from app.teaching.drafts import Draft

RegradeId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The regrade's number.")]
StudentId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Which = Literal["all", "counting"]


class RegradeRequest(BaseModel):
    """Which attempts to grade again; or what an assignment is to become."""

    model_config = ConfigDict(extra="forbid")

    attempts: Which = Field("all", description="All graded ones, or those that count.")
    students: list[StudentId] | None = Field(
        None, max_length=10_000, description="The numbers of people; null for everybody."
    )
    submission: uuid.UUID | None = Field(None, description="One attempt alone.")
    change: AssignmentChange | None = Field(
        None,
        description="A change of the assignment that changes scores: its preview is of all "
        "attempts, and saves the change when it is applied.",
    )


class Application(BaseModel):
    """How a preview is applied."""

    model_config = ConfigDict(extra="forbid")

    reason: Text = Field(max_length=2000, description="Whoever gets another score reads it.")
    never_lower: bool = Field(False, description="Leave those as they are that would lose by it.")
    version: Text | None = Field(
        None,
        description="The `version` of the regrade that you have read: where the scores have "
        "changed since, nothing is changed (409).",
    )


class RegradeView(View):
    """A preview as far as it is, or what became of it."""

    id: int
    assignment_id: int
    made_by: ActorView
    made_at: datetime
    state: Literal["working", "ready", "applied", "cancelled"]
    attempts: int = Field(description="How many are graded again; 0 once it has ended.")
    done: int
    failed: int = Field(description="Could not be graded again, by a fault of ours.")
    higher: int
    lower: int
    is_change: bool = Field(description="Whether it saves a change of the assignment.")
    reason: str
    never_lower: bool
    version: str | None = Field(description="Of the scores that change; null unless it is ready.")
    links: Links

    @classmethod
    def of(cls, session: Db, regrade: Regrade) -> Self:
        """A regrade, with its progress."""
        progress = preview.progress(session, regrade)
        is_ready = regrade.is_open and progress.is_ready
        names = "id assignment_id made_at reason never_lower"
        here = f"/api/v1/regrades/{regrade.id}"
        return cls(
            **{name: getattr(regrade, name) for name in names.split()},
            **{
                name: getattr(progress, name)
                for name in ("attempts", "done", "failed", "higher", "lower")
            },
            made_by=ActorView.model_validate(regrade.made_by),
            state=_state(regrade, is_ready=is_ready),
            is_change=regrade.draft is not None,
            version=preview.version(session, regrade) if is_ready else None,
            links={"self": link(here), "changes": link(f"{here}/changes")},
        )


def _state(
    regrade: Regrade, *, is_ready: bool
) -> Literal["working", "ready", "applied", "cancelled"]:
    if regrade.is_open:
        return "ready" if is_ready else "working"
    return "applied" if regrade.applied_at else "cancelled"


class CheckView(View):
    """A check that passes now and did not before, or the other way round."""

    exercise: str
    name: str
    passes: bool


class ChangeView(View):
    """One attempt whose score changes."""

    submission_id: uuid.UUID = Field(description="The attempt.")
    preview_id: uuid.UUID = Field(description="The submission with the new verdict.")
    student: PersonView
    attempt: int
    counts: bool = Field(description="Whether it is the attempt that counts now.")
    before: float | None
    after: float
    checks: list[CheckView]


@router.get(
    "/assignments/{assignment_id}/regrades",
    tags=["grades"],
    summary="An assignment's regrades",
    responses=errors(403, 404),
)
def list_regrades(
    assignment_id: AssignmentId, actor: Caller, session: Db, pager: Paged
) -> list[RegradeView]:
    """The newest first; for teaching staff. Scope: `gradebook:read`."""
    found = listing.of_assignment(
        session, actor, assignment_id, before=pager.number, limit=pager.size + 1
    )
    page = pager.shown(found, lambda one: [str(one.id)])
    return [RegradeView.of(session, one) for one in page]


@router.post(
    "/assignments/{assignment_id}/regrades",
    tags=["grades"],
    summary="Make a preview of grading again",
    status_code=201,
    responses=errors(400, 403, 404, 413),
)
def make_regrade(
    assignment_id: AssignmentId, wanted: RegradeRequest, actor: Caller, session: Db
) -> RegradeView:
    """Have attempts graded again, behind all live work; nothing is changed until it is applied.

    Who asks for what a preview of theirs is open for gets that one. Scope: `courses:write`.
    """
    made = _made(session, actor, assignment_id, wanted)
    session.commit()
    return RegradeView.of(session, made)


def _made(session: Db, actor: Actor, assignment_id: int, wanted: RegradeRequest) -> Regrade:
    if wanted.change is None:
        students = None if wanted.students is None else tuple(wanted.students)
        selection = Selection(wanted.attempts == "counting", students, wanted.submission)
        return making.make(session, actor, assignment_id, selection)
    if wanted.model_fields_set != {"change"}:
        raise Unprocessable(
            "A change of the assignment is about all attempts: send it alone.",
            errors={"change": "sent with a selection"},
        )
    before = assignments.lock(session, actor, assignment_id)
    made = editing.change(
        session, actor, assignment_id, wanted.change.of(Draft.of(before), before.course.timezone)
    )
    if isinstance(made, Regrade):
        return made
    raise Unprocessable(
        "Nothing was changed: this changes no score that somebody has, so that there is nothing "
        f"to preview. Send it to /api/v1/assignments/{assignment_id} with PATCH.",
        errors={"change": "changes no score"},
    )


@router.get(
    "/regrades/{regrade_id}",
    tags=["grades"],
    summary="A regrade",
    responses=errors(403, 404),
)
def show_regrade(regrade_id: RegradeId, actor: Caller, session: Db) -> RegradeView:
    """How far it is, and how many scores change; for teaching staff. Scope: `gradebook:read`."""
    return RegradeView.of(session, preview.get(session, actor, regrade_id))


@router.get(
    "/regrades/{regrade_id}/changes",
    tags=["grades"],
    summary="Whose score a preview changes",
    responses=errors(403, 404),
)
def list_changes(regrade_id: RegradeId, actor: Caller, session: Db) -> list[ChangeView]:
    """All of them, the greatest losses first; those known by now while it is worked out.

    What an applied one has changed is in the log, and with each grade. Scope: `gradebook:read`.
    """
    found = preview.changes(session, preview.get(session, actor, regrade_id), limit=None)
    return [
        ChangeView(
            submission_id=one.attempt_id,
            preview_id=one.preview_id,
            student=PersonView.model_validate(one.student),
            attempt=one.attempt,
            counts=one.counts,
            before=one.before,
            after=one.after,
            checks=[CheckView.model_validate(check) for check in one.checks],
        )
        for one in found
    ]


@router.post(
    "/regrades/{regrade_id}/apply",
    tags=["grades"],
    summary="Apply a preview",
    responses=errors(400, 403, 404, 409, 413),
)
def apply_regrade(
    regrade_id: RegradeId, wanted: Application, actor: Caller, session: Db
) -> RegradeView:
    """Have the new verdicts count, all or but those that are lower. Scope: `courses:write`."""
    done = applying.apply(
        session,
        actor,
        regrade_id,
        wanted.reason,
        never_lower=wanted.never_lower,
        seen=wanted.version,
    )
    session.commit()
    return RegradeView.of(session, done)


@router.post(
    "/regrades/{regrade_id}/cancel",
    tags=["grades"],
    summary="Leave everything as it is",
    responses=errors(403, 404, 409),
)
def cancel_regrade(regrade_id: RegradeId, actor: Caller, session: Db) -> RegradeView:
    """End a preview; no score is changed. Scope: `courses:write`."""
    done = applying.cancel(session, actor, regrade_id)
    session.commit()
    return RegradeView.of(session, done)
