"""Owns the page of the whole gradebook, and its CSV."""

from __future__ import annotations

from functools import partial

from fastapi import Request
from fastapi.responses import Response

from app.gradebook import book as books
from app.gradebook.book import Gradebook, Row
from app.gradebook.table import columns, spreadsheet, view
from app.gradebook.table.view import Finding
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.pages.gradebook.looking import MARKS, Looked, query
from app.rendering.templates import page
from app.teaching import sections

router = page_routes("/courses/{course_id}")


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
    """Those who are looked for, a page of them or `rows=all`; `dropped` has those who left."""
    number = None if rows == "all" else _number(rows)
    alone = number if looked.is_usual else None
    book = books.of_course(session, person, course_id, dropped=dropped, page=alone)
    found = view.rows(book, looked)
    students = len(found) if alone is None else book.students
    number = number and min(number, books.pages(students))
    first = (number - 1) * books.PAGE if number else 0
    shown = found if alone or not number else found[first : first + books.PAGE]
    return page(
        request,
        "gradebook/table.html",
        person,
        book=book,
        course=book.course,
        rights=permissions.rights_in(session, person, course_id),
        sections=[one for one, _ in sections.seen(session, person, course_id)],
        look=looked,
        marks=MARKS,
        holds=view.has if looked.marks or looked.below is not None else None,
        students=students,
        rows=shown,
        first=first,
        number=number,
        pages=books.pages(students),
        has_dropped=books.has_dropped(session, course_id),
        findings=_said(session, person, book, found, is_page=alone is not None),
        address=partial(query, looked, **({"dropped": "true"} if dropped else {})),
        in_cells=query(looked),
    )


def _number(rows: str) -> int:
    """The page of students that is asked for; the first where that says nothing."""
    return max(1, int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 9 else 1)


def _said(
    session: Db, person: Actor, book: Gradebook, found: list[Row], *, is_page: bool
) -> dict[int, Finding]:
    """What is said of each column, of all students where one page of them is at hand."""
    if is_page:
        rights = permissions.rights_in(session, person, book.course.id)
        seen = permissions.seen(rights, person, book.course.id)
        return columns.findings(session, book.course.id, seen)
    return {one.id: view.finding(found, one) for one in book.columns}


@router.get("/gradebook.csv")
def as_csv(session: Db, person: SignedIn, course_id: int, dropped: bool = False) -> Response:
    """All of it as CSV."""
    book = books.of_course(session, person, course_id, dropped=dropped)
    return Response(
        spreadsheet.to_csv(book),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{spreadsheet.csv_name(book)}"'},
    )
