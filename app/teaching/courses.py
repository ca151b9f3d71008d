"""Owns courses and who is in them."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app import audit, versions
from app.audit import Action
from app.errors import Conflict, NotFound, Unprocessable
from app.identity import links, permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.identity.spelling import spellings
from app.models import Assignment, AttemptMember, Course, Enrolment, Role, User, Via
from app.teaching.course_drafts import CourseDraft


def add(
    session: Session,
    code: str,
    title: str,
    timezone: str = "UTC",
    actor: Actor | None = None,
    *,
    term: str = "",
) -> Course:
    """Make a course; raises Conflict where the code is taken, Unprocessable for a bad field.

    There is no `actor` where the operator does it.
    """
    draft = CourseDraft(code, title, term, timezone).clean()
    require_free(session, draft.code)
    course = Course(**draft.facts())
    session.add(course)
    session.flush()
    made = draft.facts()
    audit.record(session, actor or Via.COMMAND, Action.COURSE_MADE, course_id=course.id, after=made)
    return course


def require_free(session: Session, code: str) -> None:
    """Raise Conflict where a course has this code already."""
    if session.scalar(select(Course.id).where(Course.code == code)):
        said = f"There is a course with the code {code} already."
        raise Conflict(said, errors={"code": said})


def get(session: Session, code_or_id: str) -> Course:
    """The course with this code, or else with this id; raises NotFound."""
    course = session.scalar(select(Course).where(Course.code.in_(spellings(code_or_id))))
    if course is None and re.fullmatch(r"[0-9]{1,9}", code_or_id):
        course = session.get(Course, int(code_or_id))
    if course is None:
        raise NotFound(f"There is no course with the code or id {code_or_id!r}.")
    return course


def get_open(session: Session, code_or_id: str) -> Course:
    """Like `get`, for a course that is to be changed; raises Conflict for an archived one."""
    course = get(session, code_or_id)
    if course.archived_at is not None:
        raise Conflict(permissions.ARCHIVED)
    return course


def mine(session: Session, actor: Actor) -> list[tuple[Course, Role | None]]:
    """The courses that the actor may see, with their role; None for an administrator not in it."""
    permissions.require_scope(actor, "courses:read")
    own = (Enrolment.course_id == Course.id) & (Enrolment.user_id == actor.user.id)
    rows = select(Course, Enrolment.role).outerjoin(Enrolment, own & Enrolment.active)
    rows = rows.where(site_permissions.sees(actor))
    if actor.course_id is not None:
        rows = rows.where(Course.id == actor.course_id)
    rows = rows.where(Course.archived_at.is_(None)).order_by(Course.title, Course.id)
    return [(course, role) for course, role in session.execute(rows)]


def left(session: Session, actor: Actor) -> list[Course]:
    """The courses that somebody was taken out of after they had handed in there."""
    handed_in = select(Assignment.course_id).join(
        AttemptMember, AttemptMember.assignment_id == Assignment.id
    )
    return list(
        session.scalars(
            select(Course)
            .join(Enrolment, Enrolment.course_id == Course.id)
            .where(Enrolment.user_id == actor.user.id, Enrolment.active.is_(False))
            .where(Course.id.in_(handed_in.where(AttemptMember.user_id == actor.user.id)))
            .order_by(Course.title, Course.id)
        )
    )


def member(session: Session, actor: Actor, course_id: int, user_id: int | None = None) -> User:
    """Whose work is asked for: the actor for None, else somebody who is or was in the course.

    Raises NotFound for anybody else: who has an account is not for the staff of a course to know.
    """
    if user_id is None or user_id == actor.user.id:
        return actor.person
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("There is no such student in this course.")
    return enrolment.user


def enrol(
    session: Session, course: Course, user: User, role: Role | None, actor: Actor | None = None
) -> Enrolment:
    """Put somebody into a course, or give them another role there; raises Conflict as `seat` does.

    With None for a role they keep the one that they have or had; who has had none is a student.
    There is no `actor` where the operator does it.
    """
    teaching = hold_teaching(session, course.id)
    enrolment = session.get(Enrolment, (course.id, user.id), populate_existing=True)
    if enrolment is None:
        given = role or Role.STUDENT
        enrolment = Enrolment(course_id=course.id, user_id=user.id, role=given, active=True)
        session.add(enrolment)
        record_role(session, actor, course.id, user.id, None, given)
    else:
        change_role(session, actor, enrolment, role or enrolment.role, teaching)
    session.flush()
    return enrolment


def hold_teaching(session: Session, course_id: int) -> set[int]:
    """Who teaches a course; until the commit, nobody else changes who is in it."""
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))
    rows = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id, Enrolment.active, Enrolment.role == Role.INSTRUCTOR
    )
    return set(session.scalars(rows))


def change_role(
    session: Session,
    actor: Actor | None,
    enrolment: Enrolment,
    role: Role | None,
    teaching: set[int],
) -> None:
    """Give somebody in a course another role, or None to take them out of it.

    Raises Conflict where it is the actor's own role, or that of the last one in `teaching`; keeps
    `teaching` up to date.
    """
    held = enrolment.role if enrolment.active else None
    if role is held:
        return
    person = enrolment.user_id
    if held and actor is not None and person == actor.user.id:
        raise Conflict(
            "You cannot take your own role, or yourself out of the course; ask another instructor."
        )
    if held is Role.INSTRUCTOR and teaching == {person}:
        raise Conflict(
            f"{enrolment.user.email} is the course's last instructor. "
            "Make somebody else instructor first."
        )
    enrolment.active = role is not None
    enrolment.role = role or enrolment.role
    teaching.discard(person)
    if role is Role.INSTRUCTOR:
        teaching.add(person)
    record_role(session, actor, enrolment.course_id, person, held, role)


def record_role(
    session: Session,
    actor: Actor | None,
    course_id: int,
    user_id: int,
    held: Role | None,
    role: Role | None,
) -> None:
    """Log that somebody has another role in a course than they had; None is not to be in it.

    Whoever could see their password link should not have the new role by it.
    """
    if role not in (None, Role.STUDENT):
        links.end(session, user_id)
    audit.record(
        session,
        actor or Via.COMMAND,
        Action.ROLE,
        course_id=course_id,
        user_id=user_id,
        before={"role": held.value if held else None},
        after={"role": role.value if role else None},
    )


def as_seen(session: Session, course_id: int, user_id: int, seen: str | None) -> Enrolment:
    """An enrolment as it is now, which nobody else changes until the commit.

    Raises NotFound, and Stale where `seen` is an older version of it.
    """
    hold_teaching(session, course_id)
    enrolment = session.get(Enrolment, (course_id, user_id), populate_existing=True)
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    name = enrolment.user.name
    place = f"{enrolment.role.value} in" if enrolment.active else "no longer in"
    by_now = f"By now {name} is {place} the course."
    versions.require_current(seen, versions.of(enrolment), f"the role of {name}", by_now)
    return enrolment


def role_named(word: str) -> Role:
    """The role of this name, in any case; raises Unprocessable."""
    if (name := word.strip().lower()) not in list(Role):
        raise Unprocessable(
            f"{word[:40]!r} is not a role; use student, tutor, assistant or instructor.",
            errors={"role": "unknown"},
        )
    return Role(name)


def remove(
    session: Session, actor: Actor, course_id: int, user_id: int, *, seen: str | None = None
) -> None:
    """Take somebody out of a course; their work stays. Raises NotFound, Conflict, Stale."""
    permissions.course(session, actor, course_id, Right.MANAGE)
    as_seen(session, course_id, user_id, seen)
    leave(session, course_id, user_id, actor)


def leave(session: Session, course_id: int, user_id: int, actor: Actor | None = None) -> None:
    """Like `remove`; there is no `actor` where the operator does it."""
    teaching = hold_teaching(session, course_id)
    enrolment = session.get(Enrolment, (course_id, user_id), populate_existing=True)
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    change_role(session, actor, enrolment, None, teaching)


def roster(
    session: Session, actor: Actor, course_id: int, *, active: bool = True
) -> list[Enrolment]:
    """Everybody in the course, or who was removed; teaching staff first, then by name."""
    permissions.course(session, actor, course_id, Right.SEE_ALL_WORK)
    return list(
        session.scalars(
            select(Enrolment)
            .join(Enrolment.user)
            .options(contains_eager(Enrolment.user))
            .where(Enrolment.course_id == course_id, Enrolment.active == active)
            .order_by(Enrolment.role == Role.STUDENT, Enrolment.role, User.name, User.id)
        )
    )
