"""Owns people's accounts: making, finding and closing them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action, Who
from app.errors import Conflict, NotFound, Unprocessable
from app.identity import authentication, candidates, links, passwords
from app.identity.spelling import spellings, spelt
from app.models import PasswordLink, User, Via
from app.models.field_limits import fitting

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""What takes no room, or turns the writing round: in a name it only serves to deceive."""
_JOINERS = "\u200c\u200d"  # part of how names in some scripts are spelt


def find(session: Session, who: str) -> User | None:
    """The user with this e-mail (in any case), or else with this external id."""
    return candidates.by_email(session, who) or session.scalar(
        select(User).where(User.external_id.in_(spellings(who)))
    )


def get(session: Session, who: str) -> User:
    """Like `find`, but raises NotFound."""
    user = find(session, who)
    if user is None:
        raise NotFound(f"Nobody here has the e-mail address or external id {who!r}.")
    return user


def clean_email(email: str) -> str:
    """An e-mail address in its one spelling; raises Unprocessable where it is none."""
    email = spelt(email.strip())
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise Unprocessable(
            f"{email[:80]!r} is not an e-mail address.", errors={"email": "not an e-mail address"}
        )
    fitting("email", email)
    return email


def clean_name(name: str, email: str) -> str:
    """A name as it can be shown, or else what stands before the @; raises Unprocessable."""
    name = " ".join(_UNSEEN.sub("", spelt(name)).split())
    fitting("name", name)
    if not all(letter.isprintable() or letter in _JOINERS for letter in name):
        raise Unprocessable(
            f"The name {name!r} has a character in it that no name has.",
            errors={"name": "unprintable"},
        )
    return name if any(map(str.isalnum, name)) else email.split("@")[0]


def clean_external_id(external_id: str, email: str) -> str | None:
    """An external id for who has this e-mail; None for an empty one. Raises Unprocessable.

    Somebody else's e-mail cannot be one: whoever comes to have that address would be taken for
    the wrong person.
    """
    external_id = spelt(external_id.strip())
    fitting("external_id", external_id)
    if not external_id.isprintable():
        raise Unprocessable(
            f"{external_id!r} cannot be an external id: it has letters that cannot be printed.",
            errors={"external_id": "unprintable"},
        )
    if _EMAIL.fullmatch(external_id) and external_id.lower() != email.lower():
        raise Unprocessable(
            f"{external_id!r} is an e-mail address, which as an external id could belong to "
            "somebody else.",
            errors={"external_id": "an e-mail address"},
        )
    return external_id or None


def add(
    session: Session,
    email: str,
    name: str,
    *,
    password: str | None = None,
    external_id: str | None = None,
    is_admin: bool = False,
    by: Who | Via = Via.COMMAND,
) -> User:
    """Make an account; raises Unprocessable for a bad e-mail, name or external id, Conflict."""
    email = clean_email(email)
    user = User(
        email=email,
        name=clean_name(name, email),
        external_id=clean_external_id(external_id or "", email),
        password_hash=passwords.hashed(password) if password else None,
        is_admin=is_admin,
    )
    _check_free(session, user.email, user.external_id)
    store(session, [user], by=by)
    return user


def store(session: Session, users: Sequence[User], *, by: Who | Via) -> None:
    """Add new accounts; raises Conflict where somebody else adds one of them at this moment."""
    try:
        with session.begin_nested():
            session.add_all(users)
    except IntegrityError:
        raise Conflict(
            "Somebody else made one of these accounts at this very moment, so nothing was changed. "
            "Do it once more."
        ) from None
    for user in users:
        audit.record(session, by, Action.ACCOUNT_MADE, user_id=user.id, after=_facts(user))


def _facts(user: User) -> audit.Facts:
    names = ("name", "email", "external_id", "is_admin")
    return {name.replace("is_admin", "site_admin"): getattr(user, name) for name in names}


def change(
    session: Session,
    user: User,
    *,
    name: str | None = None,
    email: str | None = None,
    external_id: str | None = None,
    is_admin: bool | None = None,
    by: Who | Via = Via.COMMAND,
) -> None:
    """Change what is given ("" takes an external id away); raises Unprocessable, Conflict."""
    before = _facts(user)
    new_email = user.email if email is None else clean_email(email)
    given = (user.external_id or "") if external_id is None else external_id
    new_id = clean_external_id(given, new_email)
    _check_free(session, new_email, new_id, besides=user)
    user.email, user.external_id = new_email, new_id
    if name is not None:
        user.name = clean_name(name, new_email)
    if is_admin is not None:
        user.is_admin = is_admin
    session.flush()
    was, is_now = audit.difference(before, _facts(user))
    if "email" in is_now or is_now.get("site_admin"):
        links.end(session, user.id)  # it went to another address, or opens more than its maker may
    if is_now:
        action = Action.ACCOUNT_CHANGED
        audit.record(session, by, action, user_id=user.id, before=was, after=is_now)


def _check_free(
    session: Session, email: str, external_id: str | None, *, besides: User | None = None
) -> None:
    """Raise Conflict where somebody else is known by one of these."""
    other = User.id != (besides.id if besides else 0)
    same = func.lower(User.email) == func.lower(email)
    if session.scalar(select(User.id).where(same, other)):
        raise Conflict(f"There is an account for {email} already.")
    for one in filter(None, (email, external_id)):
        if session.scalar(select(User.id).where(User.external_id == one, other)):
            raise Conflict(f"The external id {one} belongs to another account.")


def set_password(session: Session, user: User, password: str) -> None:
    """Give a new password and end every sign-in that the old one opened; raises Unprocessable."""
    keep_password(session, user, passwords.hashed(password))


def keep_password(
    session: Session, user: User, password_hash: str, *, by: Who | Via | None = None
) -> None:
    """Like `set_password`, for what was hashed before, while no connection was held.

    It is logged for whoever it is done `by`.
    """
    user.password_hash = password_hash
    authentication.sign_out_everywhere(session, user)
    links.end(session, user.id)
    if by is not None:
        audit.record(session, by, Action.PASSWORD, user_id=user.id)


def reset_password(
    session: Session, user: User, password: str, *, by: Who | Via = Via.COMMAND
) -> int:
    """Set somebody else's password; raises Unprocessable.

    Others may have got into the account: all its sign-ins end, and all its API tokens. Returns how
    many of these there were.
    """
    set_password(session, user, password)
    audit.record(session, by, Action.PASSWORD_RESET, user_id=user.id)
    return authentication.revoke_tokens(session, user, by=by)


def shut_out(session: Session, user: User, *, by: Who | Via) -> int:
    """Like `reset_password`, with a password that nobody knows: only a link opens the account."""
    return reset_password(session, user, secrets.token_urlsafe(), by=by)


def enter(session: Session, link: PasswordLink, password_hash: str) -> User:
    """Give the person of a link the password that they chose; raises Gone where it works no more.

    All that the old password opened ends, sign-ins and API tokens.
    """
    user = links.take(session, link)
    keep_password(session, user, password_hash)
    maker = (link.made_by.email or link.made_by.name) if link.made_by else None
    audit.record(
        session, Via.PAGE, Action.LINK_USED, user_id=user.id, after={"link made by": maker}
    )
    authentication.revoke_tokens(session, user, by=Via.PAGE)
    return user


def everybody(session: Session, search: str, most: int) -> list[User]:
    """The first `most` accounts by name; only those with `search` in name or e-mail, if not ""."""
    rows = select(User).order_by(func.lower(User.name), User.id).limit(most)
    if search := spelt(search.strip()):
        rows = rows.where(
            or_(
                User.name.icontains(search, autoescape=True),
                User.email.icontains(search, autoescape=True),
            )
        )
    return list(session.scalars(rows))


def reactivate(session: Session, user: User, *, by: Who | Via = Via.COMMAND) -> None:
    """Open a closed account again, with the password that it had."""
    user.active = True
    audit.record(session, by, Action.ACCOUNT_OPENED, user_id=user.id)


def deactivate(session: Session, user: User, *, by: Who | Via = Via.COMMAND) -> None:
    """Close an account: no sign-in, no token works; grades stay."""
    user.active = False
    authentication.sign_out_everywhere(session, user)
    links.end(session, user.id)
    audit.record(session, by, Action.ACCOUNT_CLOSED, user_id=user.id)
