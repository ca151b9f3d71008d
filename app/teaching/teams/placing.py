"""Owns how staff set teams: student by student, or all of a file. The size does not bind them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app import versions
from app.errors import Conflict, NotFound, Problem, Stale, Unprocessable
from app.grading.rules import terms
from app.identity import accounts, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, Team, User
from app.teaching.people import roster_files
from app.teaching.teams import looking, seats

_TEAM = {"team", "group", "team_name", "group_name"}
_WHO = {"email", "e_mail", "email_address", "student", "external_id", "sis_login_id", "login_id"}
_ASKED = "The first line must name the columns team and email."


@dataclass(frozen=True)
class Move:
    """What a file does to a student: from which team to which; None is no team."""

    student: User
    before: str | None
    after: str | None


@dataclass
class Placed:
    """What a file would do, or did, and what is wrong by line number."""

    moves: list[Move] = field(default_factory=list)
    same: int = 0
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """What a form that confirms it is filled in from."""
        facts = {str(one.student.id): (one.before, one.after) for one in self.moves}
        return versions.of_facts(facts | {"errors": sorted(self.errors)})


def put(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    title: str,
    *,
    seen: str | None = None,
) -> Team | None:
    """Have a student be in the team of this title, which is made if need be; none for no title.

    `seen` is the version of their team that the actor has seen. Raises NotFound, Forbidden,
    Conflict, Stale, Unprocessable.
    """
    assignment = held(session, actor, assignment_id)
    if not looking.is_student(session, assignment.course_id, user_id):
        raise NotFound("There is no such student in this course.")
    before = looking.team_of(session, assignment_id, user_id)
    by_now = f"By now it is {before.title if before else 'none'}."
    versions.require_current(seen, looking.version(before), "this student's team", by_now)
    team = seats.named(session, assignment, title) if title.strip() else None
    seats.move(session, actor, assignment, user_id, team)
    return team


def named(session: Session, actor: Actor, assignment_id: int, who: str) -> User:
    """The student with an address or external id; raises NotFound, Forbidden, Unprocessable."""
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    permissions.require(session, actor, Right.SEE_CLASS, assignment.course_id)
    return _student(session, assignment, who)


def put_file(
    session: Session, actor: Actor, assignment_id: int, text: str, *, seen: str | None = None
) -> Placed:
    """Put students into teams as a CSV file says: a line for each, with `team` and `email`.

    Lines that are right are taken, whatever is wrong with others; who is in no line stays where
    they are, and an empty team is none. The caller rolls back what was only to be looked at, and
    where something is raised. `seen` is the version of what the file would do that the actor has
    seen. Raises NotFound, Forbidden, Conflict, Stale.
    """
    assignment = held(session, actor, assignment_id)
    found, lines = Placed(), dict[int, int]()
    rows = roster_files.rows(text)
    number = 1
    try:
        number, head = next(rows, (1, []))
        places = _columns(head)
        for number, row in rows:
            try:
                title, who = (row[place].strip() if place < len(row) else "" for place in places)
                student = _student(session, assignment, who)
                if (first := lines.setdefault(student.id, number)) != number:
                    said = f"{who[:80]} is on line {first} already, and nobody is in two teams."
                    raise Conflict(said)
                _take(session, actor, assignment, found, student, title)
            except Problem as problem:
                said = problem.detail.removeprefix("Nothing was changed. ")
                found.errors[number] = problem.errors.get("team", said)
    except csv.Error as error:
        found.errors[number + 1] = f"From here on the file cannot be read as CSV ({error})."
    if seen not in (None, found.version):
        raise Stale(
            "Something has changed since you looked, so nobody was put into a team. Look again at "
            "what the file would do by now."
        )
    return found


def _take(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    found: Placed,
    student: User,
    title: str,
) -> None:
    before = looking.team_of(session, assignment.id, student.id)
    was = before.title if before else None
    team = seats.named(session, assignment, title) if title else None
    is_now = team.title if team else None
    if was == is_now:
        found.same += 1
        return
    seats.move(session, actor, assignment, student.id, team)
    found.moves.append(Move(student, was, is_now))


def _columns(head: list[str]) -> tuple[int, int]:
    """At which places team and student stand; raises Conflict."""
    names = ["_".join(cell.lower().replace("-", " ").split()) for cell in head]
    places = [
        next((place for place, name in enumerate(names) if name in known), None)
        for known in (_TEAM, _WHO)
    ]
    if None in places:
        said = ", ".join(cell[:40] for cell in head[:10]) or "nothing"
        raise Conflict(f"Nobody was put into a team. {_ASKED} It names: {said}.")
    return places[0] or 0, places[1] or 0


def held(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """The assignment, if the actor may set its teams; nobody else does, or hands in, until the
    commit."""
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    permissions.require(session, actor, Right.SEE_CLASS, assignment.course_id)
    if assignment.team_size == 1:
        raise Conflict(
            "In this assignment everybody hands in alone. Let teams hand in first: edit it."
        )
    return assignment


def _student(session: Session, assignment: Assignment, who: str) -> User:
    found = accounts.find(session, who.strip()) if who.strip() else None
    if found is None or not looking.is_student(session, assignment.course_id, found.id):
        said = f"No student of this course has the e-mail address or external id {who[:80]!r}."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"student": said})
    return found
