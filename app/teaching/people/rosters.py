"""Owns what a roster file does: putting everybody in it into a course, or out of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ARRAY, Integer, String, func, literal, or_, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Problem
from app.identity import accounts, link_permissions, links, permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, Role, User
from app.teaching import courses, sections
from app.teaching.people import roster_files
from app.teaching.people.roster_changes import (
    JOINS,
    LEAVES,
    NEW,
    PLAIN,
    RETURNS,
    ROLE,
    STAYS,
    Change,
    RosterImport,
    Wish,
)
from app.teaching.people.roster_files import Line


def import_roster(
    session: Session, actor: Actor, course_id: int, text: str, wish: Wish = PLAIN
) -> RosterImport:
    """Enrol people from CSV, as `roster_files` reads it: by e-mail, or a known external id.

    Without a role somebody keeps the one that they have or had; who has had none is a student.
    Sections that are not there yet are made, and whoever comes without a password has an invitation
    afterwards. Nothing is changed where any line has an error, unless it is wished: the caller
    shows the errors and rolls back. Raises NotFound, Forbidden, Conflict.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    file = roster_files.read(text)
    outcome = RosterImport(unused=file.unused, errors=file.errors)
    courses.hold_teaching(session, course_id)
    sections.hold_terms(session, course_id)
    register = _Register(session, actor, course_id, file.lines, wish)
    fresh = []
    for line in file.lines:
        try:
            fresh += register.take(line)
        except Problem as problem:
            outcome.errors[line.number] = problem.detail
    outcome.errors = dict(sorted(outcome.errors.items()))
    if outcome.errors and (wish.only_these or not wish.skip_wrong):
        return outcome
    if wish.only_these:
        register.remove_others()
    outcome.changes = register.changes
    outcome.added = register.added
    accounts.store(session, outcome.added, by=actor)
    session.add_all(fresh)
    session.flush()
    for one in fresh:
        courses.record_role(session, actor, course_id, one.user_id, None, one.role)
    sections.put_many(session, actor, course_id, register.in_sections)
    session.flush()
    links.invite(session, register.come, by=actor)
    return outcome


class _Register:
    """Everybody whom some lines are about, looked up at once, and the course's people."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        course_id: int,
        lines: Sequence[Line],
        wish: Wish,
    ) -> None:
        self._session = session
        self._actor = actor
        self._course_id = course_id
        self._teaching = courses.hold_teaching(session, course_id)
        enrolled = select(Enrolment).where(Enrolment.course_id == course_id)
        self._enrolments = {one.user_id: one for one in session.scalars(enrolled)}
        self._wish = wish
        emails = [line.email for line in lines if line.email]
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
        self._mentioned: set[int] = set()
        self._lines: dict[int, int] = {}
        self.added: list[User] = []
        self.changes: list[Change] = []
        self.come: list[User] = []
        self._sectioned: list[tuple[User, Line]] = []

    @property
    def in_sections(self) -> dict[int, Sequence[str]]:
        """Who is to be in which sections, by user id; to be asked once they have one."""
        return {user.id: line.sections for user, line in self._sectioned}

    def take(self, line: Line) -> list[Enrolment]:
        """Do what a line says; the enrolments that are new. Raises Conflict."""
        user = self._by_email.get(line.email.lower()) if line.email else self._known(line)
        if line.leaves:
            return self._take_out(self._who_leaves(user, line), line)
        user = user or self._moved(line)
        self._check_once(user, line)
        if user is None:
            self._check_free(line)
            user = User(email=line.email, name=line.name, external_id=line.external_id)
            self.added.append(user)
            role = line.role or Role.STUDENT
            self._note(NEW, user, line, role)
            return [Enrolment(course_id=self._course_id, user=user, role=role, active=True)]
        self._check_identity(user, line)
        enrolment = self._enrolments.get(user.id)
        if enrolment is None:
            role = line.role or Role.STUDENT
            self._note(JOINS, user, line, role)
            return [Enrolment(course_id=self._course_id, user_id=user.id, role=role, active=True)]
        self._mentioned.add(user.id)
        held, role = enrolment.role, line.role or enrolment.role
        kind = RETURNS if not enrolment.active else STAYS if role is held else ROLE
        courses.change_role(self._session, self._actor, enrolment, role, self._teaching)
        self._note(kind, user, line, role, held)
        return []

    def remove_others(self) -> None:
        """Take the students out whom no line is about; raises Conflict where that is all."""
        if not self._mentioned:
            raise Conflict(
                "The file has nobody who is in the course, so nothing was done: taken as the whole "
                "list it would empty the course. Is it another course's?"
            )
        others = [
            one
            for one in self._enrolments.values()
            if one.active and one.role is Role.STUDENT and one.user_id not in self._mentioned
        ]
        for one in sorted(others, key=lambda one: (one.user.name, one.user_id)):
            self._remove(one)

    def _remove(self, enrolment: Enrolment, line: int | None = None) -> None:
        held = enrolment.role
        courses.change_role(self._session, self._actor, enrolment, None, self._teaching)
        user = enrolment.user
        self.changes.append(Change(LEAVES, user.email, user.name, held, held, line=line))

    def _moved(self, line: Line) -> User | None:
        """Who in the course has the line's external id, but another address; raises Conflict.

        Whoever changes an address can have a link sent there: so it is for who may see the link.
        """
        user = self._by_id.get(line.external_id or "")
        if user is None or user.id not in self._enrolments or not line.email:
            return None
        if not self._wish.addresses:
            raise Conflict(
                f"The external id {line.external_id} is {user.name}'s, who has the address "
                f"{user.email} so far. If {line.email} is their new one, have addresses replaced."
            )
        seen = link_permissions.seen(self._session, self._actor, self._course_id, [user])
        if not seen:
            raise Conflict(
                f"{user.name} ({user.email}) has another role or work elsewhere, an account that "
                "was made otherwise, or a password where links are mailed, so only a site "
                "administrator can change their address."
            )
        return user

    def _known(self, line: Line) -> User:
        """Whom a line without an address is about, in this course or not; raises Conflict."""
        if (user := self._by_id.get(line.external_id or "")) is None:
            raise Conflict(
                f"Nobody here has the external id {line.external_id}, and the line has no e-mail "
                "address, with which an account could be made."
            )
        return user

    def _check_once(self, user: User | None, line: Line) -> None:
        """Raise Conflict where another line is about the same person in other words."""
        first = self._lines.setdefault(user.id, line.number) if user else line.number
        if user is not None and first != line.number:
            raise Conflict(f"This is {user.email}, who is on line {first} already.")

    def _who_leaves(self, user: User | None, line: Line) -> User | None:
        """Whoever is meant by the address or the external id, if they are one person."""
        by_id = self._by_id.get(line.external_id or "")
        if user is not None and by_id is not None and user is not by_id:
            raise Conflict(
                f"The address {user.email} and the external id {line.external_id} are of two "
                "people, so nobody was taken out."
            )
        return user or by_id

    def _take_out(self, user: User | None, line: Line) -> list[Enrolment]:
        self._check_once(user, line)
        enrolment = self._enrolments.get(user.id) if user else None
        if enrolment is not None:
            self._mentioned.add(enrolment.user_id)
            if enrolment.active:
                self._remove(enrolment, line.number)
        return []

    def _note(
        self, kind: str, user: User, line: Line, role: Role, held: Role | None = None
    ) -> None:
        if line.sections:
            self._sectioned.append((user, line))
        named = line.name if line.is_named and line.name != user.name else ""
        renamed = bool(named) and self._wish.names and self._may_rename(user)
        said = (user.email, user.name, role, held, named, renamed, line.external_id, line.sections)
        moves = line.email if line.email and line.email.lower() != user.email.lower() else ""
        self.changes.append(Change(kind, *said, line.number, moves))
        if kind is not STAYS or moves:
            self.come.append(user)
        if kind is not NEW:
            self._rewrite(user, line, named if renamed else None, moves or None)

    def _rewrite(self, user: User, line: Line, name: str | None, email: str | None) -> None:
        """Have an account say what the file does, and the log that it does."""
        given = line.external_id if line.external_id != user.external_id else None
        if (name, email, given) != (None, None, None):
            accounts.change(
                self._session, user, name=name, email=email, external_id=given, by=self._actor
            )

    def _may_rename(self, user: User) -> bool:
        """A name is shown in every course, so whoever changes it teaches them all."""
        return self._actor.user.is_admin or not (user.is_admin or user.id in self._elsewhere)

    def _check_identity(self, user: User, line: Line) -> None:
        """Who has no external id yet may be given one; only an administrator may change one.

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
            if user.id in self._elsewhere or user.is_admin:
                raise Conflict(
                    f"{user.email} has no external id and takes part in a course that you do not "
                    "teach, where it would count as well; a site administrator can set it. "
                    "Leave it out of this line to enrol them without."
                )

    def _check_free(self, line: Line) -> None:
        if self._by_id.keys() & {line.email, line.external_id}:
            raise Conflict(
                f"The external id {line.external_id or line.email} belongs to an account with "
                "another e-mail address; a site administrator can change that."
            )


def _elsewhere(session: Session, actor: Actor, users: Sequence[User]) -> set[int]:
    """Those who are, or were, in a course that the actor does not teach."""
    ids = [user.id for user in users]
    rows = select(Enrolment.user_id).where(
        Enrolment.user_id == func.any(literal(ids, ARRAY(Integer))),
        Enrolment.course_id.not_in(site_permissions.taught(actor)),
    )
    return set(session.scalars(rows))


def _array(texts: Sequence[str]) -> object:
    return literal(list(texts), ARRAY(String))
