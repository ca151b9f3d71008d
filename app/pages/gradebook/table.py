"""Owns the page of the whole gradebook, and its CSV."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.gradebook import book as books
from app.gradebook import spreadsheet, view
from app.http.dependencies import Db, SignedIn
from app.identity import permissions
from app.pages.gradebook.looking import MARKS, Looked, query
from app.rendering.templates import page

router = APIRouter(prefix="/courses/{course_id}")


@router.get("/gradebook")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    looked: Looked,
    dropped: bool = False,
    rows: str = "1",
) -> Response:
    """Students by assignments: those that are looked for, a page of them; `rows=all` shows all.

    `dropped` shows those who were taken out of the course as well.
    """
    book = books.of_course(session, person, course_id, dropped=dropped)
    found = view.rows(book, looked)
    pages = max(1, -(-len(found) // view.PAGE))
    number = min(int(rows), pages) if rows.isascii() and rows.isdigit() and len(rows) < 9 else 0
    first = (max(number, 1) - 1) * view.PAGE
    also = {"dropped": "true"} if dropped else {}
    return page(
        request,
        "gradebook/table.html",
        person,
        book=book,
        course=book.course,
        rights=permissions.rights_in(session, person, course_id),
        look=looked,
        marks=MARKS,
        holds=view.has if looked.marks or looked.below is not None else None,
        found=found,
        rows=found if rows == "all" else found[first : first + view.PAGE],
        first=first,
        number=None if rows == "all" else max(number, 1),
        pages=pages,
        has_dropped=books.has_dropped(session, course_id),
        findings={one.id: view.finding(found, one) for one in book.columns},
        address=lambda **more: query(looked, **(also | more)),
        in_cells=query(looked),
    )


@router.get("/gradebook.csv")
def as_csv(session: Db, person: SignedIn, course_id: int, dropped: bool = False) -> Response:
    """All of it as CSV."""
    book = books.of_course(session, person, course_id, dropped=dropped)
    return Response(
        spreadsheet.to_csv(book),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{spreadsheet.csv_name(book)}"'},
    )
