"""Owns who may do what: what each call into the domain asks of the table of rights by role.

Somebody with no part in a course is told that it is not there (404), a member who may not do this
one thing that it is not theirs to do (403).

A tutor has the rights of staff for the students of their sections alone: whatever is about one
student asks `of_student` or `course_of_student`, whatever lists several asks `seen`.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, Forbidden, NotFound
from app.identity import sight
from app.identity.authentication import Actor
from app.identity.rights import OF_ARCHIVED, ONLY_ARCHIVED, RIGHTS, SCOPES, SERVICE
from app.identity.rights import Right as Right
from app.identity.sight import seen as seen
from app.infrastructure.clock import now
from app.infrastructure.remembering import learn
from app.models import (
    Account,
    Assignment,
    AttemptMember,
    Course,
    Enrolment,
    Kind,
    Role,
    ServiceAccount,
    Submission,
)

ARCHIVED = "This course is archived: work and grades can be read, and nothing in it changes."
NO_SUBMISSION = "There is no such submission, or it is not yours to see."


def role_in(session: Session, actor: Actor, course_id: int) -> Role | None:
    """The actor's role in a course, if they are in it."""
    return session.scalar(
        select(Enrolment.role).where(
            Enrolment.course_id == course_id,
            Enrolment.user_id == actor.user.id,
            Enrolment.active,
        )
    )


def rights_in(session: Session, actor: Actor, course_id: int) -> frozenset[Right]:
    """All that the actor may do in a course, by role alone; a site administrator may do all."""
    found = sight.place(session, course_id, actor.user.id)
    return _rights(actor, course_id, *found) if found else frozenset()


def _rights(
    actor: Actor, course_id: int, role: Role | None, archived_at: datetime | None
) -> frozenset[Right]:
    """What the actor may do in a course, in which they have this role."""
    if not _reaches_course(actor, course_id):
        return frozenset()
    if actor.behind is not None:
        role = Role.STUDENT
    full = _of_account(actor.user, course_id) or (RIGHTS[role] if role else frozenset())
    return full - ONLY_ARCHIVED if archived_at is None else full & OF_ARCHIVED


def _of_account(account: Account, course_id: int) -> frozenset[Right]:
    """What somebody may do in a course that they are not in."""
    if isinstance(account, ServiceAccount):
        return SERVICE if account.is_admin or account.course_id == course_id else frozenset()
    return frozenset(Right) if account.is_admin else frozenset()


def _reaches_course(actor: Actor, course_id: int) -> bool:
    return actor.course_id is None or actor.course_id == course_id


def require_scope(actor: Actor, scope: str) -> None:
    """Raise Forbidden unless the actor's credential covers `scope`."""
    if not actor.reaches(scope):
        raise Forbidden(f"This token lacks the scope {scope}.")


def require(session: Session, actor: Actor, right: Right, course_id: int) -> frozenset[Right]:
    """The actor's rights in the course, if `right` is among them; raises NotFound or Forbidden."""
    rights = rights_in(session, actor, course_id)
    if not rights:
        raise NotFound("There is no such course, or you are not in it.")
    _require_among(rights, actor, right)
    return rights


def _require_among(rights: frozenset[Right], actor: Actor, right: Right) -> None:
    if Right.SEE_ARCHIVED in rights and right not in OF_ARCHIVED:
        raise Conflict(ARCHIVED)
    if right not in rights:
        raise Forbidden(f"Your role in this course does not let you {right.value}.")
    require_scope(actor, SCOPES[right])


def require_own(actor: Actor, user_id: int) -> None:
    """Raise Forbidden unless it is about the actor's own work."""
    if user_id != actor.user.id:
        raise Forbidden("Only whose work it is can do this.")


def course(session: Session, actor: Actor, course_id: int, right: Right = Right.SEE) -> Course:
    """The course, if the actor has `right` in it; raises NotFound or Forbidden."""
    found = session.get(Course, course_id)
    if found is None:
        raise NotFound("There is no such course, or you are not in it.")
    require(session, actor, right, course_id)
    return found


def assignment(
    session: Session, actor: Actor, assignment_id: int, right: Right = Right.SEE
) -> Assignment:
    """The assignment, if the actor has `right` in its course; unpublished ones are for staff."""
    asked, rights = _assignment(session, actor, assignment_id)
    _require_among(rights, actor, right)
    return asked


def _assignment(
    session: Session, actor: Actor, assignment_id: int
) -> tuple[Assignment, frozenset[Right]]:
    found = session.execute(
        sight.ASSIGNMENT, {"assignment_id": assignment_id, "actor_id": actor.user.id}
    ).one_or_none()
    absent = NotFound("There is no such assignment, or you are not in its course.")
    if found is None:
        raise absent
    asked, role, archived_at = found
    place: sight.Place = role, archived_at
    learn(session, sight.place, place, asked.course_id, actor.user.id)
    rights = _rights(actor, asked.course_id, role, archived_at)
    if not rights or not (asked.published or Right.SEE_GRADEBOOK in rights):
        raise absent
    return asked, rights


def of_student(
    session: Session,
    actor: Actor,
    assignment_id: int,
    user_id: int,
    right: Right = Right.SEE_ALL_WORK,
) -> Assignment:
    """The assignment, if the actor has `right` there in what is about this student.

    Raises NotFound, Forbidden.
    """
    asked, rights = _assignment(session, actor, assignment_id)
    _require_for_student(session, actor, rights, asked.course_id, user_id, right)
    return asked


def course_of_student(session: Session, actor: Actor, course_id: int, user_id: int) -> Course:
    """The course, if the actor sees this student's work there; raises NotFound, Forbidden."""
    found, rights = session.get(Course, course_id), rights_in(session, actor, course_id)
    if found is None or not rights:
        raise NotFound("There is no such course, or you are not in it.")
    _require_for_student(session, actor, rights, course_id, user_id, Right.SEE_ALL_WORK)
    return found


def _require_for_student(
    session: Session,
    actor: Actor,
    rights: frozenset[Right],
    course_id: int,
    user_id: int,
    right: Right,
) -> None:
    is_tutor = Right.SEE_GRADEBOOK in rights and Right.SEE_ALL_WORK not in rights
    if not is_tutor:
        _require_among(rights, actor, right)
        return
    if Right.SEE_ARCHIVED in rights and right not in OF_ARCHIVED:
        raise Conflict(ARCHIVED)
    require_scope(actor, SCOPES[right])
    if right not in rights | {Right.SEE_ALL_WORK} or not sight.shares_section(
        session, actor, course_id, user_id
    ):
        raise Forbidden("This student is in none of your sections.")


def may_read(assignment: Assignment, rights: frozenset[Right]) -> bool:
    """Whether what is asked may be read already: by teaching staff, by all once it has opened."""
    return Right.SEE_GRADEBOOK in rights or assignment.window.has_opened(now())


def read_assignment(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Like `assignment`, for what is asked in it; raises Conflict before it has opened."""
    found = assignment(session, actor, assignment_id)
    if not may_read(found, rights_in(session, actor, found.course_id)):
        raise Conflict("This assignment has not opened yet; its page says when it does.")
    return found


def work(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """The assignment, if the actor may see it, or has handed in there before they left the course.

    What somebody handed in stays theirs to see. Raises NotFound, Forbidden.
    """
    try:
        return assignment(session, actor, assignment_id)
    except NotFound:
        own = (Submission.user_id == actor.user.id) | sight.COUNTS_FOR_ACTOR
        theirs = select(Submission.id).where(Submission.assignment_id == assignment_id, own)
        found = session.scalar(
            select(Assignment).where(Assignment.id == assignment_id, theirs.exists()),
            {"actor_id": actor.user.id},
        )
        if found is None or not _reaches_course(actor, found.course_id):
            raise
        return found


def submission(session: Session, actor: Actor, submission_id: uuid.UUID) -> Submission:
    """The submission with its results, if it counts for the actor or they may see all work.

    Raises NotFound, Forbidden.
    """
    found = session.execute(
        sight.SUBMISSION, {"submission_id": submission_id, "actor_id": actor.user.id}
    ).one_or_none()
    if found is None:
        raise NotFound(NO_SUBMISSION)
    asked, role, counts = found
    whose = (asked.of_id or asked.id, asked.user_id, counts)
    require_sight(session, actor, whose, asked.assignment.course_id, role, asked.kind)
    return asked


def require_sight(
    session: Session,
    actor: Actor,
    whose: tuple[uuid.UUID, int, bool],
    course_id: int,
    role: Role | None,
    kind: Kind,
) -> None:
    """Raise NotFound or Forbidden unless the actor, with this role there, may see somebody's work.

    `whose` is the number of the submission, who sent it, and whether it counts for the actor, as a
    team's does for each who was in it. A preview of another verdict is for staff alone.
    """
    number, owner_id, counts = whose
    rights = _rights(actor, course_id, role, None)
    own = counts or owner_id == actor.user.id
    own = own and _reaches_course(actor, course_id)  # though they have left
    if not own and Right.SEE_GRADEBOOK in rights:
        team = select(AttemptMember.user_id).where(AttemptMember.submission_id == number)
        own = sight.shares_section(session, actor, course_id, owner_id)
        own = own or sight.sees_one_of(session, actor, course_id, team)
    if Right.SEE_ALL_WORK not in rights and (not own or kind is Kind.PREVIEW):
        raise NotFound(NO_SUBMISSION)
    require_scope(actor, "submissions:read")
