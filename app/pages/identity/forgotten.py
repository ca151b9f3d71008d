"""Owns the page for who has forgotten their password. It tells nobody who has an account."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Problem
from app.http.dependencies import Db, network
from app.http.routes import page_routes
from app.identity import accounts, links
from app.infrastructure import rate_limits
from app.rendering.templates import page
from app.settings import settings

router = page_routes("/forgotten")


@router.get("")
def show(request: Request) -> Response:
    """The form, or whom to ask where no mail is sent."""
    return _page(request)


@router.post("")
def ask(request: Request, session: Db, email: Annotated[str, Form()] = "") -> Response:
    """Have a link sent, if there is such an account. Whether there is, is looked up later.

    What is refused to a network costs no account anything, or whoever is refused could keep others
    from their link; an account that had its share of mail has the link in it.
    """
    if not settings().sends_mail:
        return RedirectResponse("/forgotten", 303)
    limit = settings().forgotten_limit
    try:
        email = accounts.clean_email(email)
        rate_limits.take("forgotten", limit, f"address:{network(request)}", times=20)
    except Problem as problem:
        return _page(request, email, problem)
    with suppress(rate_limits.Exceeded):
        rate_limits.take("forgotten", limit, f"account:{email.lower()}")
        links.forgotten(session, email)
        session.commit()
    return _page(request, email, sent=True)


def _page(
    request: Request, email: str = "", problem: Problem | None = None, *, sent: bool = False
) -> Response:
    status = problem.status if problem else 200
    return page(request, "forgotten.html", None, status, email=email, problem=problem, sent=sent)
