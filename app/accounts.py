"""Owns people's accounts: making, finding and closing them."""

from __future__ import annotations

import re

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import auth
from app.errors import Conflict, NotFound, NotSignedIn, Unprocessable
from app.models import User

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def find(session: Session, who: str) -> User | None:
    """The user with this e-mail (in any case) or this external id."""
    who = who.strip()
    return session.scalar(
        select(User)
        .where(or_(func.lower(User.email) == who.lower(), User.external_id == who))
        .order_by(func.lower(User.email) == who.lower())
        .limit(1)
    )


def get(session: Session, who: str) -> User:
    """Like `find`, but raises NotFound."""
    user = find(session, who)
    if user is None:
        raise NotFound(f"Nobody here has the e-mail address or external id {who!r}.")
    return user


def add(
    session: Session,
    email: str,
    name: str,
    *,
    password: str | None = None,
    external_id: str | None = None,
    is_admin: bool = False,
) -> User:
    """Make an account; raises Unprocessable for a bad e-mail, Conflict where one exists."""
    email, name = email.strip(), name.strip()
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Unprocessable(
            f"{email!r} is not an e-mail address.", errors={"email": "not an e-mail address"}
        )
    if find(session, email) is not None:
        raise Conflict(f"There is an account for {email} already.")
    if external_id and session.scalar(select(User.id).where(User.external_id == external_id)):
        raise Conflict(f"The external id {external_id} belongs to another account.")
    user = User(
        email=email,
        name=name or email.split("@")[0],
        external_id=external_id or None,
        password_hash=auth.hash_password(password) if password else None,
        is_admin=is_admin,
    )
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """Give a new password and end every sign-in that the old one opened; raises Unprocessable."""
    user.password_hash = auth.hash_password(password)
    auth.sign_out_everywhere(session, user)


def change_password(session: Session, user: User, current: str, password: str) -> None:
    """Like `set_password`, for somebody who knows the present one; raises Unprocessable."""
    try:
        auth.check_password(session, user.email, current)
    except NotSignedIn:
        raise Unprocessable(
            "The present password is another one, so nothing was changed.",
            errors={"current": "another one"},
        ) from None
    set_password(session, user, password)


def give_first_password(session: Session, user: User) -> str:
    """Give a random password, to be handed to the person once, and end their sign-ins."""
    password, user.password_hash = auth.first_password()
    auth.sign_out_everywhere(session, user)
    return password


def everybody(session: Session, search: str, most: int) -> list[User]:
    """The first `most` accounts by name; only those with `search` in name or e-mail, if not ""."""
    rows = select(User).order_by(func.lower(User.name), User.id).limit(most)
    if search := search.strip():
        rows = rows.where(
            or_(
                User.name.icontains(search, autoescape=True),
                User.email.icontains(search, autoescape=True),
            )
        )
    return list(session.scalars(rows))


def deactivate(session: Session, user: User) -> None:
    """Close an account: no sign-in, no token works; grades stay."""
    user.active = False
    auth.sign_out_everywhere(session, user)
