"""Owns what comes in the form of a hand-in, and what is said where it cannot be taken now."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import UploadFile

from app.errors import NotSignedIn, Problem, TooLarge, TooMany, Unavailable, Unprocessable
from app.grading import uploads
from app.grading.uploads import Upload
from app.rendering.templates import page

FOR_LATER = (NotSignedIn, TooMany, OperationalError, PoolTimeoutError)
"""What keeps a file from being taken now, and will not do so for ever."""


@dataclass(frozen=True)
class HandInForm:
    """What came in the form: a file, or typed code under a name, or both, or neither."""

    filename: str
    content: bytes | None
    code: str
    files: int = 1
    key: str = ""

    def upload(self) -> Upload:
        """The one file in it; raises Unprocessable where there is none, or more than one."""
        if self.files > 1:
            raise uploads.several()
        typed = bool(self.code.strip())
        if self.content is not None and typed:
            raise Unprocessable(
                "There was a chosen file and typed code as well, so neither was taken. "
                "Hand in one of them."
            )
        if self.content is not None:
            return uploads.received(self.filename, self.content)
        if not typed:
            raise Unprocessable(
                "No file had been chosen and no code typed, so nothing was handed in. "
                "Choose your Python file first."
            )
        return Upload(self.filename or "typed.py", self.code.encode())

    @property
    def text(self) -> str:
        """All of it that can be shown for another try."""
        if self.content is None or self.code.strip():
            return self.code
        try:
            return uploads.decoded(uploads.received(self.filename, self.content).content)
        except (SyntaxError, LookupError, UnicodeError, Unprocessable, TooLarge):
            return ""


async def opened(request: Request) -> HandInForm:
    """Read the hand-in form, however little of it there is."""
    form = await request.form()
    chosen = [
        file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename
    ]
    code, filename = form.get("code"), form.get("filename")
    code = code.replace("\r\n", "\n") if isinstance(code, str) else ""
    given = form.get("key")
    key = given if isinstance(given, str) else ""
    if chosen:
        content = await chosen[0].read()
        return HandInForm(chosen[0].filename or "", content, code, len(chosen), key)
    return HandInForm(filename if isinstance(filename, str) else "", None, code, key=key)


def not_taken(
    request: Request,
    error: Exception,
    form: HandInForm,
    assignment_id: int,
    *,
    is_trial: bool = False,
) -> Response:
    """What came and could not be taken now, with the way to send it once more; `error` is one of
    FOR_LATER."""
    problem = _why_later(error, "tried" if is_trial else "handed in")
    return page(
        request,
        "not_taken.html",
        None,
        problem.status,
        problem=problem,
        form=form,
        assignment_id=assignment_id,
        is_trial=is_trial,
    )


def _why_later(error: Exception, done: str) -> Problem:
    if isinstance(error, TooMany):
        return error
    if isinstance(error, NotSignedIn):
        return NotSignedIn(f"Your sign-in has ended, so this was not {done} yet.")
    return Unavailable(f"The database cannot be reached, so this was not {done} yet.")
