"""Owns what permissions ask the database: who somebody is where, and whose work they see.

Statements that many requests ask are made once: SQLAlchemy then knows them at sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, lazyload, selectinload

from app.identity.authentication import Actor
from app.identity.rights import Right
from app.infrastructure.remembering import remembered
from app.models import (
    Assignment,
    AttemptMember,
    Course,
    Enrolment,
    Role,
    Section,
    SectionMember,
    Submission,
)

MEMBERSHIP = and_(
    Enrolment.course_id == Assignment.course_id,
    Enrolment.user_id == bindparam("actor_id"),
    Enrolment.active,
)
"""Joins what `actor_id` is in the assignment's course, so that it need not be asked for apart."""
COUNTS_FOR_ACTOR = (
    select(AttemptMember.user_id)
    .where(
        AttemptMember.submission_id == func.coalesce(Submission.of_id, Submission.id),
        AttemptMember.user_id == bindparam("actor_id"),
    )
    .correlate(Submission)
    .exists()
)
"""Whether an attempt, or the one that a verdict is of, counts for `actor_id`."""
PLACE = (
    select(Enrolment.role, Course.archived_at)
    .select_from(Course)
    .outerjoin(
        Enrolment,
        and_(
            Enrolment.course_id == Course.id,
            Enrolment.user_id == bindparam("actor_id"),
            Enrolment.active,
        ),
    )
    .where(Course.id == bindparam("course_id"))
)
"""Somebody's role in a course, and since when that is archived."""
ASSIGNMENT = (
    select(Assignment, Enrolment.role, Course.archived_at)
    .join(Assignment.course)
    .outerjoin(Enrolment, MEMBERSHIP)
    .where(Assignment.id == bindparam("assignment_id"))
    .options(lazyload(Assignment.exercises))  # whoever hands in asks for none
)
"""An assignment, with the role of `actor_id` in its course, and since when that is archived."""
SUBMISSION = (
    select(Submission, Enrolment.role, COUNTS_FOR_ACTOR)
    .join(Submission.assignment)
    .outerjoin(Enrolment, MEMBERSHIP)
    .where(Submission.id == bindparam("submission_id"))
    .options(
        contains_eager(Submission.assignment).lazyload(Assignment.exercises),
        selectinload(Submission.results),
    )
)
"""A submission with its results, with the role of `actor_id`, and whether it counts for them."""

Place = tuple[Role | None, datetime | None] | None


@remembered
def place(session: Session, course_id: int, user_id: int) -> Place:
    """Somebody's role in a course, and since when that is archived; None where there is none."""
    found = session.execute(PLACE, {"course_id": course_id, "actor_id": user_id}).one_or_none()
    return None if found is None else (found.role, found.archived_at)


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
