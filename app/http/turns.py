"""Owns turns: how many reads of one person run at once, so that nobody has all threads.

Whoever asks for more waits in line, without a thread or a connection to the database. A browser
opens six connections to a server at most, so people seldom notice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from anyio import Semaphore, move_on_after
from starlette.requests import Request
from starlette.types import Scope

from app.errors import TooMany
from app.http.dependencies import cookie_name

AT_ONCE = 3
LINE = 100
"""How many may wait or run for one person."""
PATIENCE_S = 20.0
"""How long a request waits for its turn."""
_STREAMS = "/events"
_STATIC, _API = "/static/", "/api/"


class _Line:
    def __init__(self) -> None:
        self.turns = Semaphore(AT_ONCE)
        self.length = 0


_lines: dict[bytes, _Line] = {}
"""Of this process, by a digest of what a request proves its sender with."""


@asynccontextmanager
async def turn(scope: Scope) -> AsyncIterator[None]:
    """Wait until it is this request's turn, and have it inside; raises TooMany where the line
    is long, or does not move.

    Only reads of somebody who is signed in, or has a token, take turns. Event streams have bounds
    of their own.
    """
    whose = _whose(scope)
    if not whose:
        yield
        return
    line = _lines.setdefault(whose, _Line())
    if line.length >= LINE:
        raise _too_many()
    line.length += 1
    try:
        with move_on_after(PATIENCE_S) as patience:
            await line.turns.acquire()
        if patience.cancelled_caught:
            raise _too_many()
        try:
            yield
        finally:
            line.turns.release()
    finally:
        line.length -= 1
        if line.length == 0:
            del _lines[whose]


def _too_many() -> TooMany:
    return TooMany(
        "Many requests of yours are waiting already, so this one was not looked at. Try again in a "
        "few seconds.",
        retry_after=3,
    )


def _whose(scope: Scope) -> bytes:
    """A digest of the token or the sign-in that counts for this request; else nothing."""
    path = scope["path"]
    if scope["method"] != "GET" or path.endswith(_STREAMS) or path.startswith(_STATIC):
        return b""
    request = Request(scope)
    if path.startswith(_API):
        proof = request.headers.get("authorization", "").partition(" ")[2].strip()
    else:
        proof = request.cookies.get(cookie_name(), "")
    return sha256(proof.encode()).digest() if proof else b""
