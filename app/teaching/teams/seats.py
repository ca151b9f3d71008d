"""Owns how somebody comes into a team and out of it, whoever does it; each is logged.

Whoever calls holds the assignment's rules to change them, so nobody hands in meanwhile. What was
handed in before counts for whom it was handed in for.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Unprocessable
from app.grading.rules import late_days
from app.identity.authentication import Actor
from app.identity.spelling import spelt
from app.models import Assignment, GivenExtension, Team, TeamInvitation, TeamMember
from app.models.field_limits import wrong_length
from app.teaching.teams import looking


def new(session: Session, assignment: Assignment, title: str = "") -> Team:
    """A team with nobody in it: of this title, or with the next number. Raises Unprocessable."""
    made = Team(assignment_id=assignment.id, title=checked(title) if title else "")
    if not made.title:
        taken = set(session.scalars(select(Team.title).where(Team.assignment_id == assignment.id)))
        numbers = (f"Team {number}" for number in range(1, len(taken) + 2))
        made.title = next(one for one in numbers if one not in taken)
    session.add(made)
    session.flush()
    return made


def checked(title: str) -> str:
    """A title as it is stored; raises Unprocessable where it cannot be one."""
    title = spelt(title.strip())
    wrong = wrong_length("title", title)
    if not title or not title.isprintable():
        wrong = "A team needs a title of printable letters."
    if wrong:
        raise Unprocessable(f"Nothing was changed. {wrong}", errors={"team": wrong})
    return title


def named(session: Session, assignment: Assignment, title: str) -> Team:
    """The team of this title, in any case, made where there is none; raises Unprocessable."""
    title = checked(title)
    same = func.lower(Team.title) == title.lower()
    rows = select(Team).where(Team.assignment_id == assignment.id, same).order_by(Team.id).limit(1)
    return session.scalar(rows) or new(session, assignment, title)


def copy(session: Session, actor: Actor, source: Assignment, made: Assignment) -> None:
    """Have an assignment begin with the teams of another of its course, as they are now."""
    rows = (
        select(TeamMember)
        .join(TeamMember.team)
        .where(TeamMember.assignment_id == source.id)
        .order_by(Team.title, TeamMember.user_id)
    )
    teams: dict[int, Team] = {}
    for one in session.scalars(rows).all():
        if one.team_id not in teams:
            teams[one.team_id] = new(session, made, one.team.title)
        move(session, actor, made, one.user_id, teams[one.team_id])


def move(
    session: Session, actor: Actor, assignment: Assignment, user_id: int, to: Team | None
) -> None:
    """Have somebody be in this team, or in none; what asks them to join one is answered by that.

    Each of a team has spent the late days that it has. Raises Conflict where somebody lacks some.
    """
    before = looking.team_of(session, assignment.id, user_id)
    if before is to:
        return
    if to is not None:
        there = [one.id for one in looking.members(session, [to.id]).get(to.id, ())]
        late_days.share(session, actor, assignment, [*there, user_id])
    session.execute(
        delete(TeamMember).where(
            TeamMember.assignment_id == assignment.id, TeamMember.user_id == user_id
        )
    )
    if to is not None:
        session.add(TeamMember(assignment_id=assignment.id, user_id=user_id, team_id=to.id))
        session.execute(
            delete(TeamInvitation).where(
                TeamInvitation.team_id == to.id, TeamInvitation.user_id == user_id
            )
        )
    audit.record(
        session,
        actor,
        Action.TEAM,
        assignment=assignment,
        user_id=user_id,
        before={"team": before.title if before else None},
        after={"team": to.title if to else None},
    )
    session.flush()
    if before is not None:
        _forget_if_empty(session, before)


def _forget_if_empty(session: Session, team: Team) -> None:
    """Delete a team that nobody is in, unless it has work or more time."""
    there = select(TeamMember.user_id).where(TeamMember.team_id == team.id).limit(1)
    given = select(GivenExtension.id).where(GivenExtension.team_id == team.id).limit(1)
    if session.scalar(there) is None:
        session.execute(delete(TeamInvitation).where(TeamInvitation.team_id == team.id))
        if session.scalar(given) is None and not looking.has_work(session, team.id):
            session.delete(team)
    session.flush()
