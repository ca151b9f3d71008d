"""Owns what routes ask of a request: a session to the database, and who acts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from app.errors import Forbidden, NotSignedIn
from app.identity import authentication, student_views
from app.identity.authentication import Actor
from app.infrastructure import database, rate_limits, remembering
from app.models import User
from app.settings import settings

_LOCAL = re.compile(r"http://127\.0\.0\.1:(\d+)")


def cookie_name() -> str:
    """The sign-in cookie's name; bound to the host where https allows it.

    Local copies have their port in it: a browser sends a host's cookies to all of its ports.
    """
    if settings().secure:
        return "__Host-chainrule"
    local = _LOCAL.fullmatch(settings().base_url)
    return f"chainrule-{local[1]}" if local else "chainrule"


async def open_session(request: Request) -> AsyncIterator[Session]:
    """A session for one request. The route commits; what it left uncommitted is rolled back.

    One that only looks asks nothing twice.

    To open one asks nobody anything, so that no thread need be woken for it; to roll back may.
    """
    session = database.opened()
    if request.method == "GET":
        remembering.begin(session)
    try:
        yield session
    finally:
        if session.in_transaction():
            # As many threads as there are sessions: others may all wait for this one's connection.
            await to_thread.run_sync(session.close, limiter=CapacityLimiter(1))
        else:
            session.close()


Db = Annotated[Session, Depends(open_session, scope="function")]


def visitor(request: Request, session: Db) -> Actor | None:
    """Who is signed in with this browser, if anybody is; an error's page greets them, too."""
    secret = request.cookies.get(cookie_name())
    found = authentication.actor_of_cookie(session, secret) if secret else None
    if found and found.student_view and request.url.path.startswith(_OF_A_COURSE):
        found = student_views.as_seen(session, found)
    request.state.visitor = found and _apart(found)
    if found and found.behind and request.method != "GET":
        raise Forbidden(
            "You are looking as a student does: nothing can be handed in or changed so. End the "
            "student view first."
        )
    return found


_OF_A_COURSE = ("/courses/", "/assignments/", "/submissions/")
"""Pages at which a student view looks as a student does; elsewhere one is oneself."""


def _apart(actor: Actor) -> Actor:
    """The actor on their own: what fails in the session takes its rows along, but not this one."""
    one, other = _copy(actor.person), _copy(actor.behind) if actor.behind else None
    return Actor(one, behind=other, student_view=actor.student_view)


def _copy(user: User) -> User:
    return User(id=user.id, email=user.email, name=user.name, is_admin=user.is_admin)


def signed_in(found: Actor | None) -> Actor:
    """Whoever it is; raises NotSignedIn where it is nobody."""
    if found is None:
        raise NotSignedIn("Sign in to see this page.")
    return found


def person(found: Annotated[Actor | None, Depends(visitor)]) -> Actor:
    """Who asks for a page, which counts as one of theirs; raises NotSignedIn, TooMany."""
    actor = signed_in(found)
    rate_limits.take("page", settings().page_limit, actor.key)
    return actor


def unkept(response: Response) -> Response:
    """The answer, kept in no cache: it lets somebody in."""
    response.headers["cache-control"] = "no-store"
    return response


def network(request: Request) -> str:
    """The visitor's address; one customer of an IPv6 provider has a whole /64 of them."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    prefix = 32 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def bearer(request: Request, session: Db) -> Actor:
    """Who holds the request's bearer token; raises NotSignedIn. Browsers' cookies do not count.

    The session holds no connection afterwards.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotSignedIn("Send a token: `Authorization: Bearer cr_pat_...`.")
    database.read_without_transaction(session)
    actor = authentication.actor_of_token(session, secret.strip())
    session.commit()
    return actor


Visitor = Annotated[Actor | None, Depends(visitor)]
SignedIn = Annotated[Actor, Depends(person)]
