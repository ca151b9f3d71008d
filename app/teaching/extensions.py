"""Owns extensions: more time or attempts for a student, a section or a team.

Whoever hands in is measured by them at once, and so is what was handed in before.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app import audit, versions
from app.audit import Action
from app.errors import Forbidden, NotFound, Unprocessable
from app.grading.rules import lateness, members, terms
from app.identity import accounts, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import (
    Assignment,
    Enrolment,
    GivenExtension,
    Role,
    Section,
    SectionMember,
    Team,
    TeamMember,
    User,
)
from app.models.field_limits import wrong_length
from app.models.teaching.courses import EARLIEST, LATEST
from app.teaching import sections
from app.timing.windows import Extension

MOST_ATTEMPTS = 1_000


@dataclass(frozen=True)
class Whom:
    """Who is given something: one student, all of a section, or a team."""

    user_id: int | None = None
    section_id: int | None = None
    team_id: int | None = None


def give(
    session: Session,
    actor: Actor,
    assignment_id: int,
    whom: Whom,
    wanted: Extension,
    reason: str,
    *,
    seen: str,
) -> GivenExtension:
    """Give more time or attempts, in place of what was given before.

    `seen` is the version of that which the actor has seen. Raises NotFound, Forbidden,
    Unprocessable, Stale.
    """
    assignment = _assignment(session, actor, assignment_id, whom)
    terms.hold(session, assignment_id, to_change=True)
    given = current(session, assignment_id, whom)
    what = f"the extension of {_name(session, whom)}"
    versions.require_current(seen, version(given), what, _by_now(given))
    reason = reason.strip()
    if wrong := _wrong(assignment, wanted, reason):
        raise Unprocessable(" ".join(["Nothing was changed.", *wrong.values()]), errors=wrong)
    before = _facts(given)
    if given is None:
        given = GivenExtension(assignment_id=assignment_id, **asdict(whom))
        session.add(given)
    given.due_at, given.closes_at = wanted.due_at, wanted.closes_at
    given.attempts, given.reason = wanted.attempts, reason
    given.given_by_id, given.given_at = actor.user.id, now()
    lateness.follow(session, assignment, _people(session, whom))
    _record(session, actor, assignment, given, Action.EXTENSION, (before, _facts(given)), reason)
    return given


def take_back(
    session: Session, actor: Actor, extension_id: int, *, seen: str | None = None
) -> GivenExtension:
    """Have the assignment's own rules hold again.

    `seen` is the version of the extension that the actor has seen. Raises NotFound, Forbidden,
    Stale.
    """
    absent = NotFound("There is no such extension; perhaps somebody has taken it back already.")
    found = session.get(GivenExtension, extension_id)
    if found is None:
        raise absent
    whom = Whom(found.user_id, found.section_id, found.team_id)
    assignment = _assignment(session, actor, found.assignment_id, whom)
    terms.hold(session, assignment.id, to_change=True)
    given = current(session, assignment.id, whom)
    if given is None or given.id != extension_id:
        raise absent
    versions.require_current(seen, version(given), "this extension", _by_now(given))
    facts, said = _facts(given), f"Taken back: {given.reason}"
    session.delete(given)
    lateness.follow(session, assignment, _people(session, whom))
    _record(session, actor, assignment, given, Action.EXTENSION_BACK, (facts, None), said)
    return given


def current(session: Session, assignment_id: int, whom: Whom) -> GivenExtension | None:
    """What a student, or a section, was given in an assignment, for whoever may see it."""
    rows = select(GivenExtension).where(GivenExtension.assignment_id == assignment_id)
    if whom.user_id is not None:
        rows = rows.where(GivenExtension.user_id == whom.user_id)
    else:
        rows = rows.where(GivenExtension.section_id == whom.section_id)
    return session.scalar(rows.execution_options(populate_existing=True))


def of_assignment(session: Session, actor: Actor, assignment_id: int) -> list[GivenExtension]:
    """The extensions of an assignment that the actor may see, sections first, then by name.

    Raises NotFound, Forbidden.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_GRADEBOOK)
    rights = permissions.rights_in(session, actor, assignment.course_id)
    rows = (
        select(GivenExtension)
        .outerjoin(GivenExtension.user)
        .outerjoin(GivenExtension.section)
        .outerjoin(GivenExtension.team)
        .where(GivenExtension.assignment_id == assignment_id)
        .options(
            joinedload(GivenExtension.user),
            joinedload(GivenExtension.section),
            joinedload(GivenExtension.team),
            joinedload(GivenExtension.given_by),
        )
        .order_by(Section.title.nulls_last(), Team.title.nulls_last(), User.name, User.id)
    )
    seen = permissions.seen(rights, actor, assignment.course_id)
    if seen is not None:
        own = select(SectionMember.section_id).where(SectionMember.user_id == actor.user.id)
        teams = select(TeamMember.team_id).where(TeamMember.user_id.in_(seen))
        rows = rows.where(
            or_(
                GivenExtension.user_id.in_(seen),
                GivenExtension.section_id.in_(own),
                GivenExtension.team_id.in_(teams),
            )
        )
    return list(session.scalars(rows))


def named(session: Session, actor: Actor, assignment_id: int, who: str) -> User:
    """The student with an e-mail address or external id; raises NotFound, Unprocessable."""
    assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
    user = accounts.find(session, who.strip()) if who.strip() else None
    if user is None or not _is_student(session, assignment, user.id):
        said = f"No student of this course has the e-mail address or external id {who[:80]!r}."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"student": said})
    return user


def version(given: GivenExtension | None) -> str:
    """What a form that gives an extension is filled in from."""
    return versions.of_facts(_facts(given) or {})


def _assignment(session: Session, actor: Actor, assignment_id: int, whom: Whom) -> Assignment:
    """The assignment, if the actor may give something there to these; sections and teams are for
    who sees the whole class."""
    if whom.user_id is None:
        assignment = permissions.assignment(session, actor, assignment_id, Right.GRADE)
        permissions.require(session, actor, Right.SEE_CLASS, assignment.course_id)
        sections.hold(session, assignment.course_id)  # who is in it stays, and that it is there
        many = _many(session, whom)
        if isinstance(many, Section) and many.course_id == assignment.course_id:
            return assignment
        if isinstance(many, Team) and many.assignment_id == assignment.id:
            return assignment
        raise NotFound("There is no such section or team here.")
    right = Right.GRADE
    assignment = permissions.of_student(session, actor, assignment_id, whom.user_id, right)
    if whom.user_id == actor.user.id:
        raise Forbidden("Nobody gives themselves more time; ask somebody else who teaches here.")
    if not _is_student(session, assignment, whom.user_id):
        raise NotFound("There is no such student in this course.")
    return assignment


def _name(session: Session, whom: Whom) -> str:
    if whom.user_id is not None:
        return session.get_one(User, whom.user_id).name
    many = _many(session, whom)
    return many.title if many else ""


def _many(session: Session, whom: Whom) -> Section | Team | None:
    if whom.team_id is not None:
        return session.get(Team, whom.team_id)
    return session.get(Section, whom.section_id) if whom.section_id is not None else None


def _people(session: Session, whom: Whom) -> list[int]:
    if whom.user_id is not None:
        return [whom.user_id]
    rows = select(SectionMember.user_id).where(SectionMember.section_id == whom.section_id)
    if whom.team_id is not None:
        return members.of_team(session, whom.team_id)
    return list(session.scalars(rows))


def _is_student(session: Session, assignment: Assignment, user_id: int) -> bool:
    enrolment = session.get(Enrolment, (assignment.course_id, user_id))
    return enrolment is not None and enrolment.role is Role.STUDENT


def _wrong(assignment: Assignment, wanted: Extension, reason: str) -> dict[str, str]:
    """What is wrong with it, by field."""
    wrong: dict[str, str] = {}
    for name, what in (("due_at", "due"), ("closes_at", "closing")):
        if said := _wrong_time(what, getattr(assignment, name), getattr(wanted, name)):
            wrong[name] = said
    if not 0 <= wanted.attempts <= MOST_ATTEMPTS:
        wrong["attempts"] = f"More attempts lie between 0 and {MOST_ATTEMPTS}."
    elif wanted.attempts and assignment.max_attempts is None:
        wrong["attempts"] = "They may hand in as often as they like already."
    if not wrong and wanted == Extension():
        wrong["due_at"] = "Give a later date, or more attempts."
    if said := wrong_length("reason", reason):
        wrong["reason"] = said
    if not reason:
        wrong["reason"] = "Say why: the student reads it, and so does whoever looks later."
    return wrong


def _wrong_time(what: str, usual: datetime | None, wanted: datetime | None) -> str | None:
    if wanted is None:
        return None
    if not EARLIEST <= wanted < LATEST:
        return f"The year must be from {EARLIEST.year} to {LATEST.year - 1}."
    if usual is None:
        return f"The assignment has no {what} date, so there is none to put off."
    if wanted <= usual:
        return f"The assignment's own {what} date is not before that; an extension is later."
    return None


def _facts(given: GivenExtension | None) -> dict[str, Any] | None:
    if given is None:
        return None
    times = {"due_at": given.due_at, "closes_at": given.closes_at}
    said = {name: one and one.astimezone(UTC).isoformat() for name, one in times.items()}
    return said | {"attempts": given.attempts, "reason": given.reason}


def _by_now(given: GivenExtension | None) -> str:
    return "By now there is none." if given is None else f"By now it says: {given.reason}"


def _record(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    given: GivenExtension,
    action: Action,
    facts: tuple[dict[str, Any] | None, dict[str, Any] | None],
    reason: str,
) -> None:
    many = {} if given.user_id else {"section" if given.section_id else "team": given.whose}
    before, after = (None if one is None else many | one for one in facts)
    audit.record(
        session,
        actor,
        action,
        assignment=assignment,
        user_id=given.user_id,
        before=before,
        after=after,
        reason=reason,
    )
