"""Owns what is seen of an assignment's teams: one's own, or for staff all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app import versions
from app.errors import NotFound
from app.grading.rules import terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import (
    Assignment,
    Enrolment,
    Role,
    Submission,
    Team,
    TeamInvitation,
    TeamMember,
    User,
)


@dataclass(frozen=True)
class Own:
    """A student's team, whom it has asked, and which teams ask them.

    `may_change` is whether students still form teams; `free` how many more may be asked.
    """

    assignment: Assignment
    team: Team | None
    members: Sequence[User] = ()
    asked: Sequence[TeamInvitation] = ()
    invitations: Sequence[TeamInvitation] = ()
    mates: Mapping[int, Sequence[User]] = field(default_factory=dict)
    """Who is in the teams that ask, by team id."""
    may_change: bool = False
    taken: int = 0
    """How many are in the team, with those who have left the course: they may be put back."""

    @property
    def free(self) -> int:
        """How many more may be asked."""
        taken = max(1, self.taken) + len(self.asked)
        return max(0, self.assignment.team_size - taken)


@dataclass(frozen=True)
class TeamRow:
    """A team as staff see it: who is in it, who has left the course, who is asked."""

    team: Team
    members: Sequence[User]
    gone: Sequence[User]
    asked: Sequence[User]


@dataclass(frozen=True)
class Teams:
    """All teams of an assignment by title, and the students who are in none."""

    assignment: Assignment
    rows: Sequence[TeamRow]
    without: Sequence[User]


@dataclass(frozen=True)
class Place:
    """A student, and the team that they are in, if any."""

    student: User
    team: Team | None


def own(session: Session, actor: Actor, assignment_id: int) -> Own:
    """How the actor stands in an assignment with teams. Raises NotFound, Forbidden."""
    assignment = permissions.assignment(session, actor, assignment_id)
    team = team_of(session, assignment_id, actor.user.id)
    asking = list(session.scalars(_invitations(assignment_id, user_id=actor.user.id)))
    number = team.id if team else None
    people = members(session, [one.team_id for one in asking] + ([number] if number else []))
    asked = list(session.scalars(_invitations(assignment_id, team_id=number))) if number else []
    return Own(
        assignment,
        team,
        people.get(number or 0, []),
        asked,
        asking,
        people,
        may_change=is_formed_now(session, assignment, actor.user.id)
        and is_student(session, assignment.course_id, actor.user.id),
        taken=places_taken(session, number) if number else 0,
    )


def asked_in(session: Session, course_id: int, user_id: int) -> set[int]:
    """The assignments of a course in which a team asks somebody to join."""
    rows = (
        select(Team.assignment_id)
        .join(TeamInvitation, TeamInvitation.team_id == Team.id)
        .join(Assignment, Assignment.id == Team.assignment_id)
        .where(Assignment.course_id == course_id, TeamInvitation.user_id == user_id)
    )
    return set(session.scalars(rows))


def of_assignment(session: Session, actor: Actor, assignment_id: int) -> Teams:
    """All teams, for staff; those with a student of their sections for a tutor.

    Raises NotFound, Forbidden.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_GRADEBOOK)
    rights = permissions.rights_in(session, actor, assignment.course_id)
    seen = permissions.seen(rights, actor, assignment.course_id)
    students = {one.id: one for one in session.scalars(_students(assignment.course_id, seen))}
    there = set(session.scalars(_ids(_students(assignment.course_id))))
    inside: dict[int, list[User]] = {}
    rows = (
        select(TeamMember)
        .join(TeamMember.user)
        .where(TeamMember.assignment_id == assignment_id)
        .options(joinedload(TeamMember.user))
        .order_by(User.name, User.id)
    )
    for one in session.scalars(rows):
        inside.setdefault(one.team_id, []).append(one.user)
    asked: dict[int, list[User]] = {}
    for invitation in session.scalars(_invitations(assignment_id)):
        asked.setdefault(invitation.team_id, []).append(invitation.user)
    teams = session.scalars(
        select(Team).where(Team.assignment_id == assignment_id).order_by(Team.title, Team.id)
    )
    found = [
        TeamRow(
            team,
            [one for one in inside.get(team.id, ()) if one.id in there],
            [one for one in inside.get(team.id, ()) if one.id not in there],
            asked.get(team.id, []),
        )
        for team in teams
        if seen is None or any(one.id in students for one in inside.get(team.id, ()))
    ]
    members_ = {one.id for users in inside.values() for one in users}
    return Teams(assignment, found, [one for one in students.values() if one.id not in members_])


def team_of(session: Session, assignment_id: int, user_id: int) -> Team | None:
    """The team that somebody is in."""
    rows = select(Team).join(TeamMember, TeamMember.team_id == Team.id)
    own_row = (TeamMember.assignment_id == assignment_id) & (TeamMember.user_id == user_id)
    return session.scalar(rows.where(own_row))


def placed(session: Session, actor: Actor, assignment_id: int, user_id: int) -> Place:
    """Where a student is, for who sees the whole class; raises NotFound, Forbidden."""
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_CLASS)
    if not is_student(session, assignment.course_id, user_id):
        raise NotFound("There is no such student in this course.")
    student = session.get_one(User, user_id)
    return Place(student, team_of(session, assignment_id, user_id))


def places_taken(session: Session, team_id: int) -> int:
    """How many are in a team, with those who have left the course, who may be put back."""
    rows = select(func.count()).select_from(TeamMember).where(TeamMember.team_id == team_id)
    return session.scalar(rows) or 0


def members(session: Session, teams: Iterable[int]) -> dict[int, list[User]]:
    """Who takes part in the course and is in each of these teams, by name."""
    rows = (
        select(TeamMember.team_id, User)
        .join(User, User.id == TeamMember.user_id)
        .join(Assignment, Assignment.id == TeamMember.assignment_id)
        .join(
            Enrolment,
            (Enrolment.course_id == Assignment.course_id) & (Enrolment.user_id == User.id),
        )
        .where(TeamMember.team_id.in_(teams), Enrolment.active, Enrolment.role == Role.STUDENT)
        .order_by(User.name, User.id)
    )
    found: dict[int, list[User]] = {}
    for number, user in session.execute(rows):
        found.setdefault(number, []).append(user)
    return found


def invitation(session: Session, team_id: int, user_id: int) -> TeamInvitation | None:
    """What somebody was sent by a team."""
    return session.get(TeamInvitation, (team_id, user_id))


def is_student(session: Session, course_id: int, user_id: int) -> bool:
    """Whether somebody takes part in a course as a student."""
    enrolment = session.get(Enrolment, (course_id, user_id))
    return enrolment is not None and enrolment.active and enrolment.role is Role.STUDENT


def is_formed_now(session: Session, assignment: Assignment, user_id: int) -> bool:
    """Whether a student may form teams at this moment."""
    is_archived = assignment.course.archived_at is not None
    if assignment.team_size == 1 or not assignment.students_form_teams or is_archived:
        return False
    moment = now()
    is_over = assignment.teams_until is not None and moment > assignment.teams_until
    return not is_over and not terms.of(session, assignment, user_id).window.has_closed(moment)


def has_work(session: Session, team_id: int) -> bool:
    """Whether a team has handed in."""
    rows = select(Submission.id).where(Submission.team_id == team_id).limit(1)
    return session.scalar(rows) is not None


def version(team: Team | None) -> str:
    """What a form that changes somebody's team is filled in from."""
    return versions.of_facts({"team": team.id if team else None})


def _students(course_id: int, seen: Select[int] | None = None) -> Select[User]:
    rows = (
        select(User)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT, Enrolment.active)
        .order_by(User.name, User.id)
    )
    return rows if seen is None else rows.where(User.id.in_(seen))


def _ids(rows: Select[User]) -> Select[int]:
    return rows.with_only_columns(User.id).order_by(None)


def _invitations(
    assignment_id: int, *, team_id: int | None = None, user_id: int | None = None
) -> Select[TeamInvitation]:
    rows = (
        select(TeamInvitation)
        .join(TeamInvitation.team)
        .where(Team.assignment_id == assignment_id)
        .options(
            joinedload(TeamInvitation.team),
            joinedload(TeamInvitation.user),
            joinedload(TeamInvitation.invited_by),
        )
        .order_by(TeamInvitation.invited_at, TeamInvitation.user_id)
    )
    if team_id is not None:
        rows = rows.where(TeamInvitation.team_id == team_id)
    return rows if user_id is None else rows.where(TeamInvitation.user_id == user_id)
