"""Owns which courses the front page lists: one's own, and for administrators all the others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.identity import permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.spelling import spelt
from app.models import Course, Enrolment, Role

_BY_TITLE = (Course.title, Course.id)


def own(session: Session, actor: Actor) -> list[tuple[Course, Role]]:
    """The courses that the actor takes part in, with their role; by title, archived ones not."""
    permissions.require_scope(actor, "courses:read")
    rows = select(Course, Enrolment.role).join(Enrolment, _takes_part(actor))
    rows = rows.where(Course.archived_at.is_(None)).order_by(*_BY_TITLE)
    return [(course, role) for course, role in session.execute(rows)]


def archived(session: Session, actor: Actor) -> list[Course]:
    """The archived courses that the actor takes part in, by title."""
    permissions.require_scope(actor, "courses:read")
    rows = select(Course).join(Enrolment, _takes_part(actor))
    return list(session.scalars(rows.where(Course.archived_at.is_not(None)).order_by(*_BY_TITLE)))


def others(session: Session, actor: Actor, search: str, most: int) -> list[Course]:
    """The first `most` courses by title that an administrator takes no part in, archived ones
    last; only those with `search` in title, code or term, if not "". Nobody else sees any."""
    permissions.require_scope(actor, "courses:read")
    if not actor.user.is_admin:
        return []
    rows = select(Course).where(_reached(actor), ~select(1).where(_takes_part(actor)).exists())
    if search := spelt(search.strip()):
        named = (Course.title, Course.code, Course.term)
        rows = rows.where(or_(*(one.icontains(search, autoescape=True) for one in named)))
    last = Course.archived_at.is_not(None)
    return list(session.scalars(rows.order_by(last, *_BY_TITLE).limit(most)))


def titles(session: Session, actor: Actor, ids: Collection[int | None]) -> dict[int, str]:
    """The titles of those of some courses that the actor may see, archived ones too."""
    permissions.require_scope(actor, "courses:read")
    rows = select(Course.id, Course.title).where(Course.id.in_(ids), site_permissions.sees(actor))
    return dict(session.execute(rows.where(_reached(actor))).tuples().all())


def _takes_part(actor: Actor) -> ColumnElement[bool]:
    there = (Enrolment.course_id == Course.id) & (Enrolment.user_id == actor.user.id)
    return there & Enrolment.active & _reached(actor)


def _reached(actor: Actor) -> ColumnElement[bool]:
    """What a token for one course reaches of all courses; everything where it is not for one."""
    return true() if actor.course_id is None else Course.id == actor.course_id
