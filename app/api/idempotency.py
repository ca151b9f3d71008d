"""Owns the Idempotency-Key: a request that is sent again is answered as before, and does nothing.

A route that changes something runs inside of this, and commits as ever. With a key its commit waits
until the answer is made, and both are committed as one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache, wraps
from typing import Annotated, Any, get_type_hints

from fastapi import Depends, Header, Request, Response
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.errors import Unprocessable
from app.idempotency.answers import Answer, Sending
from app.infrastructure import database

NAME = "idempotency-key"
_KEY = re.compile(r'"(?P<quoted>[ !#-\[\]-~]{1,255})"|(?P<bare>[!#-~]{1,255})')
SentKey = Annotated[
    str | None,
    Header(
        max_length=300,
        description="Send the same request with the same key again after a broken connection: for "
        "24 hours it does nothing, and is answered as it was (with `Idempotency-Replayed: true`).",
    ),
]


@dataclass(frozen=True)
class Keyed:
    """A request with a key: what tells it from others."""

    key: str
    method: str
    address: str
    kind: str
    body: bytes

    def parts(self) -> list[bytes]:
        """All that it asks for. Where a form's parts begin is another text at each sending."""
        header = Message()
        header["content-type"] = self.kind
        boundary = header.get_param("boundary")
        line = f"--{boundary}".encode() if isinstance(boundary, str) else b""
        body = self.body.replace(line, b"") if line else self.body
        return [self.method.encode(), self.address.encode(), body]


async def keyed(request: Request, idempotency_key: SentKey = None) -> Keyed | None:
    """The request, where it has a key; raises Unprocessable."""
    if idempotency_key is None:
        return None
    return Keyed(
        key_of(idempotency_key),
        request.method,
        f"{request.scope['path']}?{request.url.query}",
        request.headers.get("content-type", ""),
        await request.body(),
    )


async def read_body(request: Request) -> None:
    """Keep the body of a request with a key, of which a form would leave the parts alone."""
    if NAME in request.headers:
        try:
            await request.body()
        except ClientDisconnect as gone:
            raise HTTPException(400) from gone


def key_of(header: str) -> str:
    """The key in a header, quoted or bare; raises Unprocessable."""
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise Unprocessable(
            "The Idempotency-Key must be 1 to 255 printable ASCII characters, quoted or not, so "
            "nothing was done.",
            errors={"Idempotency-Key": "1 to 255 printable ASCII characters"},
        )
    return match["quoted"] or match["bare"]


def once(endpoint: Callable[..., Any], status: int) -> Callable[..., Any]:
    """The endpoint of a route, which does once what comes several times with a key.

    It asks for `actor` and `session`, as all do that change something, and answers with `status`.
    """
    shape = get_type_hints(endpoint, include_extras=True)["return"]
    asked = inspect.signature(endpoint)
    takes_response = "response" in asked.parameters

    @wraps(endpoint)
    def run(*, keyed_request: Keyed | None, response: Response, **given: Any) -> Any:
        if takes_response:
            given["response"] = response
        if keyed_request is None:
            return endpoint(**given)
        session, key = given["session"], keyed_request.key
        sending = Sending(session, given["actor"], key, keyed_request.parts())
        if known := sending.known():
            return _told(known, **{"idempotency-replayed": "true"})
        with database.commits_held(session) as held:
            answer = _answer(endpoint(**given), shape, status, response)
        if held.wanted:
            sending.keep(answer)
            session.commit()
        return _told(answer)

    added = {
        "response": Response,
        "keyed_request": Annotated[Keyed | None, Depends(keyed)],
    }
    own = [one for one in asked.parameters.values() if one.name not in added]
    named = inspect.Parameter.KEYWORD_ONLY
    more = [inspect.Parameter(name, named, annotation=kind) for name, kind in added.items()]
    both = [one.replace(kind=named) for one in own] + more
    run.__signature__ = asked.replace(parameters=both)  # type: ignore[attr-defined]
    return run


def _answer(made: Any, shape: Any, status: int, response: Response) -> Answer:
    """What an endpoint returned, as the framework would send it."""
    if isinstance(made, Response):
        whole = made
    else:
        body = b"" if status == 204 else _adapter(shape).dump_json(made)
        whole = Response(body, status, media_type="application/json" if body else None)
        whole.headers.raw.extend(response.headers.raw)
    headers = {name: value for name, value in whole.headers.items() if name != "content-length"}
    return Answer(whole.status_code, headers, bytes(whole.body))


@lru_cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _told(answer: Answer, **more: str) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, **more})
