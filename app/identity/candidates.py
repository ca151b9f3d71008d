"""Owns who may be signing in: the person whom an address names, and whether they prove it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotSignedIn
from app.identity.spelling import spellings
from app.models import User


@dataclass(frozen=True)
class Candidate:
    """Who may turn out to be signing in: the account that was named, and the hash it had then."""

    user_id: int | None
    known: str | None


def candidate(session: Session, email: str) -> Candidate:
    """The active account with this e-mail; one without an id or a hash where there is none."""
    user = by_email(session, email)
    active = user is not None and user.active
    return Candidate(user.id, user.password_hash) if active and user else Candidate(None, None)


def by_email(session: Session, email: str) -> User | None:
    """The user with this e-mail, in any case and spelling.

    An account may be older than the rule that an address has one spelling: the one that was typed
    comes first.
    """
    typed, *others = (func.lower(one) for one in spellings(email))
    email_is = func.lower(User.email)
    rows = select(User).where(email_is.in_([typed, *others])).order_by(email_is != typed, User.id)
    return session.scalar(rows.limit(1))


def admit(session: Session, who: Candidate, proven: str) -> User:
    """The user whose password was right; `proven` is the hash of it to keep from now on.

    Raises NotSignedIn where the account was closed or given another password meanwhile.
    """
    user = session.scalar(
        select(User)
        .where(User.id == who.user_id, User.active, User.password_hash == who.known)
        .with_for_update()
    )
    if user is None:
        raise NotSignedIn("The password was changed at this very moment. Sign in with the new one.")
    user.password_hash = proven
    return user
