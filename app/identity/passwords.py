"""Owns hashing passwords, which is dear on purpose: few at a time, and not many in line for it.

Whoever comes when the line is full is told to come back. Who calls these holds no connection to the
database meanwhile, and no thread that pages need.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Semaphore
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.errors import NotSignedIn, TooMany, Unprocessable
from app.settings import settings

P = ParamSpec("P")
T = TypeVar("T")
_COME_BACK_S = 3
_AT_ONCE = max(1, min(4, (os.cpu_count() or 1) // 2))
"""Each hash takes 64 MiB and one core: half of the cores are for the rest."""
_hasher = PasswordHasher(parallelism=1)
_turns = Semaphore(_AT_ONCE)


class _Line:
    """Those who wait for their turn, or have it; touched by the event loop's thread alone."""

    def __init__(self) -> None:
        self._length = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Have a place inside; raises TooMany where the line is full."""
        if self._length >= settings().sign_in_line:
            raise TooMany(
                "Many people are signing in at this moment, so your password was not looked "
                f"at. Wait {_COME_BACK_S} seconds and try again.",
                retry_after=_COME_BACK_S,
            )
        self._length += 1
        try:
            yield
        finally:
            self._length -= 1


_line = _Line()


@lru_cache
def _threads() -> CapacityLimiter:
    """One more than may hash, which reads from the database meanwhile: threads share the
    interpreter, and each one here takes as much of it as somebody else's page."""
    return CapacityLimiter(_AT_ONCE + 1)


async def aside(function: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
    """Call what hashes a password in a thread that nothing else waits for.

    Who waits has no thread, and no connection to the database. Raises TooMany where the line is
    full; the function has not been called then.
    """
    with _line.place():
        return await to_thread.run_sync(lambda: function(*arguments, **words), limiter=_threads())


def hashed(password: str) -> str:
    """The Argon2id hash of a password of at least 8 characters; raises Unprocessable."""
    if len(password) < 8:
        raise Unprocessable(
            "The password needs at least 8 characters.",
            errors={"password": "at least 8 characters"},
        )
    with _turns:
        return _hasher.hash(password)


@lru_cache
def _absent() -> str:
    return _hasher.hash(secrets.token_hex())


def verify(known: str | None, password: str) -> str:
    """The hash to keep of a right password: the known one, or a full one instead of a cheap one,
    as first passwords once had.

    Raises NotSignedIn. Without a known one it costs as much time as with another, so that
    neither tells the other.
    """
    with _turns:
        try:
            _hasher.verify(known or _absent(), password)
        except InvalidHashError:
            known = None
        except VerifyMismatchError:
            if known is not None and _hasher.check_needs_rehash(known):
                _hasher.hash(password)  # a first password's hash was a cheap one to compare with
            known = None
        if known is None:
            raise NotSignedIn("That e-mail address and password do not belong together.")
        return _hasher.hash(password) if _hasher.check_needs_rehash(known) else known
