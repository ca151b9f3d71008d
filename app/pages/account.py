"""Owns the account page: one's password, one's API tokens, one's sign-ins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app import accounts, auth
from app.auth import Actor
from app.doors import Db, Person
from app.errors import Problem, Unprocessable
from app.pages.render import page
from app.pages.sign_in import forget, remember, slowed

router = APIRouter(prefix="/account")


@router.get("")
def show(request: Request, session: Db, person: Person, done: str = "") -> Response:
    """The page; `done` names what was just done."""
    return _page(request, session, person, done=done)


@router.post("/password")
def change_password(
    request: Request,
    session: Db,
    person: Person,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Change the password. Other browsers are signed out, this one stays in."""
    try:
        with slowed({f"present:{person.user.id}": 1}):
            accounts.change_password(session, person.user, current, password)
    except Problem as problem:
        return _page(request, session, person, problem=problem, about="password")
    secret = auth.sign_in(session, person.user, request.headers.get("user-agent", ""))
    session.commit()
    response = RedirectResponse("/account?done=password", 303)
    remember(response, secret)
    return response


@router.post("/tokens")
def make_token(
    request: Request,
    session: Db,
    person: Person,
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
) -> Response:
    """Make an API token and show it this once."""
    try:
        if not name.strip():
            raise Unprocessable("Name the token after what uses it, so that you know it later.")
        if not scope:
            raise Unprocessable("Tick at least one thing that the token may do.")
        life = int(days) if days.isdigit() and len(days) < 5 and int(days) else None
        secret = auth.issue_token(session, person.user, name.strip()[:80], scope, days=life)
    except Problem as problem:
        return _page(request, session, person, problem=problem, about="token", typed=name)
    session.commit()
    return _page(request, session, person, secret=secret)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(session: Db, person: Person, token_id: int) -> Response:
    """End a token."""
    auth.revoke_token(session, person.user, token_id)
    session.commit()
    return RedirectResponse("/account?done=revoked#tokens", 303)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(session: Db, person: Person) -> Response:
    """End all of one's sign-ins, this one too."""
    auth.sign_out_everywhere(session, person.user)
    session.commit()
    response = RedirectResponse("/sign-in", 303)
    forget(response)
    return response


def _page(
    request: Request,
    session: Db,
    person: Actor,
    *,
    done: str = "",
    problem: Problem | None = None,
    about: str = "",
    typed: str = "",
    secret: str | None = None,
) -> Response:
    return page(
        request,
        "account.html",
        person,
        problem.status if problem else 200,
        tokens=auth.tokens_of(session, person.user),
        scopes=auth.SCOPES,
        done=done,
        problem=problem,
        about=about,
        typed=typed,
        secret=secret,
    )
