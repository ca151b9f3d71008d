"""Owns the site administrator's page of all accounts."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import versions
from app.errors import Conflict, NotFound, Problem, Stale, TooMany
from app.gradebook import log
from app.gradebook.log import Search
from app.http.dependencies import Db, SignedIn, unkept
from app.http.routes import page_routes
from app.identity import accounts, links, site_permissions
from app.identity.authentication import Actor
from app.models import PasswordLink, User
from app.rendering.templates import page

router = page_routes("/accounts")
MOST_SHOWN = 200


@router.get("")
def show(request: Request, session: Db, person: SignedIn, search: str = "") -> Response:
    """Everybody with an account, or those whose name or e-mail has `search` in it."""
    site_permissions.require_admin(person)
    return _page(request, session, person, search=search)


@router.get("/log")
def show_log(
    request: Request,
    session: Db,
    person: SignedIn,
    q: str = "",
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """What was changed of accounts, newest first."""
    found = log.of_accounts(session, person, Search(q), before=before, limit=log.PAGE + 1)
    return page(
        request,
        "accounts_log.html",
        person,
        entries=found[: log.PAGE],
        more=len(found) > log.PAGE,
        differences=log.differences,
        asked=q,
    )


@router.post("")
def add(
    request: Request,
    session: Db,
    person: SignedIn,
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    is_admin: Annotated[bool, Form()] = False,
) -> Response:
    """Make an account and show its invitation."""
    site_permissions.require_admin(person)
    try:
        user = accounts.add(session, email, name, is_admin=is_admin, by=person)
    except Problem as problem:
        session.rollback()
        return _page(request, session, person, problem=problem, typed=(email, name, is_admin))
    (link,) = links.invite(session, [user], by=person)
    session.commit()
    return _page(request, session, person, link=link)


@router.post("/{user_id}/link")
def give_link(
    request: Request,
    session: Db,
    person: SignedIn,
    user_id: int,
    seen: Annotated[str, Form()] = "",
    shut_out: Annotated[bool, Form()] = False,
) -> Response:
    """Show a link by which somebody sets a password; what they had ends at once where asked."""
    try:
        user = _user(session, person, user_id, seen)
    except Stale as problem:
        session.rollback()
        return _page(request, session, person, problem=problem, about="account")
    ended = accounts.shut_out(session, user, by=person) if shut_out else 0
    found = links.give(session, [user], by=person)
    if not found:
        raise Conflict(f"The account of {user.name} is closed; open it first.")
    with suppress(TooMany):  # it is shown here as well
        links.mail(session, found[0], user)
    session.commit()
    return _page(request, session, person, link=found[0], ended=ended)


@router.post("/{user_id}/active")
def set_active(
    request: Request,
    session: Db,
    person: SignedIn,
    user_id: int,
    active: Annotated[bool, Form()] = False,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Close an account, or open it again."""
    try:
        user = _user(session, person, user_id, seen)
    except Stale as problem:
        session.rollback()
        return _page(request, session, person, problem=problem, about="account")
    if user.id == person.user.id:
        raise Conflict("You cannot close your own account; ask another administrator.")
    if active:
        accounts.reactivate(session, user, by=person)
    else:
        accounts.deactivate(session, user, by=person)
    session.commit()
    return RedirectResponse(f"/accounts#person-{user_id}", 303)


def _user(session: Db, person: Actor, user_id: int, seen: str) -> User:
    """The account as the administrator has seen it; nobody else changes it until the commit."""
    site_permissions.require_admin(person)
    user = session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
    if user is None:
        raise NotFound("There is no such account.")
    versions.require_current(seen, versions.of(user), f"the account of {user.name}")
    return user


def _page(
    request: Request,
    session: Db,
    person: Actor,
    *,
    search: str = "",
    problem: Problem | None = None,
    about: str = "add",
    typed: tuple[str, str, bool] = ("", "", False),
    link: PasswordLink | None = None,
    ended: int = 0,
) -> Response:
    shown = page(
        request,
        "accounts.html",
        person,
        problem.status if problem else 200,
        users=accounts.everybody(session, search, MOST_SHOWN),
        most=MOST_SHOWN,
        search=search,
        problem=problem,
        about=about,
        typed=typed,
        link=link,
        address=links.address(link) if link else None,
        ended=ended,
    )
    return unkept(shown) if link else shown
