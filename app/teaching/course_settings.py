"""Owns what becomes of a course as a whole: changed, archived, opened again, deleted when empty."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.grading.rules import lateness, terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Course
from app.teaching import assignments, courses
from app.teaching.course_drafts import CourseDraft


def version(course: Course) -> str:
    """What a form that changes the course is filled in from."""
    return versions.of(course)


def change(
    session: Session, actor: Actor, course_id: int, draft: CourseDraft, *, seen: str | None = None
) -> Course:
    """Change a course's code, title, term or time zone; moments that are set stay the same ones.

    Late work is measured anew by the days of another time zone.

    `seen` is the version that the actor has seen. Raises NotFound, Forbidden, Unprocessable,
    Conflict, Stale.
    """
    course = locked(session, actor, course_id, Right.MANAGE, seen)
    before, draft = CourseDraft.of(course), draft.clean()
    if draft == before:
        return course
    if draft.code != before.code:
        courses.require_free(session, draft.code)
    found = sorted(assignments.all_of(session, course_id), key=lambda one: one.id)
    found = found if draft.timezone != before.timezone else []
    for one in found:
        terms.hold(session, one.id, to_change=True)
    for name, value in draft.facts().items():
        setattr(course, name, value)
    session.flush()
    for one in found:  # days begin and end at other moments
        lateness.follow(session, one)
    was, is_now = audit.difference(before.facts(), draft.facts())
    audit.record(
        session, actor, Action.COURSE_CHANGED, course_id=course_id, before=was, after=is_now
    )
    return course


def archive(session: Session, actor: Actor, course_id: int, *, seen: str | None = None) -> Course:
    """From now on it can be read, and nothing in it changes. Raises as `change` does."""
    course = locked(session, actor, course_id, Right.MANAGE, seen)
    course.archived_at = now()
    session.flush()
    audit.record(session, actor, Action.COURSE_ARCHIVED, course_id=course_id)
    return course


def reopen(session: Session, actor: Actor, course_id: int, *, seen: str | None = None) -> Course:
    """Take a course out of the archive again; nothing is done to one that is not in it."""
    if permissions.course(session, actor, course_id).archived_at is None:
        return permissions.course(session, actor, course_id, Right.MANAGE)
    course = locked(session, actor, course_id, Right.REOPEN, seen)
    course.archived_at = None
    session.flush()
    audit.record(session, actor, Action.COURSE_REOPENED, course_id=course_id)
    return course


def locked(
    session: Session, actor: Actor, course_id: int, right: Right, seen: str | None
) -> Course:
    """The course as it is now, which nobody else changes until the commit; raises Stale."""
    permissions.course(session, actor, course_id, right)
    rows = select(Course).where(Course.id == course_id).with_for_update()
    course = session.scalars(rows.execution_options(populate_existing=True)).one()
    versions.require_current(seen, version(course), "this course")
    permissions.require(session, actor, right, course_id)
    return course
