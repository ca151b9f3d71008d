"""Owns what mails say."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.identity import links
from app.infrastructure.clock import now
from app.models import Course, Enrolment, Mail, PasswordLink
from app.settings import settings

_INVITATION = """Hello {name},

you have an account at {base_url}{courses}.

Choose your password here:

{link}

The link works once, until {until}. Whoever has it has your account, so pass
it on to nobody. If you did not expect this mail, you need not do anything.
"""
_ANOTHER = """Hello {name},

somebody, you or your instructor, asked for a new password for your account at
{base_url}. Set it here:

{link}

The link works once, until {until}; your present password works until then.
Whoever has the link has your account, so pass it on to nobody. If you did not
expect this mail, you need not do anything.
"""


def written(session: Session, mail: Mail, link: PasswordLink) -> EmailMessage:
    """The mail with this link; raises Unprocessable where its address is none that mail goes to.

    Raises Unavailable where the key of links cannot be read.
    """
    is_first = links.is_invitation(link.user)
    letter = EmailMessage()
    letter["Subject"] = "Your account at Chainrule" if is_first else "A new password for Chainrule"
    letter["From"] = sender()
    letter["To"] = _address(link.user.name, mail.address)
    letter["Date"] = format_datetime(now())
    letter["Message-ID"] = f"<mail-{mail.id}-{int(mail.made_at.timestamp())}@{_host()}>"
    letter["Auto-Submitted"] = "auto-generated"
    text = _INVITATION if is_first else _ANOTHER
    letter.set_content(
        text.format(
            name=link.user.name,
            base_url=settings().base_url,
            courses=_courses(session, link.user_id),
            link=links.address(link),
            until=f"{link.expires_at:%-d %B %Y at %H:%M} UTC",
        )
    )
    return letter


def sender() -> Address:
    """Who all mail is from."""
    if given := settings().mail_from:
        (address,) = default.header_factory("From", given).addresses
        return Address(address.display_name, address.username, address.domain)
    return Address("Chainrule", "no-reply", _host())


def _address(name: str, email: str) -> Address:
    user, _, host = email.rpartition("@")
    try:
        return Address(name, user, host.encode("idna").decode())
    except (ValueError, UnicodeError, IndexError):
        raise Unprocessable(f"{email} is no address that mail can be sent to.") from None


def _host() -> str:
    host = urlsplit(settings().base_url).hostname or "localhost"
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _courses(session: Session, user_id: int) -> str:
    """In which courses somebody is, as the end of a sentence."""
    rows = (
        select(Course.title)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.user_id == user_id, Enrolment.active, Course.archived_at.is_(None))
        .order_by(Course.title)
    )
    titles = session.scalars(rows).all()
    return f", for {', '.join(titles)}" if titles else ""
