"""Owns what every page asks of what it is sent, whichever form or address it came in."""

from __future__ import annotations

from fastapi import Request

from app.errors import NotFound, Unprocessable

_LARGEST_ID = 2**31 - 1


async def check_fields(request: Request) -> None:
    """Refuse what Postgres cannot hold: raises Unprocessable naming the field, NotFound for ids.

    Typed source is kept as bytes, and refused in its own place, where it stays to be seen.
    """
    is_source = "assignment_id" in request.path_params
    given = request.query_params.multi_items()
    if request.method == "POST":
        given += (await request.form()).multi_items()  # type: ignore[arg-type]
    for name, value in given:
        if is_source and name == "code":
            continue
        if isinstance(value, str) and "\0" in name + value:
            shown = name.replace("\0", "")
            raise Unprocessable(
                f"The field “{shown}” holds a NUL character, which no text can have, so nothing "
                "was changed. Go back, take it out, and send the form again.",
                errors={shown: "holds a NUL character"},
            )
    for part in map(str, request.path_params.values()):
        if part.isdecimal() and (len(part) > 10 or int(part) > _LARGEST_ID):
            raise NotFound("There is nothing at this address. Perhaps it was mistyped.")
