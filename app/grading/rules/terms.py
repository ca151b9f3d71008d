"""Owns whose rules of time hold: an assignment's, with what one student was given or spends.

A team has the best of what its members have, and what it was given itself: it hands in at one time,
by one set of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, lazyload

from app.grading.rules import members
from app.grading.rules.members import Members
from app.infrastructure.clock import now
from app.infrastructure.remembering import remembered
from app.models import Assignment, GivenExtension, LateDays, SectionMember, StoredGrade
from app.timing.terms import Terms
from app.timing.windows import Extension, Window

Key = tuple[int, int]
"""A user's id and an assignment's."""


@dataclass
class _Given:
    """What people and teams were given or spend, by user and assignment id, and by team id."""

    people: dict[Key, list[Extension]] = field(default_factory=dict)
    teams: dict[int, list[Extension]] = field(default_factory=dict)
    days: dict[Key, int] = field(default_factory=dict)
    exempt: set[Key] = field(default_factory=set)
    at_most: int | None = None
    """How many late days are taken into account, where not all are."""

    def has(self, assignment_id: int, of: Members) -> bool:
        """Whether other rules than the assignment's own hold for these members."""
        keys = {(user_id, assignment_id) for user_id in of.users}
        own = keys & (self.people.keys() | self.days.keys() | self.exempt)
        return bool(own) or of.team_id in self.teams

    def terms(self, usual: Terms, assignment_id: int, of: Members) -> Terms:
        """The rules that hold for these members."""
        if not self.has(assignment_id, of):
            return usual
        keys = [(user_id, assignment_id) for user_id in of.users]
        given = [one for key in keys for one in self.people.get(key, ())]
        given += self.teams.get(of.team_id or 0, ())
        terms = usual.extended(given)
        days = max(self.days.get(key, 0) for key in keys)
        terms = terms.with_late_days(days if self.at_most is None else min(days, self.at_most))
        return replace(terms, exempt=any(key in self.exempt for key in keys))


def hold(session: Session, assignment_id: int, *, to_change: bool = False) -> None:
    """Have nobody change an assignment's rules or teams until the commit; or nobody hand in,
    `to_change`.

    So a hand-in is never measured by rules that were others when it was stored.
    """
    key = func.hashtextextended(f"terms {assignment_id}", 0)
    lock = func.pg_advisory_xact_lock if to_change else func.pg_advisory_xact_lock_shared
    session.execute(select(lock(key)))


def of(session: Session, assignment: Assignment, user_id: int) -> Terms:
    """The rules for one student, as a member of their team."""
    return of_members(session, assignment, members.of(session, assignment, user_id))


def of_members(session: Session, assignment: Assignment, whose: Members) -> Terms:
    """The rules for those who hand in together."""
    is_here = Assignment.id == assignment.id
    given = _given(session, assignment.course_id, is_here, whose.users)
    given.exempt = _exempt(session, is_here, whose.users)
    return given.terms(assignment.terms, assignment.id, whose)


def of_student(session: Session, assignment_id: int, user_id: int) -> list[GivenExtension]:
    """The extensions that hold for a student: their own, and those of their sections and team."""
    assignment = session.get_one(Assignment, assignment_id)
    team_id = members.of(session, assignment, user_id).team_id
    rows = _extensions([user_id]).where(GivenExtension.assignment_id == assignment_id)
    found = session.execute(rows.order_by(GivenExtension.id))
    return [given for given, _ in found if given.team_id in (None, team_id)]


def show_more_when_due(session: Session, assignment: Assignment, whose: Members) -> bool:
    """Whether those who hand in together may see by now what is shown after their due date."""
    if not assignment.visibility.anything_comes_when_due:
        return False
    return of_members(session, assignment, whose).window.is_late(now())


def of_everybody(
    session: Session, assignment: Assignment, *, late_days: int | None = None
) -> Callable[[Members], Terms]:
    """The rules by members, in as many queries for a thousand as for one.

    With `late_days` as if nobody had spent more than so many.
    """
    usual = assignment.terms
    given = _given(session, assignment.course_id, Assignment.id == assignment.id)
    given.at_most = late_days
    given.exempt = _exempt(session, Assignment.id == assignment.id)
    return lambda whose: given.terms(usual, assignment.id, whose)


@remembered
def windows(session: Session, course_id: int, user_id: int | None = None) -> Mapping[Key, Window]:
    """The windows of a course that extensions and late days make others, by user and assignment id.

    Of everybody, or of one student.
    """
    if not any(_exceptions(session, course_id)):
        return {}
    teams = members.of_teams(session, course_id, user_id=user_id)
    mates = {one for whose in teams.values() for one in whose.users}
    users = None if user_id is None else {user_id, *mates}
    given = _given(session, course_id, Assignment.course_id == course_id, users)
    keys = given.people.keys() | given.days.keys()
    keys |= {key for key, whose in teams.items() if given.has(key[1], whose)}
    asked = select(Assignment).where(Assignment.id.in_({number for _, number in keys}))
    rows = session.scalars(asked.options(lazyload(Assignment.exercises))) if keys else ()
    usual = {one.id: one.terms for one in rows}
    return {
        (one, number): given.terms(
            usual[number], number, teams.get((one, number), Members((one,)))
        ).window
        for one, number in keys
        if user_id in (None, one)
    }


def windows_of(session: Session, course_id: int, user_id: int) -> dict[int, Window]:
    """The windows of one student's extensions in a course, by assignment id."""
    found = windows(session, course_id, user_id)
    return {assignment_id: window for (_, assignment_id), window in found.items()}


class _Exceptions(NamedTuple):
    """Of which kinds there are any in a course; those that there are not need not be asked for."""

    extensions: bool
    late_days: bool


@remembered
def _exceptions(session: Session, course_id: int) -> _Exceptions:
    return _Exceptions(*session.execute(_KINDS, {"course_id": course_id}).one())


_OF_COURSE = Assignment.course_id == bindparam("course_id")
_KINDS = select(
    select(GivenExtension.id)
    .join(Assignment, Assignment.id == GivenExtension.assignment_id)
    .where(_OF_COURSE)
    .exists(),
    select(LateDays.days).join(Assignment).where(LateDays.days > 0, _OF_COURSE).exists(),
)


def _given(
    session: Session,
    course_id: int,
    where: ColumnElement[bool],
    users: Collection[int] | None = None,
) -> _Given:
    """What was given and is spent in some assignments of a course, by everybody, or by some people
    and by all teams.
    """
    found, there = _Given(), _exceptions(session, course_id)
    if there.extensions:
        rows = _extensions(users).join(Assignment, Assignment.id == GivenExtension.assignment_id)
        for one, user_id in session.execute(rows.where(where)):
            if one.team_id is None:
                found.people.setdefault((user_id, one.assignment_id), []).append(one.extension)
            else:
                found.teams.setdefault(one.team_id, []).append(one.extension)
    if there.late_days:
        spent = select(LateDays).join(Assignment).where(where, LateDays.days > 0)
        if users is not None:
            spent = spent.where(LateDays.user_id.in_(users))
        found.days = {(one.user_id, one.assignment_id): one.days for one in session.scalars(spent)}
    return found


def _exempt(
    session: Session, where: ColumnElement[bool], users: Collection[int] | None = None
) -> set[Key]:
    """Whose grades count as in time, whenever the work came."""
    rows = (
        select(StoredGrade.user_id, StoredGrade.assignment_id)
        .join(Assignment, Assignment.id == StoredGrade.assignment_id)
        .where(where, StoredGrade.on_time)
    )
    if users is not None:
        rows = rows.where(StoredGrade.user_id.in_(users))
    return {(user_id, number) for user_id, number in session.execute(rows)}


def _extensions(users: Collection[int] | None = None) -> Select[GivenExtension, int]:
    """Extensions with each of those whom they are for, or of some people; and all of teams."""
    of_section = SectionMember.section_id == GivenExtension.section_id
    whose: ColumnElement[int] = func.coalesce(GivenExtension.user_id, SectionMember.user_id)
    is_meant = whose.is_not(None) if users is None else whose.in_(users)
    if users is not None:
        of_section &= SectionMember.user_id.in_(users)
    return (
        select(GivenExtension, whose)
        .outerjoin(SectionMember, of_section)
        .where(is_meant | GivenExtension.team_id.is_not(None))
        .execution_options(populate_existing=True)
    )
