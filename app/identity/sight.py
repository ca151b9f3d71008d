"""Owns whose work is seen by somebody who sees that of some sections only; permissions ask it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.identity.authentication import Actor
from app.identity.rights import Right
from app.models import Section, SectionMember


def seen(rights: frozenset[Right], actor: Actor, course_id: int) -> Select[int] | None:
    """The ids of those whose work somebody with these rights sees; None is everybody's."""
    if Right.SEE_ALL_WORK in rights:
        return None
    own = aliased(SectionMember)
    return (
        select(SectionMember.user_id)
        .join(own, own.section_id == SectionMember.section_id)
        .join(Section, Section.id == SectionMember.section_id)
        .where(Section.course_id == course_id, own.user_id == actor.user.id)
    )


def shares_section(session: Session, actor: Actor, course_id: int, user_id: int) -> bool:
    """Whether somebody else is in a section of the actor's."""
    return user_id != actor.user.id and sees_one_of(session, actor, course_id, [user_id])


def sees_one_of(
    session: Session, actor: Actor, course_id: int, users: Iterable[int] | Select[int]
) -> bool:
    """Whether any of these people is in a section of the actor's."""
    others = seen(frozenset(), actor, course_id)
    assert others is not None  # without rights
    rows = others.where(SectionMember.user_id.in_(users)).limit(1)
    return session.scalar(rows) is not None
