"""Owns the page for who has forgotten their password. It tells nobody who has an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Problem
from app.http.dependencies import Db, network
from app.identity import accounts, links
from app.infrastructure import rate_limits
from app.rendering.templates import page
from app.settings import settings

router = APIRouter(prefix="/forgotten")


@router.get("")
def show(request: Request) -> Response:
    """The form, or whom to ask where no mail is sent."""
    return _page(request)


@router.post("")
def ask(request: Request, session: Db, email: Annotated[str, Form()] = "") -> Response:
    """Have a link sent, if there is such an account. Whether there is, is looked up later."""
    if not settings().sends_mail:
        return RedirectResponse("/forgotten", 303)
    try:
        email = accounts.clean_email(email)
        for key, times in ((f"account:{email.lower()}", 1), (f"address:{network(request)}", 20)):
            rate_limits.take("forgotten", settings().forgotten_limit, key, times=times)
    except Problem as problem:
        return _page(request, email, problem)
    links.forgotten(session, email)
    session.commit()
    return _page(request, email, sent=True)


def _page(
    request: Request, email: str = "", problem: Problem | None = None, *, sent: bool = False
) -> Response:
    status = problem.status if problem else 200
    return page(request, "forgotten.html", None, status, email=email, problem=problem, sent=sent)
