"""Owns the route about alike files."""

from __future__ import annotations

import uuid
from typing import Self

from pydantic import Field

from app.analytics import likeness
from app.analytics.likeness import Found, Look
from app.api.routing import AssignmentId, Caller, errors, router
from app.api.views import PersonView, View
from app.http.dependencies import Db


class SideView(View):
    """One of two attempts."""

    submission_id: uuid.UUID
    student: PersonView
    attempt: int


class AlikeView(View):
    """Two students' attempts that share what hardly anybody else has."""

    attempts: list[SideView] = Field(description="Two, the earlier first.")
    weight: float = Field(description="How much it is; it has no unit, and is no probability.")
    shared: dict[str, int] = Field(description="By kind of trace, how many are shared.")
    only: int = Field(description="How many of these nobody else has.")

    @classmethod
    def of(cls, found: Found) -> Self:
        """A pair that was found."""
        return cls(
            attempts=[
                SideView(
                    submission_id=one.id,
                    student=PersonView.model_validate(one.user),
                    attempt=one.attempt,
                )
                for one in (found.one, found.other)
            ],
            weight=round(found.pair.weight, 1),
            shared={kind.value: times for kind, times in found.pair.shared.items()},
            only=found.pair.only,
        )


class LikenessView(View):
    """What was looked at, and what was found."""

    files: int
    students: int
    is_whole: bool = Field(description="Whether all files were looked at, or the newest only.")
    pairs: list[AlikeView] = Field(description="A question each, and no verdict.")

    @classmethod
    def of(cls, look: Look) -> Self:
        """What its page shows."""
        return cls(
            files=look.files,
            students=look.students,
            is_whole=look.is_whole,
            pairs=[AlikeView.of(one) for one in look.found],
        )


@router.get(
    "/assignments/{assignment_id}/alike",
    tags=["submissions"],
    summary="Files that are more alike than the exercises make them",
    responses=errors(403, 404),
)
def show_alike(assignment_id: AssignmentId, actor: Caller, session: Db) -> LikenessView:
    """Pairs for teaching staff to look at, of all attempts. Scope: `submissions:read`."""
    return LikenessView.of(likeness.look(session, actor, assignment_id))
