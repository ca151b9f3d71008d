"""Owns receipts and result sheets as people have them, and the page where anybody checks one."""

from __future__ import annotations

import hashlib
import uuid
from typing import Annotated, Any

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from app.errors import Problem
from app.grading import receipts, submissions
from app.http.dependencies import Db, SignedIn, Visitor, network
from app.http.routes import page_routes
from app.infrastructure import rate_limits
from app.rendering.templates import page
from app.settings import settings
from app.signing import keys, signed_texts

router = page_routes()


@router.get("/receipts")
def ask(request: Request, visitor: Visitor) -> Response:
    """The form in which anybody has a receipt or a result sheet checked."""
    return page(request, "outputs/verify.html", visitor, **_nothing())


@router.post("/receipts")
def check(
    request: Request,
    session: Db,
    visitor: Visitor,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
    source: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Say whether we have signed it, what it says, and whether `source` is the file in it."""
    rate_limits.take("page", settings().page_limit, network(request))
    sent = _text(file) or text
    try:
        found = receipts.verify(session, sent)
    except Problem as problem:
        shown = _nothing() | {"text": text, "problem": problem}
        return page(request, "outputs/verify.html", visitor, problem.status, **shown)
    digest = _digest(source)
    same = None if digest is None else digest == found.statement["file"]["sha256"]
    shown = _nothing() | {"text": sent, "found": found, "is_same_file": same}
    return page(request, "outputs/verify.html", visitor, **shown)


@router.get("/receipts/keys.json")
def show_keys() -> Response:
    """The public keys, with which anybody checks receipts without asking us."""
    return JSONResponse(keys.public_set(), headers={"cache-control": "public, max-age=300"})


@router.get("/submissions/{submission_id}/receipt")
def show(request: Request, session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """A hand-in's receipt, to be kept or printed."""
    text = receipts.of_submission(session, person, submission_id)
    session.commit()
    submission = submissions.get(session, person, submission_id)
    return page(
        request,
        "outputs/receipt.html",
        person,
        submission=submission,
        course=submission.assignment.course,
        text=text,
        said=signed_texts.opened(text),
    )


@router.get("/submissions/{submission_id}/receipt.txt")
def as_text(session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """The signed text of a receipt, as a file."""
    text = receipts.of_submission(session, person, submission_id)
    session.commit()
    return _as_file(text, f"receipt-{submission_id}.txt")


@router.get("/submissions/{submission_id}/result-sheet.txt")
def result_sheet(session: Db, person: SignedIn, submission_id: uuid.UUID) -> Response:
    """The signed text of a result sheet, as a file."""
    text = receipts.result_sheet(session, person, submission_id)
    return _as_file(text, f"result-{submission_id}.txt")


def _nothing() -> dict[str, Any]:
    return {"text": "", "problem": None, "found": None, "is_same_file": None}


def _text(file: UploadFile | None) -> str:
    return file.file.read(signed_texts.LONGEST + 1).decode("ascii", "replace") if file else ""


def _digest(source: UploadFile | None) -> str | None:
    """The SHA-256 of a file that was chosen; None where none was."""
    if source is None or not source.filename:
        return None
    return hashlib.sha256(source.file.read()).hexdigest()


def _as_file(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text + "\n", media_type="text/plain; charset=us-ascii", headers=headers)
