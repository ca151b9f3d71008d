"""Owns the account page: one's password, one's API tokens, one's sign-ins."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import NotSignedIn, Problem, Unprocessable
from app.http.dependencies import Db, SignedIn, unkept
from app.http.routes import page_routes
from app.identity import accounts, authentication, passwords
from app.identity.authentication import Actor
from app.pages.identity.sign_in import forget, proven, remember, slowed
from app.pages.identity.token_form import EMPTY, TokenForm, TypedToken
from app.rendering.templates import page
from app.teaching import catalogue, courses

router = page_routes("/account")


@router.get("")
def show(request: Request, session: Db, person: SignedIn, done: str = "") -> Response:
    """The page; `done` names what was just done."""
    return _page(request, session, person, done=done)


@router.post("/password")
async def change_password(
    request: Request,
    session: Db,
    person: SignedIn,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Change the password. Other browsers are signed out, this one stays in."""
    return await passwords.aside(_change, request, session, person, current, password)


def _change(request: Request, session: Db, person: Actor, current: str, password: str) -> Response:
    try:
        with slowed({f"present:{person.user.id}": 1}):
            _prove(session, person, current)
        session.commit()
        accounts.keep_password(session, person.person, passwords.hashed(password), by=person)
    except Problem as problem:
        return _page(request, session, person, problem=problem, about="password")
    secret = authentication.sign_in(session, person.person, request.headers.get("user-agent", ""))
    session.commit()
    response = RedirectResponse("/account?done=password", 303)
    remember(response, secret)
    return response


def _prove(session: Db, person: Actor, current: str) -> None:
    """Raise Unprocessable, TooMany unless this is the person's present password."""
    try:
        proven(session, person.person.email, current)
    except NotSignedIn:
        raise Unprocessable(
            "The present password is another one, so nothing was changed.",
            errors={"current": "another one"},
        ) from None


@router.post("/tokens")
def make_token(request: Request, session: Db, person: SignedIn, form: TokenForm) -> Response:
    """Make an API token and show it this once."""
    try:
        wanted = form.read()
        secret = authentication.issue_token(
            session,
            person.user,
            wanted.name,
            wanted.scopes,
            course_id=_course(session, person, form.course),
            days=wanted.days,
            by=person,
        )
    except Problem as problem:
        return _page(request, session, person, problem=problem, about="token", typed=form)
    session.commit()
    return unkept(_page(request, session, person, secret=secret))


def _course(session: Db, person: Actor, typed: str) -> int | None:
    """The course that a token is for; None for all of the person's. Administrators may name any."""
    if not typed.strip():
        return None
    if person.user.is_admin:
        return courses.get(session, typed.strip()).id
    for course, _ in catalogue.own(session, person):
        if typed == str(course.id):
            return course.id
    raise Unprocessable(
        "The chosen course is not one of yours (any more), so no token was made.",
        errors={"course": "not one of yours"},
    )


@router.post("/tokens/{token_id}/revoke")
def revoke_token(session: Db, person: SignedIn, token_id: int) -> Response:
    """End a token."""
    authentication.revoke_token(session, person.user, token_id, by=person)
    session.commit()
    return RedirectResponse("/account?done=revoked#tokens", 303)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(session: Db, person: SignedIn) -> Response:
    """End all of one's sign-ins, this one too."""
    authentication.sign_out_everywhere(session, person.person)
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
    typed: TypedToken = EMPTY,
    secret: str | None = None,
) -> Response:
    tokens = authentication.tokens_of(session, person.user)
    return page(
        request,
        "account.html",
        person,
        problem.status if problem else 200,
        tokens=tokens,
        titles=catalogue.titles(session, person, {one.course_id for one in tokens}),
        scopes=authentication.SCOPES,
        courses=[course for course, _ in catalogue.own(session, person)],
        done=done,
        problem=problem,
        about=about,
        typed=typed,
        secret=secret,
    )
