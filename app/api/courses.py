"""Owns the routes about who one is, one's courses, their assignments and gradebooks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Header, Query, Response

from app import assignments, courses, gradebook, permissions
from app.api.paging import Paged
from app.api.routing import AssignmentId, Caller, CourseId, errors, router
from app.api.views import AssignmentView, CourseView, GradebookView, Me
from app.doors import Db

Format = Literal["json", "csv"]


@router.get("/me", tags=["people"], summary="Who holds this token")
def show_me(actor: Caller) -> Me:
    """The token's holder, its scopes, and the course it is bound to, if any. Any scope will do."""
    return Me.of(actor)


@router.get("/courses", tags=["courses"], summary="One's courses by title", responses=errors(403))
def list_courses(actor: Caller, session: Db, pager: Paged) -> list[CourseView]:
    """The courses that the token's holder is in, with their role. Scope: `courses:read`."""
    return [CourseView.of(course, role) for course, role in pager.cut(courses.mine(session, actor))]


@router.get(
    "/courses/{course_id}/assignments",
    tags=["courses"],
    summary="A course's assignments by due date",
    responses=errors(403, 404),
)
def list_assignments(
    course_id: CourseId, actor: Caller, session: Db, pager: Paged
) -> list[AssignmentView]:
    """Unpublished ones are shown to teaching staff only. Scope: `courses:read`."""
    found = assignments.of_course(session, actor, course_id)
    return [AssignmentView.of(assignment) for assignment in pager.cut(found)]


@router.get(
    "/assignments/{assignment_id}",
    tags=["courses"],
    summary="One assignment",
    responses=errors(403, 404),
)
def show_assignment(assignment_id: AssignmentId, actor: Caller, session: Db) -> AssignmentView:
    """Its exercises with their points, and until when work is taken. Scope: `courses:read`."""
    return AssignmentView.of(permissions.assignment(session, actor, assignment_id))


@router.get(
    "/courses/{course_id}/gradebook",
    tags=["courses"],
    summary="A course's gradebook, as JSON or CSV",
    response_model=GradebookView,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        **errors(403, 404),
    },
)
def show_gradebook(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    pager: Paged,
    format: Annotated[Format | None, Query(description="Wins over the `Accept` header.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> GradebookView | Response:
    """Every student's counting score in every assignment; for teaching staff.

    As JSON a page of students at a time; as CSV in one piece, where `format=csv` or the `Accept`
    header prefers `text/csv`. Scope: `gradebook:read`.
    """
    book = gradebook.of_course(session, actor, course_id)
    if format == "csv" or (format is None and _prefers_csv(accept)):
        name = "".join(
            letter for letter in book.course.code if letter.isascii() and letter.isalnum()
        )
        return Response(
            gradebook.to_csv(book),
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": f'attachment; filename="gradebook-{name}.csv"',
                "vary": "accept",
            },
        )
    return GradebookView.of(book, pager.cut(book.rows))


def _prefers_csv(accept: str) -> bool:
    """Whether text/csv comes before JSON and before anything at all in an Accept header."""
    kinds = [kind.split(";")[0].strip().lower() for kind in accept.split(",")]
    others = [kinds.index(kind) for kind in ("application/json", "*/*") if kind in kinds]
    return "text/csv" in kinds and all(kinds.index("text/csv") < place for place in others)
