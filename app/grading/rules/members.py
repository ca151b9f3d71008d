"""Owns for whom work counts: a team as it is now, and the members of an attempt as they were then.

A team is made and changed in app/teaching/teams/.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, case, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.models import (
    Assignment,
    AttemptMember,
    Enrolment,
    Role,
    StoredGrade,
    Submission,
    TeamMember,
)


@dataclass(frozen=True)
class Members:
    """Those for whom work counts, by id, and the team that they are; `team_id` is None for one."""

    users: tuple[int, ...]
    team_id: int | None = None


def of(session: Session, assignment: Assignment, user_id: int) -> Members:
    """For whom a hand-in of this person would count now; those who have left it are no part."""
    if assignment.team_size == 1:
        return Members((user_id,))
    found = of_teams(session, assignment.course_id, assignment.id, user_id)
    return found.get((user_id, assignment.id), Members((user_id,)))


def of_teams(
    session: Session, course_id: int, assignment_id: int | None = None, user_id: int | None = None
) -> dict[tuple[int, int], Members]:
    """Who is in a team with others now, by user and assignment id: everybody, or one's own teams.

    Whoever is alone in one is in it, too. In one query.
    """
    rows = (
        select(TeamMember.assignment_id, TeamMember.team_id, TeamMember.user_id)
        .join(Assignment, Assignment.id == TeamMember.assignment_id)
        .join(Enrolment, _is_there())
        .where(Assignment.course_id == course_id, Assignment.team_size > 1)
        .order_by(TeamMember.user_id)
    )
    if assignment_id is not None:
        rows = rows.where(TeamMember.assignment_id == assignment_id)
    if user_id is not None:
        own = aliased(TeamMember)
        rows = rows.join(own, own.team_id == TeamMember.team_id).where(own.user_id == user_id)
    teams: dict[tuple[int, int], list[int]] = {}
    for number, team_id, member_id in session.execute(rows):
        teams.setdefault((number, team_id), []).append(member_id)
    return {
        (one, number): Members(tuple(users), team_id)
        for (number, team_id), users in teams.items()
        for one in users
    }


def _is_there() -> ColumnElement[bool]:
    """That a member takes part in the course as a student."""
    return (
        (Enrolment.course_id == Assignment.course_id)
        & (Enrolment.user_id == TeamMember.user_id)
        & Enrolment.active
        & (Enrolment.role == Role.STUDENT)
    )


def of_attempts(session: Session, attempts: Iterable[Submission]) -> Mapping[uuid.UUID, Members]:
    """For whom each of these attempts counts, as it was when it came. In one query."""
    attempts = list(attempts)
    users = users_of(session, [one.id for one in attempts if one.team_id is not None])
    return {
        one.id: Members(tuple(users.get(one.id, [one.user_id])), one.team_id) for one in attempts
    }


def users_of(session: Session, numbers: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[int]]:
    """The ids of those for whom each of these attempts counts. In one query."""
    is_one = AttemptMember.submission_id == func.any(literal(list(numbers), ARRAY(Uuid)))
    rows = select(AttemptMember.submission_id, AttemptMember.user_id).where(is_one)
    found: dict[uuid.UUID, list[int]] = {}
    for number, user_id in session.execute(rows.order_by(AttemptMember.user_id)):
        found.setdefault(number, []).append(user_id)
    return found


def attempts_of(*users: int) -> Select[uuid.UUID]:
    """The numbers of the attempts that count for any of these people."""
    return select(AttemptMember.submission_id).where(AttemptMember.user_id.in_(users))


def stand_in() -> ColumnElement[int]:
    """Who stands for an attempt where each counts once: who sent it, or the first of a team."""
    first = (
        select(func.min(AttemptMember.user_id))
        .where(AttemptMember.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    return case((Submission.team_id.is_(None), Submission.user_id), else_=first)


def of_team(session: Session, team_id: int) -> list[int]:
    """The ids of all who are in a team, and of all for whom it has handed in."""
    now = select(TeamMember.user_id).where(TeamMember.team_id == team_id)
    handed_in = Submission.id == AttemptMember.submission_id
    then = select(AttemptMember.user_id).join(Submission, handed_in)
    both = now.union(then.where(Submission.team_id == team_id))
    return sorted(session.scalars(both))


def mates(session: Session, assignment_id: int) -> set[tuple[int, int]]:
    """Those for whom one attempt of an assignment counts together, as pairs both ways."""
    other = aliased(AttemptMember)
    rows = (
        select(AttemptMember.user_id, other.user_id)
        .join(other, other.submission_id == AttemptMember.submission_id)
        .join(Submission, Submission.id == AttemptMember.submission_id)
        .where(AttemptMember.assignment_id == assignment_id, Submission.team_id.is_not(None))
        .distinct()
    )
    return {(one, mate) for one, mate in session.execute(rows)}


def counts_for(session: Session, submission_id: uuid.UUID, user_id: int) -> bool:
    """Whether an attempt counts for somebody."""
    return session.get(AttemptMember, (submission_id, user_id)) is not None


def hold_grades(session: Session, assignment_id: int, users: Iterable[int]) -> None:
    """Have nobody else change these people's grades until the commit.

    In the order of their ids, in which a verdict on a team's attempt takes them, too: so of two
    transactions that change several grades, one waits for the other and none is lost.
    """
    theirs = sorted(set(users))
    if not theirs:
        return
    rows = [{"assignment_id": assignment_id, "user_id": one} for one in theirs]
    session.execute(insert(StoredGrade).values(rows).on_conflict_do_nothing())
    held = select(StoredGrade.user_id).where(
        StoredGrade.assignment_id == assignment_id, StoredGrade.user_id.in_(theirs)
    )
    session.execute(held.order_by(StoredGrade.user_id).with_for_update(key_share=True))


def note(session: Session, attempt: Submission, members: Members) -> None:
    """Store for whom an attempt counts besides who sent it, whom Postgres adds."""
    attempt.team_id = members.team_id
    session.flush()
    session.add_all(
        AttemptMember(submission_id=attempt.id, user_id=one, assignment_id=attempt.assignment_id)
        for one in members.users
        if one != attempt.user_id
    )
    session.flush()
