"""Owns the connection to the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import ExitStack
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.settings import SMTP_PORTS, settings

ANSWER_S = 20.0
"""How long the server may take for each answer."""


class Refused(Exception):
    """The server does not take this mail, and never will."""


class NotNow(Exception):
    """The mail could not be sent this time. `is_away`: nor could any other."""

    def __init__(self, said: str, *, is_away: bool) -> None:
        super().__init__(said)
        self.is_away = is_away


def connected() -> smtplib.SMTP:
    """A line to the server, over TLS unless the settings say otherwise; raises NotNow."""
    url = settings().smtp_url
    assert url is not None  # nobody sends mail without
    parts = urlsplit(url.get_secret_value())
    host, port = parts.hostname or "", parts.port or SMTP_PORTS[parts.scheme]
    trusted = ssl.create_default_context()
    with ExitStack() as closing:
        try:
            if parts.scheme == "smtps":
                line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=ANSWER_S, context=trusted)
            else:
                line = smtplib.SMTP(host, port, timeout=ANSWER_S)
            closing.callback(line.close)
            if parts.scheme == "smtp":
                line.starttls(context=trusted)
            if parts.username:
                line.login(unquote(parts.username), unquote(parts.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(_words(error), is_away=True) from None
        closing.pop_all()
    return line


def send(line: smtplib.SMTP, letter: EmailMessage) -> None:
    """Hand a mail to the server; raises Refused, NotNow."""
    try:
        line.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, words),) = error.recipients.values()
        raise _answer(code, words) from None
    except smtplib.SMTPNotSupportedError as error:  # for letters that are not of ASCII
        raise Refused(_words(error)) from None
    except smtplib.SMTPDataError as error:
        raise _answer(error.smtp_code, error.smtp_error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_words(error), is_away=True) from None


def _answer(code: int, words: bytes | str) -> Exception:
    said = f"{code} {_text(words)}"
    return Refused(said) if code >= 500 else NotNow(said, is_away=False)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return _text(f"{type(error).__name__}: {error}")


def _text(words: bytes | str) -> str:
    """What a server says, short and on one line."""
    plain = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(filter(str.isprintable, plain.replace("\n", " "))).split())[:300]
