"""Owns how errors are told: as a page to a person, as RFC 9457 problem+json to a program."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import (
    Conflict,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    Unavailable,
    Unprocessable,
)
from app.http import declared
from app.rendering.templates import error_page

log = structlog.get_logger(__name__)
NOWHERE = "There is nothing at this address. Perhaps it was mistyped."


_KINDS = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "bool_parsing": "yes or no",
    "extra_forbidden": "left out, as it is not known here",
    "uuid_parsing": "a submission's id",
}
"""What a field of each type is, in our words, by pydantic's name of the error."""


class _Unexpected(Problem):
    status = 500
    title = "That went wrong on our side"


class _Unusable(Unprocessable):
    title = "Something in the address cannot be used"


class _Plain(Problem):
    """An HTTP error of the framework's own, such as 405."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.title = HTTPStatus(status).phrase
        self.headers = dict(headers or {})


def reply_to(request: Request, problem: Problem) -> Response:
    """The answer that tells `problem` in the form that this caller reads."""
    if request.scope["path"].startswith("/api/"):
        response: Response = _problem_json(request, problem)
    elif isinstance(problem, NotSignedIn) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(_path(request))}", status_code=303)
    else:
        response = error_page(request, problem, declared.page_of_form(request.scope["path"]))
    response.headers.update(problem.headers)
    return response


def _path(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def _problem_json(request: Request, problem: Problem) -> JSONResponse:
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.scope["path"],
    }
    if problem.errors:
        body["errors"] = problem.errors
    return JSONResponse(body, problem.status, media_type="application/problem+json")


def as_problem(error: Exception, method: str) -> Problem:
    """Any exception, as what may be told of it to who asked with this method."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _unreadable(error, method)
    if isinstance(error, HTTPException):
        return _plain(error)
    if isinstance(error, UnicodeEncodeError) or _cannot_be_stored(error):
        return Unprocessable(
            "A text or number in the request is one that cannot be stored, so nothing was changed."
        )
    if isinstance(error, OperationalError | PoolTimeoutError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return Unavailable(
            "The database cannot be reached right now, so nothing was changed and nothing is lost. "
            "Try again in a few seconds."
        )
    if isinstance(error, IntegrityError):
        return Conflict(
            "Somebody else was changing the same thing at this moment, so nothing was changed. "
            "Load the page again to see how it is now, and then do it again if need be."
        )
    return _Unexpected(
        "Nothing you handed in is lost. Try again; if it stays, tell your instructor."
    )


def _cannot_be_stored(error: Exception) -> bool:
    """Whether Postgres refused a value (class 22), or one too long for an index (class 54).

    An error without a class is the driver's, about a value that is stored already: our fault.
    """
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, DataError | OperationalError) and state[:2] in ("22", "54")


def _unreadable(error: RequestValidationError, method: str) -> Problem:
    """A request whose parts are not what its route takes; an address that names nothing is 404."""
    found = error.errors()
    if any(each["loc"][0] == "path" for each in found):
        return NotFound(NOWHERE)
    wrong: dict[str, str] = {}
    for each in found:
        field = str(each["loc"][1]) if len(each["loc"]) > 1 else "request"
        item = next((f"number {at + 1} " for at in each["loc"][2:] if isinstance(at, int)), "")
        wrong.setdefault(field, item + _in_words(each))  # a second one is of another type
    fields = "; ".join(f"`{field}` {message}" for field, message in wrong.items())
    if method == "GET":
        return _Unusable(f"In this address {fields}.", errors=wrong)
    return Unprocessable(f"Nothing was changed: {fields}.", errors=wrong)


def _in_words(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        in_form = error["loc"][0] == "body"
        return "is missing; send it as a field of a multipart form" if in_form else "is missing"
    if "UploadFile" in str(error["msg"]):
        return "must be a file, with a file name"
    if error["type"] in _KINDS:
        return f"must be {_KINDS[error['type']]}"
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "must")
    return message[:1].lower() + message[1:]


def _plain(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return NotFound(NOWHERE)
    if error.status_code == 413:
        return TooLarge(str(error.detail))
    if error.status_code == 400:
        return _Plain(400, "The form cannot be read, so nothing was taken. It came in broken.")
    return _Plain(error.status_code, str(error.detail), error.headers)


def _not_allowed(request: Request) -> Problem:
    """405, with all methods that this address answers: it may have several routes.

    Whatever is below an address of its own, as files are, answers what all of them do.
    """
    here = [one for one in request.app.routes if one.matches(request.scope)[0] is not Match.NONE]
    allowed = (
        ", ".join(
            method
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            if any(
                one.matches({**request.scope, "method": method})[0] is Match.FULL for one in here
            )
        )
        or "GET, HEAD"
    )
    return _Plain(405, f"This address answers {allowed} only.", {"allow": allowed})


def told_of(request: Request, error: Exception) -> Problem:
    """What may be told of an exception, which is noted in the log where it is our fault."""
    problem = as_problem(error, request.method)
    if problem.status >= 500:
        unexpected = error if isinstance(problem, _Unexpected) else None
        log.error(
            "request.failed",
            status=problem.status,
            error=type(error).__name__,
            exc_info=unexpected,
        )
    return problem


def answer(request: Request, error: Exception) -> Response:
    """The answer to a request that ended in `error`."""
    problem = told_of(request, error)
    return reply_to(request, _not_allowed(request) if problem.status == 405 else problem)


def install_replies(web: FastAPI) -> None:
    """Tell every error of the application in this one way."""
    kinds = (
        Problem,
        RequestValidationError,
        HTTPException,
        DBAPIError,
        PoolTimeoutError,
        UnicodeEncodeError,
    )
    for kind in kinds:
        web.add_exception_handler(kind, answer)
