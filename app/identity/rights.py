"""Owns the table of rights: what each role may do in a course."""

from __future__ import annotations

from enum import StrEnum

from app.models import Course, Role


class Right(StrEnum):
    """What can be done in a course. Each names the scope that a token needs for it."""

    SEE = "see the course"
    SUBMIT = "hand in"
    SUBMIT_BEHALF = "hand in for a student"
    SEE_ALL_WORK = "see every student's work"
    SEE_GRADEBOOK = "see the gradebook"
    SEE_CLASS = "see the whole class"
    GRADE = "change grades"
    MANAGE = "change the course"
    SEE_ARCHIVED = "see an archived course"
    REOPEN = "open the course again"


_STUDENT = frozenset({Right.SEE, Right.SUBMIT, Right.SEE_ARCHIVED})
_TUTOR = _STUDENT | {Right.SEE_GRADEBOOK, Right.GRADE}
_ASSISTANT = _TUTOR | {Right.SEE_ALL_WORK, Right.SEE_CLASS}
_INSTRUCTOR = _ASSISTANT | {Right.SUBMIT_BEHALF, Right.MANAGE, Right.REOPEN}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.STUDENT: _STUDENT,
    Role.TUTOR: _TUTOR,
    Role.ASSISTANT: _ASSISTANT,
    Role.INSTRUCTOR: _INSTRUCTOR,
}
SERVICE = _INSTRUCTOR - {Right.SUBMIT}
"""What a service account may do where it looks after things: it has no work of its own."""
ONLY_ARCHIVED = frozenset({Right.SEE_ARCHIVED, Right.REOPEN})
"""What a role can do in a course just while it is archived."""
OF_ARCHIVED = ONLY_ARCHIVED | {
    *(Right.SEE, Right.SEE_ALL_WORK, Right.SEE_GRADEBOOK, Right.SEE_CLASS)
}
"""What is left of a role's rights then: nothing changes."""
SCOPES = {
    Right.SEE: "courses:read",
    Right.SUBMIT: "submissions:write",
    Right.SUBMIT_BEHALF: "submissions:behalf",
    Right.SEE_ALL_WORK: "submissions:read",
    Right.SEE_GRADEBOOK: "gradebook:read",
    Right.SEE_CLASS: "gradebook:read",
    Right.GRADE: "gradebook:write",
    Right.MANAGE: "courses:write",
    Right.SEE_ARCHIVED: "courses:read",
    Right.REOPEN: "courses:write",
}


def managing(course: Course) -> Right:
    """What it takes to look after a course as a whole, archived or not."""
    return Right.REOPEN if course.archived_at else Right.MANAGE
