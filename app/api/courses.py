"""Owns the routes about who one is, one's courses, their assignments and gradebooks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Header, Query, Response

from app.api.changes import NO_NUL
from app.api.gradebook.views import GradebookView
from app.api.paging import Paged
from app.api.routing import (
    LARGEST_ID,
    AssignmentId,
    Caller,
    CourseId,
    errors,
    etag_of,
    router,
)
from app.api.views import AssignmentView, CourseView, MeView
from app.gradebook import book as books
from app.gradebook import grades
from app.gradebook.table import spreadsheet, view
from app.gradebook.table.view import Mark, View
from app.grading.showing import sights
from app.http.dependencies import Db
from app.identity import permissions
from app.teaching import assignments, courses

Format = Literal["json", "csv"]
MARKS = "|".join(Mark)


def _view(
    q: Annotated[
        str, Query(max_length=200, pattern=NO_NUL, description="Stands in a name, e-mail or id.")
    ] = "",
    marks: Annotated[
        str,
        Query(
            pattern=rf"^(({MARKS})(,({MARKS}))*)?$",
            description=f"All of these hold of a grade: `{'`, `'.join(Mark)}`; with commas.",
        ),
    ] = "",
    below: Annotated[
        float | None, Query(gt=0, le=100, description="The grade is below so many percent.")
    ] = None,
    assignment: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="It is a grade in this assignment.")
    ] = None,
    section: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="The student is in this section.")
    ] = None,
) -> View:
    found = frozenset(Mark(word) for word in marks.split(",") if word)
    return View(q, found, below, assignment, section)


Looked = Annotated[View, Depends(_view)]
_ANSWERS = ("text/csv", "application/json", "application/*", "*/*")


@router.get("/me", tags=["people"], summary="Who holds this token")
def show_me(actor: Caller) -> MeView:
    """The token's holder, its scopes, and the course it is bound to, if any. Any scope will do."""
    return MeView.of(actor)


@router.get("/courses", tags=["courses"], summary="One's courses", responses=errors(403))
def list_courses(actor: Caller, session: Db, pager: Paged) -> list[CourseView]:
    """Those that the token's holder is in, by `id`, with their role. Scope: `courses:read`."""
    page = pager.cut(courses.mine(session, actor), lambda one: one[0].id)
    return [CourseView.of(course, role) for course, role in page]


@router.get(
    "/courses/{course_id}/assignments",
    tags=["courses"],
    summary="A course's assignments",
    responses=errors(403, 404),
)
def list_assignments(
    course_id: CourseId, actor: Caller, session: Db, pager: Paged
) -> list[AssignmentView]:
    """By `id`. Unpublished ones are shown to teaching staff only. Scope: `courses:read`."""
    found = assignments.of_course(session, actor, course_id)
    rights = permissions.rights_in(session, actor, course_id)
    return [AssignmentView.of(one, rights) for one in pager.cut(found, lambda one: one.id)]


@router.get(
    "/assignments/{assignment_id}",
    tags=["courses"],
    summary="One assignment",
    responses=errors(403, 404),
)
def show_assignment(
    assignment_id: AssignmentId, actor: Caller, session: Db, response: Response
) -> AssignmentView:
    """Its exercises with their points, and until when work is taken. Scope: `courses:read`."""
    found = permissions.assignment(session, actor, assignment_id)
    shown = AssignmentView.of(found, permissions.rights_in(session, actor, found.course_id))
    response.headers["etag"] = etag_of(shown)
    return shown


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
    response: Response,
    looked: Looked,
    dropped: Annotated[
        bool, Query(description="Also students who have left the course, marked as such.")
    ] = False,
    format: Annotated[Format | None, Query(description="Wins over the `Accept` header.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> GradebookView | Response:
    """Every student's counting score in every assignment; for teaching staff.

    As JSON a page at a time, by their `id`, of the students that are looked for; as CSV all,
    where `format=csv` or the `Accept` header prefers `text/csv`. Scope: `gradebook:read`.
    """
    book = books.of_course(session, actor, course_id, dropped=dropped)
    if format == "csv" or (format is None and _prefers_csv(accept)):
        return Response(
            spreadsheet.to_csv(book),
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": f'attachment; filename="{spreadsheet.csv_name(book)}"',
                "vary": "accept",
            },
        )
    response.headers["vary"] = "accept"
    rows = pager.cut(view.rows(book, looked), lambda row: row.student.id)
    counting = grades.counting(session, course_id, [row.student.id for row in rows])
    return GradebookView.of(book, rows, counting, sights.of_students(session, book.assignments))


def _prefers_csv(accept: str) -> bool:
    """Whether an Accept header wants text/csv more than JSON; of equals the first comes first."""
    wanted = sorted(
        (_wanted(kind) for kind in accept.lower().split(",")), key=lambda kind: -kind[1]
    )
    first = [kind for kind, quality in wanted if kind in _ANSWERS and quality > 0]
    return first[:1] == ["text/csv"]


def _wanted(kind: str) -> tuple[str, float]:
    """A kind in an Accept header, and how much it is wanted."""
    name, *rest = (part.strip() for part in kind.split(";"))
    try:
        quality = next((float(part[2:]) for part in rest if part.startswith("q=")), 1.0)
    except ValueError:
        quality = 0.0
    return name, quality
