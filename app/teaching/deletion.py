"""Owns deleting what is empty: nothing that anybody worked on is ever deleted here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Conflict
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.identity.programs import service_accounts
from app.models import (
    Assignment,
    Comment,
    Enrolment,
    GivenExtension,
    LateDays,
    Role,
    StoredGrade,
    Submission,
    Team,
)
from app.teaching import assignments, course_settings
from app.teaching.course_drafts import CourseDraft
from app.teaching.drafts import Draft


def delete_assignment(
    session: Session, actor: Actor, assignment_id: int, *, seen: str | None = None
) -> Assignment:
    """Delete an assignment on which nobody has worked; its log stays.

    `seen` is the version that the actor has seen. Returns what it was. Raises NotFound, Forbidden,
    Conflict, Stale.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    session.refresh(assignment, with_for_update=True)
    versions.require_current(seen, assignments.version(assignment), f"{assignment.title!r}")
    if is_worked_on(session, assignment_id):
        raise Conflict(
            f"{assignment.title} was not deleted, since somebody has handed in or tried a file, or "
            "has a grade, a comment, an extension, late days or a team there. "
            "Take away its mark at “published” instead: students do not see it then."
        )
    before = Draft.of(assignment).facts()
    audit.record(session, actor, Action.ASSIGNMENT_DELETED, assignment=assignment, before=before)
    session.flush()
    session.delete(assignment)
    session.flush()
    return assignment


def is_worked_on(session: Session, assignment_id: int) -> bool:
    """Whether anybody has handed in or tried a file, or has anything that would go along."""
    tables = (Submission, StoredGrade, Comment, GivenExtension, LateDays, Team)
    rows = (select(1).where(one.assignment_id == assignment_id).limit(1) for one in tables)
    return any(session.scalar(one) is not None for one in rows)


def what_is_in(session: Session, course_id: int) -> str:
    """Why a course cannot be deleted, in words; nothing where it is empty."""
    in_it = select(Assignment.id).where(Assignment.course_id == course_id).limit(1)
    if session.scalar(in_it) is not None:
        return "It has assignments. Delete those that nobody has worked on, or archive the course."
    students = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT
    )
    if session.scalar(students.limit(1)) is not None:
        return "It has students, or had some. Archive it instead."
    return ""


def delete_course(
    session: Session, actor: Actor, course_id: int, *, seen: str | None = None
) -> None:
    """Delete a course in which nothing is; its log stays. Raises Conflict where something is."""
    course = course_settings.locked(session, actor, course_id, Right.MANAGE, seen)
    if why := what_is_in(session, course_id):
        raise Conflict(f"{course.title} was not deleted. {why}")
    before = CourseDraft.of(course).facts()
    audit.record(session, actor, Action.COURSE_DELETED, course_id=course_id, before=before)
    service_accounts.close_all(session, actor, course_id)
    session.delete(course)
    session.flush()
