"""Owns the page of a course's exports: grades as files, and another system's file filled in."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from app.errors import Problem, Unprocessable
from app.exports import filling, grades
from app.exports.filling import Choice
from app.exports.hand_ins import collect
from app.exports.prepared import asking
from app.gradebook import book as gradebook
from app.gradebook.book import Gradebook
from app.http.dependencies import Db, SignedIn
from app.http.downloads import attachment, hand_ins, read_in_parts
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import Habit, file_name, written
from app.pages.outputs.prepared import shown
from app.rendering.templates import page
from app.teaching import assignments

router = page_routes("/courses/{course_id}")
_COLUMN = re.compile(r"column-(\d{1,9})")


@dataclass(frozen=True)
class Sent:
    """What came in the form: a file, new or from the page before, and what was chosen of it."""

    content: bytes
    name: str
    choice: Choice

    @property
    def kept(self) -> str:
        """The file as the form of the next page carries it."""
        return base64.b64encode(self.content).decode()


async def _form(request: Request) -> FormData:
    return await request.form()


def _sent(form: FormData) -> Sent:
    chosen = form.get("file")
    is_new = isinstance(chosen, UploadFile) and bool(chosen.filename)
    if is_new:
        assert isinstance(chosen, UploadFile)
        content, name = chosen.file.read(), chosen.filename or ""
    else:
        content, name = _kept(str(form.get("kept") or "")), str(form.get("name") or "")
    picked = {
        int(found[1]): int(value) - 1
        for field, value in form.items()
        if (found := _COLUMN.fullmatch(field)) and isinstance(value, str) and value.isdecimal()
    }
    ticked = {field: form.get(field) == "yes" for field in ("missing_as_zero", "scaled")}
    columns = None if is_new or "chosen" not in form else picked
    return Sent(content, name, Choice(columns, **ticked))


def _kept(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        content = b""
    if not content:
        raise Unprocessable("No file had been chosen. Choose the one that you exported there.")
    return content


Form = Depends(_form)


@router.get("/exports")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """What can be taken out of a course, and how."""
    return _page(request, session, person, course_id)


@router.get("/exports/filled")
@router.get("/exports/preview")
def go_back(course_id: int) -> Response:
    """Whoever reloads the page of a file is sent to where it can be chosen."""
    return Response(status_code=303, headers={"location": f"/courses/{course_id}/exports"})


@router.post("/exports/preview")
def preview(
    request: Request, session: Db, person: SignedIn, course_id: int, form: FormData = Form
) -> Response:
    """What filling the file would do, and for whom not."""
    permissions.course(session, person, course_id, Right.SEE_CLASS)
    try:
        sent = _sent(form)
        filled = filling.fill(session, person, course_id, sent.content, sent.choice)
    except Problem as problem:
        return _page(request, session, person, course_id, problem=problem)
    return _page(request, session, person, course_id, sent=sent, preview=filled.preview)


@router.post("/exports/filled")
def filled(session: Db, person: SignedIn, course_id: int, form: FormData = Form) -> Response:
    """The file, filled in, of the kind that it was."""
    permissions.course(session, person, course_id, Right.SEE_CLASS)
    sent = _sent(form)
    done = filling.fill(session, person, course_id, sent.content, sent.choice)
    stem, _, ending = sent.name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:80] or "grades"
    ending = ending.lower() if ending.lower() in ("csv", "xls", "txt") else "csv"
    headers = {"content-disposition": f'attachment; filename="{plain}-filled.{ending}"'}
    return Response(done.content, media_type="text/csv", headers=headers)


@router.get("/grades.csv")
def as_csv(
    session: Db,
    person: SignedIn,
    course_id: int,
    habit: Habit = Habit.POINT,
    dropped: bool = False,
) -> Response:
    """Everything, a line for each student and exercise."""
    book = gradebook.of_course(session, person, course_id, dropped=dropped)
    cells = (line.cells() for line in _lines(book))
    name = file_name("grades", book.course.code, "csv")
    return attachment(written(_with_titles(cells), habit), "text/csv; charset=utf-8", name)


@router.get("/grades.json")
def as_json(session: Db, person: SignedIn, course_id: int, dropped: bool = False) -> Response:
    """The same as JSON, one object a line in one array."""
    book = gradebook.of_course(session, person, course_id, dropped=dropped)
    name = file_name("grades", book.course.code, "json")
    return attachment(_as_json(book), "application/json", name)


@router.get("/hand-ins.zip")
def as_zip(
    session: Db,
    person: SignedIn,
    course_id: int,
    assignment: int | None = None,
    counting: bool = False,
) -> Response:
    """All that was handed in, or what counts, with a manifest."""
    return hand_ins(collect(session, person, course_id, assignment, counting=counting))


def _as_json(book: Gradebook) -> Iterator[str]:
    before = "[\n"
    for line in _lines(book):
        yield before + json.dumps(line.to_json(), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before.startswith(",") else "[]\n"


def _lines(book: Gradebook) -> Iterator[grades.Line]:
    return read_in_parts(
        grades.pieces(book),
        lambda session, rows: grades.lines(session, book, rows, by_exercise=True),
    )


def _with_titles(cells: Iterator[Any]) -> Iterator[Any]:
    yield grades.COLUMNS
    yield from cells


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    sent: Sent | None = None,
    preview: filling.Preview | None = None,
) -> Response:
    listed = shown(session, person, course_id)
    return page(
        request,
        "outputs/exports.html",
        person,
        problem.status if problem else 200,
        **listed,
        long=asking.what_is_long(session, course_id),
        rights=permissions.rights_in(session, person, course_id),
        assignments=assignments.all_of(session, course_id),
        problem=problem,
        sent=sent,
        preview=preview,
    )
