"""Owns the ids that an LMS has for courses, people and assignments, in the paths of the API."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity.spelling import spellings
from app.models import Assignment, Course, User

OF_COURSE, OF_USER = "sis_course_id:", "sis_user_id:"
OF_ASSIGNMENT = "sis_assignment_id:"


def course(session: Session, given: str) -> int | None:
    """The number of a course that is named by it, or by its code; None where no code is so."""
    if not given.startswith(OF_COURSE):
        return int(given)
    codes = spellings(given.removeprefix(OF_COURSE))
    return session.scalar(select(Course.id).where(Course.code.in_(codes)))


def assignment(session: Session, given: str) -> int | None:
    """The number of an assignment that is named by it, or by its external id; None for no one's."""
    if not given.startswith(OF_ASSIGNMENT):
        return int(given)
    ids = spellings(given.removeprefix(OF_ASSIGNMENT))
    return session.scalar(select(Assignment.id).where(Assignment.external_id.in_(ids)))


def user(session: Session, given: str) -> int | None:
    """The number of a person who is named by it, or by their external id; None where nobody is."""
    if not given.startswith(OF_USER):
        return int(given)
    ids = spellings(given.removeprefix(OF_USER))
    return session.scalar(select(User.id).where(User.external_id.in_(ids)))
