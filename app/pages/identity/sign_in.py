"""Owns the sign-in page: letting people in and out, and slowing down those who guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import NotSignedIn, Problem, TooMany, Unprocessable
from app.http.dependencies import Db, Visitor, cookie_name, network
from app.http.routes import page_routes
from app.identity import authentication, candidates, passwords
from app.identity.spelling import spelt
from app.infrastructure import rate_limits
from app.models import User
from app.rendering.templates import page
from app.settings import settings

router = page_routes()


@router.get("/sign-in")
def show(request: Request, visitor: Visitor, next: str = "/") -> Response:
    """The form; whoever is signed in goes on to where they wanted to go."""
    if visitor is not None:
        return RedirectResponse(inside(next), 303)
    return page(request, "sign_in.html", None, next=inside(next), email="", problem=None)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    session: Db,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Start a browser session, or say why not and keep the e-mail address."""
    try:
        return await passwords.aside(_sign_in, request, session, email, password, next)
    except TooMany as problem:
        return await to_thread.run_sync(
            _refused, request, problem, email, next, limiter=_refusals()
        )


@lru_cache
def _refusals() -> CapacityLimiter:
    """One thread for pages that say no: a burst of them takes no more than one page's share."""
    return CapacityLimiter(1)


def _sign_in(request: Request, session: Db, email: str, password: str, next: str) -> Response:
    try:
        user = _checked(request, session, email.strip(), password)
    except Problem as problem:
        return _refused(request, problem, email, next)
    secret = authentication.sign_in(session, user, request.headers.get("user-agent", ""))
    session.commit()
    response = RedirectResponse(inside(next), 303)
    remember(response, secret)
    return response


def _refused(request: Request, problem: Problem, email: str, next: str) -> Response:
    return page(
        request,
        "sign_in.html",
        None,
        problem.status,
        next=inside(next),
        email=email,
        problem=problem,
    )


def _checked(request: Request, session: Db, email: str, password: str) -> User:
    """The user who may sign in. A class shares an address, and anybody can name an account:

    neither is shut out by a few failures of another; an account tried from one address is.
    """
    address, account = network(request), spelt(email.lower())
    keys = {f"{account} from {address}": 1, f"account:{account}": 5, f"address:{address}": 10}
    with slowed(keys):
        return proven(session, email, password)


def proven(session: Db, email: str, password: str) -> User:
    """The user with this e-mail and password; raises NotSignedIn, TooMany.

    No connection to the database is held while the password is hashed.
    """
    who = candidates.candidate(session, email)
    session.commit()
    return candidates.admit(session, who, passwords.verify(who.known, password))


@contextmanager
def slowed(keys: Mapping[str, int]) -> Iterator[None]:
    """Have whoever guesses at a password wait, once too many guesses have failed.

    Each key is allowed so many times the limit. A guess counts before anybody looks at it, and is
    given back where it was none, so that guesses made at the same moment are no more than others.
    Raises TooMany instead of letting one guess more.
    """
    with ExitStack() as back:
        _count(keys, back)
        try:
            yield
        except (NotSignedIn, Unprocessable) as problem:
            if isinstance(problem, NotSignedIn) or "current" in problem.errors:
                back.pop_all()  # it was a guess, and a wrong one
            raise


def _count(keys: Mapping[str, int], back: ExitStack) -> None:
    rate = settings().sign_in_limit
    try:
        for key, times in keys.items():
            rate_limits.take("sign-in", rate, key, times=times)
            back.callback(rate_limits.refund, "sign-in", rate, key, times=times)
    except TooMany as problem:
        raise TooMany(
            f"Too many tries have failed. Wait {problem.retry_after} seconds and try again; "
            "your work is safe meanwhile.",
            retry_after=problem.retry_after,
        ) from None


def inside(target: str) -> str:
    """`target`, if it is a path of this site; else the front page."""
    try:
        parts = urlsplit(target)
    except ValueError:  # such as a bracket that nothing closes
        return "/"
    odd = "\\" in target or any(ord(letter) < 33 for letter in target)
    if parts.scheme or parts.netloc or odd or not target.startswith("/"):
        return "/"
    return "/" if target.startswith(("//", "/sign-in")) else target


def remember(response: Response, secret: str) -> None:
    """Give the browser its sign-in cookie."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=settings().session_days * 86_400,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response) -> None:
    """Take the browser's sign-in cookie away."""
    response.delete_cookie(
        cookie_name(), path="/", secure=settings().secure, httponly=True, samesite="lax"
    )


@router.post("/sign-out")
def sign_out(request: Request, session: Db) -> Response:
    """End this browser's session."""
    if secret := request.cookies.get(cookie_name()):
        authentication.sign_out(session, secret)
        session.commit()
    response = RedirectResponse("/sign-in", 303)
    forget(response)
    return response
