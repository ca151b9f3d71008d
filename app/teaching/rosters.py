"""Owns roster files: what a CSV file says of people, and putting them all into a course."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, Integer, String, func, literal, or_, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Problem
from app.identity import accounts, permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, Role, User
from app.teaching import courses, sections

COLUMNS = ("email", "name", "external_id", "role", "section")
_OTHER_NAMES = {"e_mail": "email", "sections": "section"}
_ASKED = f"The first line must name the columns: {','.join(COLUMNS)} (only email is needed)."
Row = tuple[int, list[str]]


@dataclass
class RosterImport:
    """What a roster file would do, or did: whom it is about, and what is wrong by line number."""

    added: list[User] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Another one as soon as the file would do anything else."""
        return hashlib.blake2b(repr(self.changes).encode(), digest_size=12).hexdigest()

    def of_kind(self, *kinds: str) -> list[Change]:
        """The changes of some kinds, in the file's order."""
        return [change for change in self.changes if change.kind in kinds]


NEW, JOINS, RETURNS, ROLE, STAYS = "new", "joins", "returns", "role", "stays"


@dataclass(frozen=True)
class Change:
    """What becomes of one person: `held` is their role before, `named` what else the file has."""

    kind: str
    email: str
    name: str
    role: Role
    held: Role | None = None
    named: str = ""
    external_id: str | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What one line says, checked by itself."""

    number: int
    email: str
    name: str
    is_named: bool
    external_id: str | None
    role: Role | None
    sections: tuple[str, ...] = ()


def import_roster(session: Session, actor: Actor, course_id: int, text: str) -> RosterImport:
    """Enrol people from CSV with the columns `email,name,external_id,role,section`.

    Only email is needed; `section` may name several, and makes those that are not there yet.

    Without a role somebody keeps the one that they have or had; who has had none is a student.
    Nothing is changed where any line has an error: the caller shows the errors and rolls back.
    Raises NotFound, Forbidden, Conflict.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    outcome = RosterImport()
    lines = _read(text, outcome)
    register = _Register(session, actor, course_id, lines)
    fresh = []
    for line in lines:
        try:
            fresh += register.take(line)
        except Problem as problem:
            outcome.errors[line.number] = problem.detail
    if outcome.errors:
        outcome.errors = dict(sorted(outcome.errors.items()))
        return outcome
    outcome.changes = register.changes
    outcome.added = register.added
    accounts.store(session, outcome.added, by=actor)
    session.add_all(fresh)
    session.flush()
    for one in fresh:
        courses.record_role(session, actor, course_id, one.user_id, None, one.role)
    sections.put_many(session, actor, course_id, register.in_sections)
    session.flush()
    return outcome


class _Register:
    """Everybody whom some lines are about, looked up at once, and the course's people."""

    def __init__(
        self, session: Session, actor: Actor, course_id: int, lines: Sequence[Line]
    ) -> None:
        self._session = session
        self._actor = actor
        self._course_id = course_id
        self._teaching = courses.hold_teaching(session, course_id)
        enrolled = select(Enrolment).where(Enrolment.course_id == course_id)
        self._enrolments = {one.user_id: one for one in session.scalars(enrolled)}
        emails = [line.email for line in lines]
        ids = [line.external_id for line in lines if line.external_id]
        lowered = select(func.lower(func.unnest(_array(emails))))
        known = select(User).where(
            or_(
                func.lower(User.email).in_(lowered),
                User.external_id == func.any(_array(ids + emails)),
            )
        )
        users = list(session.scalars(known))
        self._by_email = {user.email.lower(): user for user in users}
        self._by_id = {user.external_id: user for user in users if user.external_id}
        self._elsewhere = _elsewhere(session, actor, users)
        self.added: list[User] = []
        self.changes: list[Change] = []
        self._sectioned: list[tuple[User, Line]] = []

    @property
    def in_sections(self) -> dict[int, Sequence[str]]:
        """Who is to be in which sections, by user id; to be asked once they have one."""
        return {user.id: line.sections for user, line in self._sectioned}

    def take(self, line: Line) -> list[Enrolment]:
        """Do what a line says; the enrolments that are new. Raises Conflict."""
        user = self._by_email.get(line.email.lower())
        if user is None:
            self._check_free(line)
            user = User(email=line.email, name=line.name, external_id=line.external_id)
            self.added.append(user)
            role = line.role or Role.STUDENT
            self._note(NEW, user, line, role)
            return [Enrolment(course_id=self._course_id, user=user, role=role, active=True)]
        self._identify(user, line)
        enrolment = self._enrolments.get(user.id)
        if enrolment is None:
            role = line.role or Role.STUDENT
            self._note(JOINS, user, line, role)
            return [Enrolment(course_id=self._course_id, user_id=user.id, role=role, active=True)]
        held, role = enrolment.role, line.role or enrolment.role
        kind = RETURNS if not enrolment.active else STAYS if role is held else ROLE
        self._note(kind, user, line, role, held)
        courses.change_role(self._session, self._actor, enrolment, role, self._teaching)
        return []

    def _note(
        self, kind: str, user: User, line: Line, role: Role, held: Role | None = None
    ) -> None:
        if line.sections:
            self._sectioned.append((user, line))
        named = line.name if line.is_named and line.name != user.name else ""
        self.changes.append(
            Change(kind, user.email, user.name, role, held, named, line.external_id, line.sections)
        )

    def _identify(self, user: User, line: Line) -> None:
        """Keep an external id for who has none yet; only an administrator may change one.

        It says in every course whose work an LMS hands in, so whoever sets it teaches them all.
        """
        if line.external_id in (None, user.external_id):
            return
        self._check_free(line)
        if not self._actor.user.is_admin:
            if user.external_id:
                raise Conflict(
                    f"{user.email} has another external id than {line.external_id}; "
                    "a site administrator can change it."
                )
            if user.id in self._elsewhere:
                raise Conflict(
                    f"{user.email} has no external id and takes part in a course that you do not "
                    "teach, where it would count as well; a site administrator can set it. "
                    "Leave it out of this line to enrol them without."
                )
        user.external_id = line.external_id

    def _check_free(self, line: Line) -> None:
        if self._by_id.keys() & {line.email, line.external_id}:
            raise Conflict(
                f"The external id {line.external_id or line.email} belongs to an account with "
                "another e-mail address; a site administrator can change that."
            )


def _elsewhere(session: Session, actor: Actor, users: Sequence[User]) -> set[int]:
    """Those who have no external id, and are in a course that the actor does not teach."""
    without = [user.id for user in users if not user.external_id]
    rows = select(Enrolment.user_id).where(
        Enrolment.user_id == func.any(literal(without, ARRAY(Integer))),
        Enrolment.course_id.not_in(site_permissions.taught(actor)),
        Enrolment.active,
    )
    return set(session.scalars(rows))


def _array(texts: Sequence[str]) -> object:
    return literal(list(texts), ARRAY(String))


def _read(text: str, outcome: RosterImport) -> list[Line]:
    """The lines that are right by themselves; what is wrong with the others goes to `outcome`."""
    rows = _rows(text)
    lines: list[Line] = []
    seen: dict[str, int] = {}
    number = 1
    try:
        number, head = next(rows, (1, []))
        columns = _columns(head, outcome)
        for number, row in rows:
            try:
                lines.append(_line(number, row, columns, seen))
            except Problem as problem:
                outcome.errors[number] = problem.detail
    except csv.Error as error:
        outcome.errors[number + 1] = (
            f"From here on the file cannot be read as CSV ({error}). Is a quotation mark missing?"
        )
    except Problem as problem:
        outcome.errors[number] = problem.detail
    return lines


def _rows(text: str) -> Iterator[Row]:
    """The rows that are not blank, each with the number of its first line.

    Lines may end in any way, and cells be parted by commas, semicolons or tabs, as in line one.
    """
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield before + 1, [cell.strip() for cell in row]
        before = reader.line_num


def _columns(head: list[str], outcome: RosterImport) -> list[str]:
    """The names of the columns, as we write them; raises Conflict."""
    names = [re.sub(r"[\s_-]+", "_", cell.lower()) for cell in head]
    names = [_OTHER_NAMES.get(name, name) for name in names]
    known = [name for name in names if name in COLUMNS]
    if "email" not in known:
        named = ", ".join(cell[:40] for cell in head[:10]) or "nothing"
        raise Conflict(f"{_ASKED} It names: {named}.")
    if twice := {name for name in known if known.count(name) > 1}:
        raise Conflict(f"The first line names a column twice: {', '.join(sorted(twice))}.")
    outcome.unused = [
        cell[:40] for cell, name in zip(head, names, strict=True) if name and name not in COLUMNS
    ]
    return names


def _line(number: int, row: list[str], columns: list[str], seen: dict[str, int]) -> Line:
    """One row, checked by itself and against those `seen` before; raises Problem."""
    if len(row) > len(columns):
        raise Conflict(
            f"There are {len(row)} cells, but the first line names {len(columns)} columns. "
            "A cell with a comma in it needs quotation marks around it."
        )
    cell = dict(zip(columns, row, strict=False))
    email = accounts.clean_email(cell.get("email", ""))
    external_id = accounts.clean_external_id(cell.get("external_id", ""), email)
    for key in (email.lower(), external_id and f"id {external_id}"):
        if key and (first := seen.setdefault(key, number)) != number:
            raise Conflict(f"{key} is on line {first} already.")
    return Line(
        number=number,
        email=email,
        name=accounts.clean_name(cell.get("name", ""), email),
        is_named=bool(cell.get("name")),
        external_id=external_id,
        role=courses.role_named(cell["role"]) if cell.get("role") else None,
        sections=tuple(sections.checked(cell.get("section", ""))),
    )
