"""Owns the page of the whole gradebook, and its CSV."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.gradebook import book as books
from app.gradebook import spreadsheet
from app.gradebook.book import Gradebook, Row
from app.http.dependencies import Db, SignedIn
from app.identity import permissions
from app.models import Assignment
from app.rendering.templates import page

router = APIRouter(prefix="/courses/{course_id}")


@router.get("/gradebook")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    sort: str = "name",
    dropped: bool = False,
) -> Response:
    """Students by assignments; `sort` is a column's key, with a minus for the other way round.

    `dropped` shows those who were taken out of the course as well.
    """
    book = books.of_course(session, person, course_id, dropped=dropped)
    return page(
        request,
        "gradebook/table.html",
        person,
        book=book,
        course=book.course,
        rights=permissions.rights_in(session, person, course_id),
        rows=ordered(book, sort),
        sort=sort,
        has_dropped=books.has_dropped(session, course_id),
        summary={a.id: summary(book, a) for a in book.assignments},
        counted={a.id for a in book.counted},
        past={a.id for a in book.assignments if a.is_late(book.moment)},
    )


@router.get("/gradebook.csv")
def as_csv(session: Db, person: SignedIn, course_id: int, dropped: bool = False) -> Response:
    """The same as CSV."""
    book = books.of_course(session, person, course_id, dropped=dropped)
    return Response(
        spreadsheet.to_csv(book),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{spreadsheet.csv_name(book)}"'},
    )


def ordered(book: Gradebook, sort: str) -> list[Row]:
    """The rows by name, email, total or an assignment's id; the unscored come last either way."""
    key, back = sort.removeprefix("-"), sort.startswith("-")
    if key == "total":
        return sorted(book.rows, key=lambda row: row.total, reverse=back)
    for column in (assignment.id for assignment in book.assignments if str(assignment.id) == key):
        scored = [row for row in book.rows if _score(row, column) is not None]
        rest = [row for row in book.rows if _score(row, column) is None]
        return sorted(scored, key=lambda row: _score(row, column) or 0.0, reverse=back) + rest
    return sorted(book.rows, key=lambda row: _written(row, key), reverse=back)


def _written(row: Row, key: str) -> Any:
    return row.student.email.lower() if key == "email" else row.student.name.casefold()


def _score(row: Row, assignment_id: int) -> float | None:
    grade = row.grades.get(assignment_id)
    return grade.score if grade else None


def summary(book: Gradebook, assignment: Assignment) -> tuple[int, float | None]:
    """How many students have a score in an assignment, and the median of these scores.

    Who has left the course does not count.
    """
    there = [row for row in book.rows if not row.dropped]
    scores = sorted(score for row in there if (score := _score(row, assignment.id)) is not None)
    if not scores:
        return 0, None
    middle = len(scores) // 2
    median = scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2
    return len(scores), median
