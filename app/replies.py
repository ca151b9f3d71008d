"""Owns how errors are told: as a page to a person, as RFC 9457 problem+json to a program."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.errors import NotFound, NotSignedIn, Problem, TooMany, Unavailable, Unprocessable
from app.pages.render import error_page

log = structlog.get_logger(__name__)


class _Unexpected(Problem):
    status = 500
    title = "That went wrong on our side"


class _Plain(Problem):
    """An HTTP error of the framework's own, such as 405."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = HTTPStatus(status).phrase


def reply_to(request: Request, problem: Problem) -> Response:
    """The answer that tells `problem` in the form that this caller reads."""
    if request.url.path.startswith("/api"):
        response: Response = _problem_json(request, problem)
    elif isinstance(problem, NotSignedIn) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(_path(request))}", status_code=303)
    else:
        response = error_page(request, problem)
    if isinstance(problem, TooMany):
        response.headers["retry-after"] = str(problem.retry_after)
    if isinstance(problem, Unavailable):
        response.headers["retry-after"] = "5"
    return response


def _path(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def _problem_json(request: Request, problem: Problem) -> JSONResponse:
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.url.path,
    }
    if problem.errors:
        body["errors"] = problem.errors
    headers = {"www-authenticate": "Bearer"} if problem.status == 401 else None
    return JSONResponse(
        body, problem.status, media_type="application/problem+json", headers=headers
    )


def as_problem(error: Exception) -> Problem:
    """Any exception, as what may be told of it."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        wrong = {
            ".".join(str(part) for part in e["loc"][1:]): str(e["msg"]) for e in error.errors()
        }
        fields = "; ".join(f"{field or 'request'}: {message}" for field, message in wrong.items())
        return Unprocessable(f"Please look again at: {fields}.", errors=wrong)
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return NotFound("There is nothing at this address. Perhaps it was mistyped.")
        return _Plain(error.status_code, str(error.detail))
    if isinstance(error, OperationalError | PoolTimeoutError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return Unavailable(
            "The database cannot be reached right now, so nothing was changed and nothing is lost. "
            "Try again in a few seconds."
        )
    return _Unexpected(
        "Nothing you handed in is lost. Try again; if it stays, tell your instructor."
    )


def _handle(request: Request, error: Exception) -> Response:
    problem = as_problem(error)
    if problem.status >= 500:
        log.error("request.failed", path=request.url.path, status=problem.status, exc_info=error)
    return reply_to(request, problem)


def install_replies(web: FastAPI) -> None:
    """Tell every error of the application in this one way."""
    kinds = (
        Problem,
        RequestValidationError,
        HTTPException,
        DBAPIError,
        PoolTimeoutError,
        Exception,
    )
    for kind in kinds:
        web.add_exception_handler(kind, _handle)
