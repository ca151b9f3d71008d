"""Owns password links: who gets one, what its address is, and when it works no more.

The address is worked out anew whenever it is needed, from the link's id and a key that is no part
of the database. So it can be shown again, and a copy of the database opens no account.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, contains_eager

from app import audit
from app.audit import Action, Who
from app.errors import Gone, NotFound, TooMany
from app.infrastructure.clock import now
from app.models import Delivery, Mail, PasswordLink, User, Via
from app.settings import settings
from app.signing import macs

PLACE = "/enter/"
_PURPOSE = "password link"
_ASK = "Ask whoever gave it to you, such as your instructor, for a new one."
_DAMAGED = (
    "This is not a link of ours: a part of it is missing or was changed. Copy all of it, or ask "
    "whoever gave it to you, such as your instructor, for a new one."
)
_USED = (
    "This link has set a password already, and works only once. Sign in with that password. "
    f"If it was not you who set it, tell your instructor at once. {_ASK}"
)
_ENDED = (
    "This link was withdrawn, or the password was set in another way since. Sign in with your "
    f"password if you have one. {_ASK}"
)
_HOUR = timedelta(hours=1)
MOST_MAILS = 4
"""To one person, in an hour."""
_EXPIRED = f"This link has expired; nothing was changed. {_ASK}"


def is_invitation(user: User) -> bool:
    """Whether a link of theirs would set their first password."""
    return user.password_hash is None


def works(link: PasswordLink) -> bool:
    """Whether its person can use it now."""
    return link.used_at is None and link.ended_at is None and link.expires_at > now()


def give(
    session: Session, users: Iterable[User], *, by: Who | Via, mailed: bool = True
) -> list[PasswordLink]:
    """The working link of each of these people whose account is open, made where there is none.

    Whoever has a password keeps it until the link is used. A link that has been there for more than
    half of its time has all of it again. A new link goes out by mail where that is set up, unless
    it is not to be `mailed`.
    """
    people = {user.id: user for user in users if user.active}
    rows = select(User.id).where(User.id.in_(people)).order_by(User.id)
    session.execute(rows.with_for_update(key_share=True))  # two at once make one link
    there = open_links(session, people)
    for link in there.values():
        lasting = _lasting(people[link.user_id])
        if not works(link):
            link.ended_at = now()
        elif link.expires_at - now() < lasting / 2:
            link.expires_at = now() + lasting
            audit.record(session, by, Action.LINK_LONGER, user_id=link.user_id)
    session.flush()
    made = [_made(user, by) for user in people.values() if not _serves(there.get(user.id))]
    session.add_all(made)
    session.flush()
    for link in made:
        what = {"first password": is_invitation(people[link.user_id])}
        audit.record(session, by, Action.LINK_MADE, user_id=link.user_id, after=what)
    if mailed and settings().sends_mail:
        fresh = {people[link.user_id].email: link for link in made}
        often = _mailed_often(session, fresh)  # their links are there, and can be mailed later
        session.add_all(Mail(link_id=fresh[to].id, address=to) for to in fresh.keys() - often)
    return [link for link in there.values() if _serves(link)] + made


def invite(session: Session, users: Iterable[User], *, by: Who | Via) -> list[PasswordLink]:
    """Like `give`, for those of them who never had a password."""
    return give(session, [user for user in users if is_invitation(user)], by=by)


def _serves(link: PasswordLink | None) -> bool:
    return link is not None and works(link)


def _made(user: User, by: Who | Via) -> PasswordLink:
    maker = None if isinstance(by, Via) else by.user.id
    expires = now() + _lasting(user)
    return PasswordLink(id=uuid.uuid4(), user_id=user.id, made_by_id=maker, expires_at=expires)


def _lasting(user: User) -> timedelta:
    given = settings()
    return timedelta(days=given.invitation_days if is_invitation(user) else given.new_password_days)


def mail(session: Session, link: PasswordLink, user: User) -> bool:
    """Have a link sent to its person now, where mail is set up; whether it is.

    A mail with it that waits already is not doubled. Raises TooMany where the address was mailed
    often enough of late: whoever may have mail sent could fill somebody's mailbox.
    """
    if not settings().sends_mail:
        return False
    waits = Mail.link_id == link.id, Mail.delivery == Delivery.WAITING
    hastened = update(Mail).where(*waits).values(due_at=now()).returning(Mail.id)
    if not session.scalars(hastened).all():
        _require_seldom(session, user)
        session.add(Mail(link_id=link.id, address=user.email))
    return True


def _require_seldom(session: Session, user: User) -> None:
    if _mailed_often(session, [user.email]):
        raise TooMany(
            f"{user.name} was mailed {MOST_MAILS} times within an hour, so no other mail was sent. "
            "The link is in those that were.",
            retry_after=int(_HOUR.total_seconds()),
        )


def _mailed_often(session: Session, addresses: Iterable[str]) -> set[str]:
    """Those addresses to which no other mail is to go for now."""
    lately = Mail.address.in_(addresses), Mail.made_at > now() - _HOUR
    rows = select(Mail.address).where(*lately).group_by(Mail.address)
    return set(session.scalars(rows.having(func.count() >= MOST_MAILS)))


def forgotten(session: Session, email: str) -> None:
    """Have whoever has this address, if anybody has, be sent a link.

    Here that costs the same, and says the same, whether there is an account or not.
    """
    session.add(Mail(address=email))


def open_links(session: Session, user_ids: Iterable[int]) -> dict[int, PasswordLink]:
    """The links by user that were neither used nor ended; some may have expired."""
    rows = select(PasswordLink).where(
        PasswordLink.user_id.in_(user_ids),
        PasswordLink.used_at.is_(None),
        PasswordLink.ended_at.is_(None),
    )
    return {link.user_id: link for link in session.scalars(rows)}


def end(session: Session, user_id: int) -> bool:
    """End the open link of somebody; whether there was one."""
    ended = session.scalars(
        update(PasswordLink)
        .where(
            PasswordLink.user_id == user_id,
            PasswordLink.used_at.is_(None),
            PasswordLink.ended_at.is_(None),
        )
        .values(ended_at=now())
        .returning(PasswordLink.id)
    )
    return bool(ended.all())


def withdraw(session: Session, user: User, *, by: Who | Via) -> None:
    """End the open link of somebody, and log who did; raises NotFound where there is none."""
    if not end(session, user.id):
        raise NotFound(f"{user.name} has no open link; perhaps it was used at this moment.")
    audit.record(session, by, Action.LINK_WITHDRAWN, user_id=user.id)


def address(link: PasswordLink) -> str:
    """What to open in a browser; raises Unavailable where the key cannot be read."""
    return f"{settings().base_url}{PLACE}{token(link.id)}"


def token(link_id: uuid.UUID) -> str:
    """The secret part of a link's address; raises Unavailable."""
    return _written(link_id.bytes + macs.mac(_PURPOSE, link_id.bytes))


def _written(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def opened(session: Session, given: str) -> PasswordLink:
    """The working link with this token; raises NotFound for none of ours, Gone, Unavailable."""
    found = session.scalar(
        select(PasswordLink)
        .join(PasswordLink.user)
        .options(contains_eager(PasswordLink.user))
        .where(PasswordLink.id == _id(given))
    )
    if found is None:
        raise NotFound(_DAMAGED)
    _check(found, found.user)
    return found


def _check(link: PasswordLink, user: User) -> None:
    if link.used_at is not None:
        raise Gone(_USED)
    if link.ended_at is not None or not user.active:
        raise Gone(_ENDED)
    if not works(link):
        raise Gone(_EXPIRED)


def _id(given: str) -> uuid.UUID:
    """The id in a token that we made; raises NotFound."""
    try:
        whole = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotFound(_DAMAGED) from None
    named, mac = whole[:16], whole[16:]
    if _written(whole) != given or len(named) != 16 or not macs.fits(_PURPOSE, named, mac):
        raise NotFound(_DAMAGED)
    return uuid.UUID(bytes=named)


def take(session: Session, link: PasswordLink) -> User:
    """Use a link up, and hold its person until the commit; raises Gone where it works no more."""
    user = session.get_one(User, link.user_id, with_for_update=True, populate_existing=True)
    session.refresh(link)
    _check(link, user)
    link.used_at = now()
    return user
