"""Owns the form by which a token is made, of one's own or of a service account: how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Depends, Form

from app.errors import Unprocessable

MOST_LETTERS = 80


class Wanted(NamedTuple):
    """The token that is to be."""

    name: str
    scopes: list[str]
    days: int | None


class TypedToken(NamedTuple):
    """What stands in the form."""

    name: str = ""
    scopes: Sequence[str] = ()
    days: str = "180"
    course: str = ""

    def read(self) -> Wanted:
        """What is asked for; raises Unprocessable where that is no token."""
        if not self.name.strip():
            raise Unprocessable("Name the token after what uses it, so that you know it later.")
        if not self.scopes:
            raise Unprocessable("Tick at least one thing that the token may do.")
        return Wanted(self.name.strip()[:MOST_LETTERS], [*self.scopes], _days(self.days))


def _days(typed: str) -> int | None:
    """How long a token is to work; None where it is to work until it is revoked."""
    if not typed.strip():
        return None
    try:
        return int(typed)
    except ValueError:
        raise Unprocessable(
            f"{typed[:20]!r} is not a number of days, so no token was made. Choose how long it "
            "is to work.",
            errors={"days": "not a number"},
        ) from None


def _typed(
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
    course: Annotated[str, Form()] = "",
) -> TypedToken:
    return TypedToken(name, scope or [], days, course)


EMPTY = TypedToken()


TokenForm = Annotated[TypedToken, Depends(_typed)]
