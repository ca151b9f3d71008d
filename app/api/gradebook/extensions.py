"""Owns the routes about extensions: more time or attempts for a student, a section or a team."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import Text, read_moment
from app.api.routing import LARGEST_ID, AssignmentId, Caller, errors, router
from app.api.views import ActorView, PersonView, View
from app.errors import Unprocessable
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right
from app.models import GivenExtension
from app.teaching import extensions
from app.teaching.extensions import Whom
from app.timing.windows import Extension

ExtensionId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The extension's number.")]


class ExtensionView(View):
    """What a student, a section or a team was given beyond an assignment's rules."""

    id: int
    assignment_id: int
    student: PersonView | None = Field(description="Null for a section or a team.")
    section: int | None = Field(description="The number of a section; null for others.")
    team: int | None = Field(description="The number of a team; null for others.")
    due_at: datetime | None = Field(description="Null: as for the others.")
    closes_at: datetime | None = Field(description="Null: as for the others.")
    attempts: int = Field(description="More than the others have.")
    reason: str
    by: ActorView
    at: datetime

    @classmethod
    def of(cls, given: GivenExtension) -> Self:
        """An extension whose people are loaded."""
        names = "id assignment_id due_at closes_at attempts reason"
        return cls(
            **{name: getattr(given, name) for name in names.split()},
            student=PersonView.model_validate(given.user) if given.user else None,
            section=given.section_id,
            team=given.team_id,
            by=ActorView.model_validate(given.given_by),
            at=given.given_at,
        )


class ExtensionChange(BaseModel):
    """What a student, a section or a team is to be given."""

    model_config = ConfigDict(extra="forbid")

    student: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="Their number in the gradebook."
    )
    section: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="In place of a student: all of a section."
    )
    team: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="In place of a student: a team."
    )
    due_at: str | None = Field(None, description="With its offset, or a date: its end.")
    closes_at: str | None = Field(None, description="With its offset, or a date: its end.")
    attempts: int = Field(0, ge=0, le=extensions.MOST_ATTEMPTS)
    reason: Text = Field(description="Why; the student reads it.")


@router.get(
    "/assignments/{assignment_id}/extensions",
    tags=["grades"],
    summary="The extensions of an assignment",
    responses=errors(403, 404),
)
def list_extensions(assignment_id: AssignmentId, actor: Caller, session: Db) -> list[ExtensionView]:
    """Who has more time or attempts, by name; for teaching staff. Scope: `gradebook:read`."""
    found = extensions.of_assignment(session, actor, assignment_id)
    return [ExtensionView.of(one) for one in found]


@router.post(
    "/assignments/{assignment_id}/extensions",
    tags=["grades"],
    summary="Give an extension",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def give_extension(
    assignment_id: AssignmentId, wanted: ExtensionChange, actor: Caller, session: Db
) -> ExtensionView:
    """To a student, a section or a team that has none (409); to change one, take it back first.

    What they handed in before is measured by it at once. Scope: `gradebook:write`.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    zone = assignment.course.timezone
    given = Extension(
        read_moment("due_at", wanted.due_at, zone),
        read_moment("closes_at", wanted.closes_at, zone),
        wanted.attempts,
    )
    named = [one for one in (wanted.student, wanted.section, wanted.team) if one is not None]
    if len(named) != 1:
        said = "Name either a `student`, a `section` or a `team`."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"student": said})
    whom = Whom(wanted.student, wanted.section, wanted.team)
    none = extensions.version(None)
    made = extensions.give(session, actor, assignment_id, whom, given, wanted.reason, seen=none)
    session.commit()
    return ExtensionView.of(made)


@router.delete(
    "/extensions/{extension_id}",
    tags=["grades"],
    summary="Take an extension back",
    status_code=204,
    responses=errors(403, 404),
)
def take_extension_back(extension_id: ExtensionId, actor: Caller, session: Db) -> Response:
    """The assignment's own rules hold again, at once. Scope: `gradebook:write`."""
    extensions.take_back(session, actor, extension_id)
    session.commit()
    return Response(status_code=204)
