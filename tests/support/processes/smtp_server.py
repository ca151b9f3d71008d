"""A mail server in a process of its own; it prints each mail that it takes as a line of JSON.

It answers by the letters before the @: `refused` is never taken, `later` is not taken the first
time, and after `cut` the line is cut.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "chainrule", "p@ss/word"


class Mailbox:
    """What becomes of each mail."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether an address is taken."""
        kind, is_new = address.partition(".")[0], address not in self._seen
        self._seen.add(address)
        if kind == "refused":
            return "550 5.1.1 no such person here"
        if kind == "later" and is_new:
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Print the mail."""
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body()
        told = {
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): value for name, value in letter.items()},
            "text": body.get_content() if body else "",
            "tls": session.ssl is not None,
        }
        print(json.dumps(told), flush=True)
        return "250 OK"


def _known(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == right)


async def main(certificate: str) -> None:
    """Serve until the process is ended; with a certificate only over STARTTLS, for who signs in."""
    secured: Callable[..., SMTP] = SMTP
    if certificate:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(certificate))
        secured = partial(
            SMTP,
            tls_context=context,
            require_starttls=True,
            authenticator=_known,
            auth_required=True,
        )
    mailbox, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: secured(mailbox, hostname="mail.test"), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main("".join(sys.argv[1:])))
