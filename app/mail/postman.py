"""Owns sending what waits in the outbox: a thread of each web process, where mail is set up.

It is no task of the workers: those sit next to hostile code, and have neither a way out of their
network nor the key that links are made with.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from app.errors import Problem, Unprocessable
from app.identity import links
from app.infrastructure import database
from app.mail import letters, outbox, transport
from app.models import Delivery, Mail
from app.settings import settings

log = structlog.get_logger(__name__)
_LOOK_S, _AWAY_S, _FINISH_S, _TIDY = 2.0, 30.0, 5.0, 1_000
"""Pauses between two looks, and after one at which the server was away; how long a mail may take to
be finished when the process ends; looks between two at which old mails are deleted."""


@contextmanager
def at_work() -> Iterator[None]:
    """Have mail sent inside, where the settings name a server."""
    if not settings().sends_mail:
        yield
        return
    ended = Event()
    thread = Thread(target=_rounds, args=(ended,), name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_FINISH_S)


def _rounds(ended: Event) -> None:
    pause, looks = 0.0, 0
    while not ended.wait(pause):
        try:
            pause = _LOOK_S if deliver(ended) else _AWAY_S
            looks += 1
            if looks % _TIDY == 0:
                with database.session() as session:
                    outbox.forget(session)
                    session.commit()
        except (DBAPIError, PoolTimeoutError) as error:
            log.warning("mail.database_away", error=type(error).__name__)
            pause = _LOOK_S
        except Exception:  # nothing that one mail brings up may end all mail
            log.exception("mail.round_failed")
            pause = _AWAY_S


def deliver(ended: Event | None = None) -> bool:
    """Send all that is due; False where the server is away, or does not let us in."""
    with _Line() as line, database.session() as session:
        while not (ended and ended.is_set()):
            mail = outbox.claim(session)
            session.commit()
            if mail is None:
                return True
            is_there = _one(session, mail, line)
            session.commit()
            if not is_there:
                return False
    return True


class _Line:
    """A line to the server, opened for the first mail that needs it."""

    def __init__(self) -> None:
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()

    def get(self) -> smtplib.SMTP:
        """The line; raises transport.NotNow."""
        self._open = self._open or transport.connected()
        return self._open


def _one(session: Session, mail: Mail, line: _Line) -> bool:
    """Send one mail and say what became of it; False where the server is away."""
    if mail.tries > outbox.MOST_TRIES:
        outbox.settle(session, mail, Delivery.FAILED, "Each try ended without a word.")
        return True
    if not outbox.address(session, mail):
        return True
    session.commit()  # no transaction is open while the server is asked
    link = mail.link
    if link is None or not links.works(link) or not link.user.active:
        outbox.settle(session, mail, Delivery.NEEDLESS, outbox.OVER)
        return True
    try:
        letter = letters.written(session, mail, link)
        session.commit()
        transport.send(line.get(), letter)
    except (transport.Refused, Unprocessable) as refusal:
        outbox.settle(session, mail, Delivery.FAILED, str(refusal))
        log.warning("mail.refused", mail=mail.id)
    except Problem as problem:
        outbox.put_off(session, mail, problem.detail)
        return False
    except transport.NotNow as fault:
        outbox.put_off(session, mail, str(fault))
        log.warning("mail.put_off", mail=mail.id, tries=mail.tries)
        return not fault.is_away
    else:
        outbox.settle(session, mail, Delivery.SENT)
        log.info("mail.sent", mail=mail.id)
    return True
