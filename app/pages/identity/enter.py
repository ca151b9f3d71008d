"""Owns the page that a password link leads to: its person chooses a password, and is signed in.

Looking at it uses nothing up, as programs that check mail for viruses open every link.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Gone, NotFound, Problem, Unprocessable
from app.http.dependencies import Db, Visitor, network
from app.http.routes import page_routes
from app.identity import accounts, authentication, links, passwords
from app.identity.authentication import Actor
from app.infrastructure import rate_limits
from app.models import PasswordLink
from app.pages.identity.sign_in import remember
from app.rendering.templates import page
from app.settings import settings

router = page_routes()


@router.get("/enter/{token}")
def show(request: Request, session: Db, visitor: Visitor, token: str) -> Response:
    """The form, or why the link does not work."""
    try:
        return _page(request, session, visitor, _opened(request, session, token))
    except Problem as problem:
        return _page(request, session, visitor, None, problem)


@router.post("/enter/{token}")
async def enter(
    request: Request,
    session: Db,
    visitor: Visitor,
    token: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set the password, and sign in with it; whoever else was signed in here is no longer."""
    return await passwords.aside(_enter, request, session, visitor, token, password, again)


def _enter(
    request: Request, session: Db, visitor: Actor | None, token: str, password: str, again: str
) -> Response:
    link = None
    try:
        link = _opened(request, session, token)
        session.commit()  # no connection is held while the password is hashed
        user = accounts.enter(session, link, _hashed(password, again))
    except Problem as problem:
        session.rollback()
        still = link if isinstance(problem, Unprocessable) else None
        return _page(request, session, visitor, still, problem)
    secret = authentication.sign_in(session, user, request.headers.get("user-agent", ""))
    session.commit()
    response = RedirectResponse("/", 303)
    remember(response, secret)
    return response


def _opened(request: Request, session: Db, token: str) -> PasswordLink:
    """The link; raises NotFound, Gone, and TooMany for who keeps trying what is none of ours."""
    try:
        return links.opened(session, token)
    except NotFound:
        rate_limits.take("link", settings().sign_in_limit, f"address:{network(request)}", times=10)
        raise


def _hashed(password: str, again: str) -> str:
    if password != again:
        raise Unprocessable(
            "The two passwords differ, so nothing was changed. Type the same one twice.",
            errors={"again": "differs"},
        )
    return passwords.hashed(password)


def _page(
    request: Request,
    session: Db,
    visitor: Actor | None,
    link: PasswordLink | None,
    problem: Problem | None = None,
) -> Response:
    tokens = len(authentication.tokens_of(session, link.user)) if link else 0
    return page(
        request,
        "enter.html",
        visitor,
        problem.status if problem else 200,
        link=link,
        is_first=link is not None and links.is_invitation(link.user),
        tokens=tokens,
        problem=problem,
        is_over=isinstance(problem, Gone | NotFound),
    )
