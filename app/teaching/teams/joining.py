"""Owns how students form teams: they ask each other, accept, decline and leave."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.grading.rules import terms
from app.grading.rules.members import Members
from app.identity import candidates, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, Team, TeamInvitation, User
from app.teaching.teams import looking, seats

KEPT = "What was handed in before counts as it did."


def invite(session: Session, actor: Actor, assignment_id: int, who: str) -> TeamInvitation:
    """Ask a student of the course, by address, to hand in together.

    Whoever is in no team gets one by that. Raises NotFound, Forbidden, Conflict, Unprocessable.
    """
    assignment = _held(session, actor, assignment_id)
    asked = _student(session, actor, assignment, who)
    team = looking.team_of(session, assignment_id, actor.user.id)
    state = looking.own(session, actor, assignment_id)
    if team is not None and looking.invitation(session, team.id, asked.id):
        raise Conflict("They are asked already; they find it on the page of this assignment.")
    if asked.id in {one.id for one in state.members}:
        raise Conflict(f"{asked.name} is in your team already.")
    if not state.free:
        raise Conflict(
            f"A team has {assignment.team_size} members here at most, and those who are asked "
            "count. Take an invitation back first."
        )
    mates = (one.id for one in state.members)
    _require_unseen(session, assignment, [actor.user.id, asked.id, *mates])
    if team is None:
        team = seats.new(session, assignment)
        seats.move(session, actor, assignment, actor.user.id, team)
    made = TeamInvitation(team_id=team.id, user_id=asked.id, invited_by_id=actor.user.id)
    session.add(made)
    _record(session, actor, assignment, team, asked.id, "sent")
    session.flush()
    return made


def accept(session: Session, actor: Actor, assignment_id: int, team_id: int) -> Team:
    """Join a team that asks; done again, it changes nothing.

    Raises NotFound, Forbidden, Conflict.
    """
    assignment = _held(session, actor, assignment_id)
    before = looking.team_of(session, assignment_id, actor.user.id)
    if before is not None and before.id == team_id:
        return before
    found = _invitation(session, assignment, team_id, actor.user.id)
    own = looking.own(session, actor, assignment_id)
    if own.team is not None and len(own.members) > 1:
        raise Conflict(
            f"You are in {own.team.title} already, and nobody is in two teams. Leave it first."
        )
    team = found.team
    if looking.places_taken(session, team_id) >= assignment.team_size:
        raise Conflict(f"{team.title} is full by now.")
    there = looking.members(session, [team_id]).get(team_id, ())
    _require_unseen(session, assignment, [actor.user.id, *(one.id for one in there)])
    seats.move(session, actor, assignment, actor.user.id, team)
    return team


def decline(session: Session, actor: Actor, assignment_id: int, team_id: int) -> None:
    """Say no to a team that asks. Raises NotFound, Forbidden, Conflict."""
    assignment = _held(session, actor, assignment_id)
    found = _invitation(session, assignment, team_id, actor.user.id)
    _end(session, actor, assignment, found, "declined")


def take_back(session: Session, actor: Actor, assignment_id: int, user_id: int) -> None:
    """No longer ask somebody to join one's own team. Raises NotFound, Forbidden, Conflict."""
    assignment = _held(session, actor, assignment_id)
    team = looking.team_of(session, assignment_id, actor.user.id)
    if team is None:
        raise NotFound("There is no such invitation; perhaps it was answered already.")
    found = _invitation(session, assignment, team.id, user_id)
    _end(session, actor, assignment, found, "taken back")


def leave(session: Session, actor: Actor, assignment_id: int) -> None:
    """Leave one's team; without one, nothing changes. Raises NotFound, Forbidden, Conflict."""
    assignment = _held(session, actor, assignment_id)
    team = looking.team_of(session, assignment_id, actor.user.id)
    if team is None:
        return
    there = looking.members(session, [team.id]).get(team.id, ())
    _require_unseen(session, assignment, [one.id for one in there])
    seats.move(session, actor, assignment, actor.user.id, None)


def _held(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """The assignment, if the actor may form teams there now; nobody else does, or hands in, until
    the commit."""
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    if assignment.team_size == 1:
        raise Conflict("In this assignment everybody hands in alone.")
    if not looking.is_student(session, assignment.course_id, actor.user.id):
        raise Forbidden("Teams are of students; those who teach set them on the page of teams.")
    if not assignment.students_form_teams:
        raise Conflict("In this assignment those who teach set the teams; ask them.")
    if not looking.is_formed_now(session, assignment, actor.user.id):
        raise Conflict(
            "Teams can no longer be changed here. If something is wrong, ask those who teach."
        )
    return assignment


def _require_unseen(session: Session, assignment: Assignment, users: Iterable[int]) -> None:
    """Raise Conflict where one of these people, alone, may see what is shown after the due date.

    By the later due date of a team, or by the earlier one of who leaves it, somebody would read a
    verdict who can still hand in for it.
    """
    if any(terms.show_more_when_due(session, assignment, Members((one,))) for one in users):
        raise Conflict(
            "The due date of somebody concerned is past, and what is shown after it can be seen: "
            "teams stay as they are, and nothing was changed. If something is wrong, ask those "
            "who teach."
        )


def _student(session: Session, actor: Actor, assignment: Assignment, who: str) -> User:
    found = candidates.by_email(session, who.strip()) if who.strip() else None
    if found is None or not looking.is_student(session, assignment.course_id, found.id):
        said = f"No student of this course has the e-mail address {who[:80]!r}."
        raise Unprocessable(f"Nobody was asked. {said}", errors={"who": said})
    if found.id == actor.user.id:
        said = "That is your own address; write that of somebody else."
        raise Unprocessable(f"Nobody was asked. {said}", errors={"who": said})
    return found


def _invitation(
    session: Session, assignment: Assignment, team_id: int, user_id: int
) -> TeamInvitation:
    found = looking.invitation(session, team_id, user_id)
    if found is None or found.team.assignment_id != assignment.id:
        raise NotFound("There is no such invitation; perhaps it was taken back or answered.")
    return found


def _end(
    session: Session, actor: Actor, assignment: Assignment, found: TeamInvitation, how: str
) -> None:
    _record(session, actor, assignment, found.team, found.user_id, how)
    session.delete(found)
    session.flush()


def _record(
    session: Session, actor: Actor, assignment: Assignment, team: Team, user_id: int, how: str
) -> None:
    audit.record(
        session,
        actor,
        Action.TEAM_INVITATION,
        assignment=assignment,
        user_id=user_id,
        after={"team": team.title, "invitation": how},
    )
