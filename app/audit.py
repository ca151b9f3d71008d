"""Owns what is written into the log of changes; each is written where the change is made.

Reading the log is in app/gradebook/log.py, as that asks who may.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.models import Account, Assignment, AuditEntry, Via

Facts = Mapping[str, Any]


class Action(StrEnum):
    """What can be changed."""

    COURSE_MADE = "course made"
    COURSE_CHANGED = "course changed"
    COURSE_ARCHIVED = "course archived"
    COURSE_REOPENED = "course opened again"
    COURSE_DELETED = "course deleted"
    ROLE = "role changed"
    ASSIGNMENT_MADE = "assignment made"
    ASSIGNMENT_CHANGED = "assignment changed"
    ASSIGNMENT_DELETED = "assignment deleted"
    REGRADE_MADE = "preview of grading again made"
    REGRADE_APPLIED = "graded again"
    REGRADE_CANCELLED = "preview of grading again cancelled"
    SCORE = "score after grading again"
    GROUPS = "groups of assignments changed"
    COMMENT = "comment written"
    COMMENT_WITHDRAWN = "comment taken back"
    APPEAL = "appeal opened"
    APPEAL_ANSWERED = "appeal answered"
    ACCOUNT_MADE = "account made"
    ACCOUNT_CHANGED = "account changed"
    ACCOUNT_CLOSED = "account closed"
    ACCOUNT_OPENED = "account opened again"
    PASSWORD = "password changed"  # noqa: S105 (a name of what was done)
    PASSWORD_RESET = "password reset"  # noqa: S105 (a name of what was done)
    LINK_MADE = "password link made"
    LINK_WITHDRAWN = "password link withdrawn"
    LINK_USED = "password set by link"
    TOKEN_MADE = "token made"  # noqa: S105 (a name of what was done)
    TOKEN_REVOKED = "token revoked"  # noqa: S105 (a name of what was done)
    CHOICE = "attempt chosen"
    SECTION = "section changed"
    SECTIONS_OF = "sections of a person changed"
    EXTENSION = "extension given"
    LATE_DAYS = "late days spent"
    LATE_DAYS_OF_COURSE = "late days of the course changed"
    STUDENT_VIEW = "looked at as a student"
    RELEASED = "results released"
    RELEASE_BACK = "release taken back"
    EXTENSION_BACK = "extension taken back"
    EXPORT = "export asked for"
    EXPORT_DELETED = "export deleted"
    LINK_LONGER = "link works longer"
    WEBHOOK_MADE = "webhook made"
    WEBHOOK_CHANGED = "webhook changed"
    WEBHOOK_DELETED = "webhook deleted"
    WEBHOOK_SECRET = "secret of a webhook rotated"  # noqa: S105 (a name of what was done)
    WEBHOOK_REPLAYED = "webhook sent again"
    TEAM = "team of a student changed"
    TEAM_INVITATION = "invitation to a team"
    GRADE = "grade changed"
    GRADE_UNDONE = "grade change undone"


class Who(Protocol):
    """Who acts, by page or with a token; an Actor."""

    @property
    def user(self) -> Account:
        """The account."""

    @property
    def token_id(self) -> int | None:
        """The API token, where it is one."""


def record(
    session: Session,
    who: Who | Via,
    action: Action,
    *,
    course_id: int | None = None,
    assignment: Assignment | None = None,
    user_id: int | None = None,
    submission_id: uuid.UUID | None = None,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add an entry, in the transaction of the change. `who` is a way where nobody is signed in."""
    entry = AuditEntry(
        via=who if isinstance(who, Via) else _way(who),
        action=action.value,
        actor_id=None if isinstance(who, Via) else who.user.id,
        course_id=assignment.course_id if assignment else course_id,
        assignment_id=assignment.id if assignment else None,
        user_id=user_id,
        submission_id=submission_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
    )
    session.add(entry)
    return entry


def _way(who: Who) -> Via:
    return Via.PAGE if who.token_id is None else Via.API


def difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between two states, as it was and as it is."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {n: before.get(n) for n in names}, {n: after.get(n) for n in names}
