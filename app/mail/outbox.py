"""Owns which mail is sent next, and what becomes of it: leased, sent, put off, or given up.

A mail is sent by who holds its lease, which lasts for longer than a server can take to answer. One
that the server took, but whose sender died before it could say so, is sent once more, with the
same Message-ID.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.identity import candidates, links
from app.infrastructure.clock import now
from app.models import Delivery, Mail, PasswordLink, Via

LEASE = timedelta(minutes=10)
MOST_TRIES = 20
"""By then two days have passed."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
_KEPT = timedelta(days=60)
OVER = "Its link was used, withdrawn or replaced before, or has expired."


def claim(session: Session) -> Mail | None:
    """Take the mail that is due for longest, for the time of a lease; None where none is."""
    free = or_(Mail.leased_until.is_(None), Mail.leased_until < func.now())
    first = (
        select(Mail.id)
        .where(Mail.delivery == Delivery.WAITING, Mail.due_at <= func.now(), free)
        .order_by(Mail.due_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = update(Mail).where(Mail.id == first)
    taken = taken.values(lease=uuid.uuid4(), leased_until=func.now() + LEASE, tries=Mail.tries + 1)
    return session.scalar(taken.returning(Mail).execution_options(populate_existing=True))


def address(session: Session, mail: Mail) -> bool:
    """Find out whose a mail is that somebody asked for by typing an address, and give them a link.

    False where it is nobody's: then the mail is gone, and with it what was typed.
    """
    if mail.link_id is not None:
        return True
    user = candidates.by_email(session, mail.address)
    given = links.give(session, [user], by=Via.PAGE, mailed=False) if user else []
    if not given:
        session.delete(mail)
        return False
    mail.link, mail.address = given[0], given[0].user.email
    session.flush()
    return True


def settle(session: Session, mail: Mail, delivery: Delivery, said: str = "") -> bool:
    """Say what became of a mail that is leased; False where somebody else has it by now."""
    return _put(session, mail, delivery=delivery, settled_at=now(), said=said)


def put_off(session: Session, mail: Mail, said: str) -> bool:
    """Try again later, or give up after MOST_TRIES; False where somebody else has it by now."""
    if mail.tries >= MOST_TRIES:
        return settle(session, mail, Delivery.FAILED, said)
    pause = min(_FIRST_PAUSE * 2 ** (mail.tries - 1), _LONGEST_PAUSE)
    return _put(session, mail, due_at=now() + pause, said=said)


def _put(session: Session, mail: Mail, **columns: object) -> bool:
    done = session.execute(
        update(Mail)
        .where(Mail.id == mail.id, Mail.lease == mail.lease)
        .values(lease=None, leased_until=None, **columns)
        .returning(Mail.id)
    )
    return done.one_or_none() is not None


def newest(session: Session, link_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Mail]:
    """The last mail of each link, by link."""
    rows = select(Mail).where(Mail.link_id.in_(link_ids)).order_by(Mail.id)
    return {mail.link_id: mail for mail in session.scalars(rows) if mail.link_id}


def recent(session: Session, delivery: Delivery | None, most: int) -> list[Mail]:
    """The newest mails, or the newest of which this became; what somebody typed is no one's yet."""
    whose = joinedload(Mail.link).joinedload(PasswordLink.user)
    rows = select(Mail).where(Mail.link_id.is_not(None)).options(whose)
    if delivery is not None:
        rows = rows.where(Mail.delivery == delivery)
    return list(session.scalars(rows.order_by(Mail.id.desc()).limit(most)))


def numbers(session: Session) -> dict[Delivery, int]:
    """How many mails there are by what became of them."""
    rows = select(Mail.delivery, func.count()).where(Mail.link_id.is_not(None))
    return dict(session.execute(rows.group_by(Mail.delivery)).tuples().all())


def hasten(session: Session) -> None:
    """Have all that waits be tried now, as when the server is back."""
    waits = Mail.delivery == Delivery.WAITING, Mail.lease.is_(None)
    session.execute(update(Mail).where(*waits).values(due_at=now()))


def forget(session: Session) -> None:
    """Delete what was settled long ago."""
    session.execute(delete(Mail).where(Mail.settled_at < now() - _KEPT))
