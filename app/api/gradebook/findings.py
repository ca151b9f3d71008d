"""Owns the routes that tell staff how a course or an assignment stands."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from app.api.routing import AssignmentId, Caller, CourseId, errors, router
from app.api.views import Links, View, link
from app.gradebook import book as books
from app.gradebook import findings
from app.gradebook.findings import Finding
from app.gradebook.talk import appeals
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right


class FindingView(View):
    """Of how many of all students something holds."""

    kind: str = Field(description="`handed in`, `missing`, `not graded`, `stuck` and so on.")
    number: int
    of: int
    assignment_id: int | None = Field(description="Null where it is about the whole course.")
    links: Links = Field(description="`students`: those; of `handed in` those who have not.")

    @classmethod
    def of_finding(cls, course_id: int, found: Finding) -> Self:
        """A finding, with where the gradebook has just those whom it is about."""
        marks = ",".join(sorted(found.look.marks))
        only = f"&assignment={found.column.id}" if found.column else ""
        return cls(
            kind=found.kind.value,
            number=found.number,
            of=found.of,
            assignment_id=found.column.id if found.column else None,
            links={"students": link(f"/api/v1/courses/{course_id}/gradebook?marks={marks}{only}")},
        )


class HeldView(View):
    """A misconception that students had in the attempts of the last seven days."""

    exercise: str
    name: str
    number: int


class StateView(View):
    """How a course stands."""

    findings: list[FindingView]
    misconceptions: list[HeldView] = Field(description="The commonest of the last seven days.")
    appeals: int = Field(description="How many are open.")


@router.get(
    "/courses/{course_id}/findings",
    tags=["grades"],
    summary="How a course stands",
    responses=errors(403, 404),
)
def course_findings(course_id: CourseId, actor: Caller, session: Db) -> StateView:
    """What staff should know now, each with whom it is about. Scope: `gradebook:read`."""
    found = findings.of_course(books.of_course(session, actor, course_id))
    rights = permissions.rights_in(session, actor, course_id)
    return StateView(
        findings=[FindingView.of_finding(course_id, one) for one in found],
        misconceptions=[
            HeldView.model_validate(one)
            for one in findings.misconceptions(session, course_id)
            if Right.SEE_CLASS in rights
        ],
        appeals=appeals.open_in(session, actor, course_id),
    )


@router.get(
    "/assignments/{assignment_id}/findings",
    tags=["grades"],
    summary="How an assignment stands",
    responses=errors(403, 404),
)
def assignment_findings(
    assignment_id: AssignmentId, actor: Caller, session: Db
) -> list[FindingView]:
    """The same of one assignment; empty while students cannot see it. Scope: `gradebook:read`."""
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_GRADEBOOK)
    book = books.of_assignment(session, actor, assignment)
    found = findings.of_assignment(book, assignment_id)
    return [FindingView.of_finding(assignment.course_id, one) for one in found]
