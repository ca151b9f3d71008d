"""Owns the routes by which staff set teams: one student's, or many by a file."""

from __future__ import annotations

from typing import Self

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import NO_NUL, Text, check_match
from app.api.routing import AssignmentId, Caller, UserId, errors, etag_of, router
from app.api.views import PersonView, View
from app.http.dependencies import Db
from app.teaching.teams import looking, placing
from app.teaching.teams.looking import Place


class PlaceView(View):
    """In which team a student is."""

    student: PersonView
    team: str | None = Field(description="Its title; null: in none.")

    @classmethod
    def of(cls, found: Place) -> Self:
        """A student's place."""
        student = PersonView.model_validate(found.student)
        return cls(student=student, team=found.team.title if found.team else None)


class Placing(BaseModel):
    """In which team a student is to be."""

    model_config = ConfigDict(extra="forbid")

    team: Text = Field(description="Its title; it is made if need be. Empty: in none.")


class TeamsFile(BaseModel):
    """Teams as a CSV file says."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(max_length=1_000_000, description="CSV with columns `team` and `email`.")
    dry_run: bool = Field(True, description="Only say what would be done.")
    version: str | None = Field(
        None,
        pattern=NO_NUL,
        description="That of a dry run: where the file would by now do anything else, nothing is "
        "done (409).",
    )


class MoveView(View):
    """What a file does to one student."""

    student: PersonView
    before: str | None
    after: str | None


class PlacedView(View):
    """What a file did, or would do."""

    version: str = Field(description="Stands for just this; to be sent with what is to be done.")
    moves: list[MoveView]
    same: int = Field(description="How many lines say what is so already.")
    errors: dict[int, str] = Field(description="What is wrong, by the number of the line.")


@router.get(
    "/assignments/{assignment_id}/teams/members/{user_id}",
    tags=["courses"],
    summary="In which team a student is",
    responses=errors(403, 404),
)
def show_place(
    assignment_id: AssignmentId, user_id: UserId, actor: Caller, session: Db, response: Response
) -> PlaceView:
    """For who sees the whole class. Scope: `gradebook:read`."""
    view = PlaceView.of(looking.placed(session, actor, assignment_id, user_id))
    response.headers["etag"] = etag_of(view)
    return view


@router.put(
    "/assignments/{assignment_id}/teams/members/{user_id}",
    tags=["courses"],
    summary="Put a student into a team",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def put_into_team(
    assignment_id: AssignmentId,
    user_id: UserId,
    wanted: Placing,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> PlaceView:
    """Or out of theirs; what was handed in before counts for whom it did.

    Scopes: `gradebook:write`, `gradebook:read`.
    """
    placing.held(session, actor, assignment_id)
    before = looking.placed(session, actor, assignment_id, user_id)
    check_match(if_match, etag_of(PlaceView.of(before)))
    placing.put(session, actor, assignment_id, user_id, wanted.team)
    session.commit()
    return show_place(assignment_id, user_id, actor, session, response)


@router.post(
    "/assignments/{assignment_id}/teams/import",
    tags=["courses"],
    summary="Set teams by a file",
    responses=errors(400, 403, 404, 409, 413),
)
def import_teams(
    assignment_id: AssignmentId, wanted: TeamsFile, actor: Caller, session: Db
) -> PlacedView:
    """With `dry_run`, as it is unless you say otherwise, nothing is changed.

    Lines that are right are taken, whatever is wrong with others. Scope: `gradebook:write`.
    """
    found = placing.put_file(session, actor, assignment_id, wanted.text, seen=wanted.version)
    shown = PlacedView(
        version=found.version,
        moves=[MoveView.model_validate(one) for one in found.moves],
        same=found.same,
        errors=found.errors,
    )
    if wanted.dry_run:
        session.rollback()
    else:
        session.commit()
    return shown
