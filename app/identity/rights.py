"""Owns the table of rights: what each role may do in a course."""

from __future__ import annotations

from enum import StrEnum

from app.models import Role


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


_STUDENT = frozenset({Right.SEE, Right.SUBMIT})
_TUTOR = _STUDENT | {Right.SEE_GRADEBOOK, Right.GRADE}
_ASSISTANT = _TUTOR | {Right.SEE_ALL_WORK, Right.SEE_CLASS}
_INSTRUCTOR = _ASSISTANT | {Right.SUBMIT_BEHALF, Right.MANAGE}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.STUDENT: _STUDENT,
    Role.TUTOR: _TUTOR,
    Role.ASSISTANT: _ASSISTANT,
    Role.INSTRUCTOR: _INSTRUCTOR,
}
SCOPES = {
    Right.SEE: "courses:read",
    Right.SUBMIT: "submissions:write",
    Right.SUBMIT_BEHALF: "submissions:behalf",
    Right.SEE_ALL_WORK: "submissions:read",
    Right.SEE_GRADEBOOK: "gradebook:read",
    Right.SEE_CLASS: "gradebook:read",
    Right.GRADE: "gradebook:write",
    Right.MANAGE: "courses:write",
}
