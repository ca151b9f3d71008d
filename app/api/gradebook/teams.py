"""Owns the routes about teams: one's own in an assignment, and for staff all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import Text, check_match
from app.api.gradebook.members import Member
from app.api.routing import LARGEST_ID, AssignmentId, Caller, UserId, errors, etag_of, router
from app.api.views import PersonView, View
from app.grading.rules import terms
from app.http.dependencies import Db
from app.models import User
from app.teaching.teams import joining, looking

TeamId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The team's number.")]


class TeamInvitationView(View):
    """A team that asks the caller to join."""

    team: int
    title: str
    by: str = Field(description="The name of whoever asks.")
    members: list[Member]
    at: datetime


class AskedView(View):
    """Somebody whom the caller's team has asked."""

    id: int
    email: str
    at: datetime


class OwnTeamView(View):
    """The caller's team in an assignment, whom it asks, and which teams ask them."""

    size: int = Field(description="How many may hand in together; 1: each alone.")
    may_change: bool = Field(description="Whether students form teams at this moment.")
    team: int | None
    title: str | None
    members: list[Member]
    asked: list[AskedView]
    invitations: list[TeamInvitationView]

    @classmethod
    def of(cls, own: looking.Own) -> Self:
        """What somebody sees of it."""
        return cls(
            size=own.assignment.team_size,
            may_change=own.may_change,
            team=own.team.id if own.team else None,
            title=own.team.title if own.team else None,
            members=_members(own.members),
            asked=[
                AskedView(id=one.user_id, email=one.user.email, at=one.invited_at)
                for one in own.asked
            ],
            invitations=[
                TeamInvitationView(
                    team=one.team_id,
                    title=one.team.title,
                    by=one.invited_by.name,
                    members=_members(own.mates.get(one.team_id, ())),
                    at=one.invited_at,
                )
                for one in own.invitations
            ],
        )


def _members(users: Iterable[User]) -> list[Member]:
    return [Member.model_validate(one) for one in users]


class TeamView(View):
    """A team, for staff."""

    id: int
    title: str
    members: list[PersonView]
    gone: list[PersonView] = Field(description="In it, and no longer in the course.")
    asked: list[PersonView]


class TeamsView(View):
    """All teams of an assignment, and who is in none."""

    size: int = Field(description="How many may hand in together; 1: each alone.")
    teams: list[TeamView]
    without: list[PersonView]


class Asking(BaseModel):
    """Whom to ask."""

    model_config = ConfigDict(extra="forbid")

    student: Text = Field(max_length=300, description="E-mail address.")


class Joining(BaseModel):
    """Which team to be in."""

    model_config = ConfigDict(extra="forbid")

    team: int | None = Field(ge=1, le=LARGEST_ID, description="One that asks; null leaves it.")


@router.get(
    "/assignments/{assignment_id}/team",
    tags=["submissions"],
    summary="One's own team",
    responses=errors(403, 404),
)
def show_own_team(
    assignment_id: AssignmentId, actor: Caller, session: Db, response: Response
) -> OwnTeamView:
    """Who is in it, whom it asks, and which teams ask the caller. Scope: `courses:read`."""
    view = OwnTeamView.of(looking.own(session, actor, assignment_id))
    response.headers["etag"] = etag_of(view)
    return view


@router.put(
    "/assignments/{assignment_id}/team",
    tags=["submissions"],
    summary="Join a team that asks, or leave one's own",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def join_team(
    assignment_id: AssignmentId,
    wanted: Joining,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> OwnTeamView:
    """What was handed in before counts for whom it did.

    Scopes: `submissions:write`, `courses:read`.
    """
    terms.hold(session, assignment_id, to_change=True)
    before = OwnTeamView.of(looking.own(session, actor, assignment_id))
    check_match(if_match, etag_of(before))
    if wanted.team is None:
        joining.leave(session, actor, assignment_id)
    else:
        joining.accept(session, actor, assignment_id, wanted.team)
    session.commit()
    return show_own_team(assignment_id, actor, session, response)


@router.post(
    "/assignments/{assignment_id}/team/invitations",
    tags=["submissions"],
    summary="Ask a student to join",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def invite_to_team(
    assignment_id: AssignmentId, wanted: Asking, actor: Caller, session: Db
) -> OwnTeamView:
    """Whoever is in no team gets one by that. Scope: `submissions:write`."""
    joining.invite(session, actor, assignment_id, wanted.student)
    session.commit()
    return OwnTeamView.of(looking.own(session, actor, assignment_id))


@router.delete(
    "/assignments/{assignment_id}/team/invitations/{user_id}",
    tags=["submissions"],
    summary="No longer ask somebody",
    status_code=204,
    responses=errors(403, 404, 409),
)
def take_invitation_back(
    assignment_id: AssignmentId, user_id: UserId, actor: Caller, session: Db
) -> Response:
    """Of one's own team. Scope: `submissions:write`."""
    joining.take_back(session, actor, assignment_id, user_id)
    session.commit()
    return Response(status_code=204)


@router.delete(
    "/assignments/{assignment_id}/teams/{team_id}/invitation",
    tags=["submissions"],
    summary="Decline an invitation",
    status_code=204,
    responses=errors(403, 404, 409),
)
def decline_invitation(
    assignment_id: AssignmentId, team_id: TeamId, actor: Caller, session: Db
) -> Response:
    """Of a team that asks the caller. Scope: `submissions:write`."""
    joining.decline(session, actor, assignment_id, team_id)
    session.commit()
    return Response(status_code=204)


@router.get(
    "/assignments/{assignment_id}/teams",
    tags=["courses"],
    summary="The teams of an assignment",
    responses=errors(403, 404),
)
def list_teams(assignment_id: AssignmentId, actor: Caller, session: Db) -> TeamsView:
    """By title, with who is in none; a tutor's own for a tutor. Scope: `gradebook:read`."""
    found = looking.of_assignment(session, actor, assignment_id)
    people = PersonView.model_validate
    return TeamsView(
        size=found.assignment.team_size,
        teams=[
            TeamView(
                id=one.team.id,
                title=one.team.title,
                members=[people(user) for user in one.members],
                gone=[people(user) for user in one.gone],
                asked=[people(user) for user in one.asked],
            )
            for one in found.rows
        ],
        without=[people(user) for user in found.without],
    )
