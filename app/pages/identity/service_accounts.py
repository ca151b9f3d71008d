"""Owns the pages of service accounts: a course's, all of the site, and each with its tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Problem
from app.http.dependencies import Db, SignedIn, unkept
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import SCOPES, Actor
from app.identity.programs import service_accounts
from app.identity.rights import SCOPES as NEEDED
from app.identity.rights import Right
from app.models import Course
from app.pages.identity.token_form import EMPTY, TokenForm, TypedToken
from app.rendering.templates import page

router = page_routes()
Typed = Annotated[str, Form()]
_SCOPES = {scope: what for scope, what in SCOPES.items() if scope != NEEDED[Right.SUBMIT]}


@router.get("/courses/{course_id}/service-accounts")
def show_of_course(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """Those of a course."""
    return _list(request, session, person, course_id)


@router.post("/courses/{course_id}/service-accounts")
def add_to_course(
    request: Request, session: Db, person: SignedIn, course_id: int, name: Typed = ""
) -> Response:
    """Make one for a course."""
    return _add(request, session, person, course_id, name)


@router.get("/service-accounts")
def show_of_site(request: Request, session: Db, person: SignedIn) -> Response:
    """All of them, for site administrators."""
    return _list(request, session, person, None)


@router.post("/service-accounts")
def add_to_site(request: Request, session: Db, person: SignedIn, name: Typed = "") -> Response:
    """Make one for the whole site."""
    return _add(request, session, person, None, name)


def _add(
    request: Request, session: Db, person: Actor, course_id: int | None, name: str
) -> Response:
    try:
        made = service_accounts.add(session, person, name, course_id)
    except Problem as problem:
        session.rollback()
        return _list(request, session, person, course_id, problem=problem, typed=name)
    session.commit()
    return RedirectResponse(f"/service-accounts/{made.id}", 303)


def _list(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int | None,
    *,
    problem: Problem | None = None,
    typed: str = "",
) -> Response:
    if course_id is None:
        found = service_accounts.of_site(session, person)
    else:
        found = service_accounts.of_course(session, person, course_id)
    numbers = {one.course_id for one in found}
    return page(
        request,
        "people/service_accounts.html",
        person,
        problem.status if problem else 200,
        course=session.get(Course, course_id) if course_id else None,
        rights=permissions.rights_in(session, person, course_id) if course_id else frozenset(),
        found=found,
        courses={number: session.get(Course, number) for number in numbers if number},
        problem=problem,
        typed=typed,
    )


@router.get("/service-accounts/{account_id}")
def show(request: Request, session: Db, person: SignedIn, account_id: int) -> Response:
    """One, with its tokens."""
    return _one(request, session, person, account_id)


@router.post("/service-accounts/{account_id}/tokens")
def make_token(
    request: Request, session: Db, person: SignedIn, account_id: int, form: TokenForm
) -> Response:
    """Make a token of one and show it this once."""
    try:
        wanted = form.read()
        _, secret = service_accounts.issue(
            session, person, account_id, *wanted[:2], days=wanted.days
        )
    except Problem as problem:
        session.rollback()
        return _one(request, session, person, account_id, problem=problem, typed=form)
    session.commit()
    return unkept(_one(request, session, person, account_id, secret=secret))


@router.post("/service-accounts/{account_id}/tokens/{token_id}/revoke")
def revoke_token(session: Db, person: SignedIn, account_id: int, token_id: int) -> Response:
    """End a token of one."""
    service_accounts.revoke(session, person, account_id, token_id)
    session.commit()
    return RedirectResponse(f"/service-accounts/{account_id}#tokens", 303)


@router.post("/service-accounts/{account_id}/active")
def set_active(
    request: Request, session: Db, person: SignedIn, account_id: int, active: Typed = ""
) -> Response:
    """Close one, or open it again."""
    try:
        service_accounts.set_active(session, person, account_id, active=active == "true")
    except Problem as problem:
        session.rollback()
        return _one(request, session, person, account_id, problem=problem)
    session.commit()
    return RedirectResponse(f"/service-accounts/{account_id}", 303)


def _one(
    request: Request,
    session: Db,
    person: Actor,
    account_id: int,
    *,
    problem: Problem | None = None,
    typed: TypedToken = EMPTY,
    secret: str | None = None,
) -> Response:
    account = service_accounts.get(session, person, account_id)
    return page(
        request,
        "people/service_account.html",
        person,
        problem.status if problem else 200,
        account=account,
        course=session.get(Course, account.course_id) if account.course_id else None,
        tokens=service_accounts.tokens(session, person, account_id),
        scopes=_SCOPES,
        problem=problem,
        typed=typed,
        secret=secret,
    )
