"""Owns what every request passes through: where it goes and comes from, its size, our headers.

It must be meant for this service: its `Host` is the name in the base address or one of the
settings. Else another site could have its own name point here, and its pages read ours.

A browser's request that changes something must come from our own pages. That is read off the
`Sec-Fetch-Site` header, else off `Origin`, scheme and all; a client that sends neither is no
browser, and has no cookie that somebody else could misuse. The API under /api takes no cookies.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from anyio import current_time, move_on_after
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Forbidden, Misdirected, Problem
from app.http import turns
from app.http.declared import body_limit, too_large
from app.identity import links
from app.settings import THIS_MACHINE, settings

Answer = Callable[[Request, Exception], Response]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WATCHED = frozenset({"/healthz", "/readyz"})
"""What programs on the same host or network ask, by whatever name it has there."""
_METRICS = "/metrics"  # so may who has its token; else only this machine, by a name of its own
_PORT = re.compile(r":\d*$")
_DRAIN_BYTES = 32 * 1024 * 1024
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_OF_SECRET_ADDRESSES = {"cache-control": "no-store", "referrer-policy": "strict-origin"}
"""Of every answer whose address lets somebody in: no page of ours tells it to a proxy's log."""


class SecurityMiddleware:
    """ASGI middleware that turns away what no route should see, and seals every answer."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the problem that it has or ends in."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sealed = _Sealed(scope, send)
        if scope["method"] == "HEAD":
            scope["method"] = "GET"  # until the answer begins, of which only the head is sent
        headers = Headers(scope=scope)
        try:
            _check_host(scope, headers)
            _check_origin(scope, headers)
            _check_length(scope, headers)
        except Problem as problem:
            await _drain(receive)
            await self.answer(Request(scope, receive), problem)(scope, receive, sealed)
            return
        try:
            async with turns.turn(scope):
                await self.app(scope, _Counted(receive, scope["path"]), sealed)
        except Exception as error:
            if sealed.began:
                raise
            await self.answer(Request(scope, receive), error)(scope, receive, sealed)


class _Counted:
    """`receive`, but no body passes through that is larger than the limit, or takes longer.

    An upload counts from when it began, so nobody may keep one open to finish it later.
    """

    def __init__(self, receive: Receive, path: str) -> None:
        self._receive = receive
        self._path = path
        self._left = body_limit(path)
        self._ends_at = current_time() + settings().upload_seconds
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:  # what comes now is that the other side is gone
            return await self._receive()
        with move_on_after(self._ends_at - current_time()) as patience:
            message = await self._receive()
        if patience.cancelled_caught:
            raise HTTPException(408, _TOO_SLOW.format(settings().upload_seconds))
        self._is_whole = not message.get("more_body")
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, too_large(self._path).detail)
        return message


_TOO_SLOW = (
    "What was sent took longer than {} seconds to arrive, so nothing was taken. Try again, with "
    "another connection if you can."
)


def _check_host(scope: Scope, headers: Headers) -> None:
    path = scope["path"]
    if path in _WATCHED or (path == _METRICS and settings().metrics_token):
        return
    ours = settings().answers_to | (THIS_MACHINE if path == _METRICS else frozenset())
    names = [_PORT.sub("", host.lower()) for host in headers.getlist("host")]
    if len(names) != 1 or names[0] not in ours:
        raise Misdirected(
            f"This service is at {settings().base_url}, and this request was sent to another "
            "name, so nothing was done. Whoever runs it can allow further names by "
            "CHAINRULE_HOSTS."
        )


def _check_origin(scope: Scope, headers: Headers) -> None:
    if scope["method"] in SAFE or scope["path"].startswith("/api/"):
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        origin = headers.get("origin")
        ours = origin is None or origin == _own_origin(headers)
    if not ours:
        raise Forbidden(
            "This request came from another website, so nothing was changed. "
            "If it was you, do it again from Chainrule's own page."
        )


def _own_origin(headers: Headers) -> str:
    """Where our pages are, for who asks at this `Host`; TLS may end at a proxy before us."""
    return f"{'https' if settings().secure else 'http'}://{headers.get('host', '').lower()}"


def _check_length(scope: Scope, headers: Headers) -> None:
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length) > body_limit(scope["path"]):
        raise too_large(scope["path"])


async def _drain(receive: Receive) -> None:
    """Read the rest of a body and forget it: a browser shows our answer only when it was heard."""
    left = _DRAIN_BYTES
    while left > 0:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
        left -= len(message.get("body", b""))


class _Sealed:
    """`send`, with the headers that every answer carries; knows whether one has begun."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._method = scope["method"]
        self.began = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began = True
            self._scope["method"] = self._method
            headers = MutableHeaders(scope=message)
            if self._scope["path"].startswith(links.PLACE):
                for name, value in _OF_SECRET_ADDRESSES.items():
                    headers[name] = value
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if not self._scope["path"].startswith("/static/"):
                headers.setdefault("cache-control", "private, no-cache")
            if settings().secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
        elif self._method == "HEAD":
            return
        await self._send(message)
        if self._method == "HEAD":  # at once, as a stream's body would take minutes
            await self._send({"type": "http.response.body"})


def install_guards(web: FastAPI, answer: Answer) -> None:
    """Put the middleware in front of the application; `answer` tells an error to whoever asked."""
    web.add_middleware(SecurityMiddleware, answer=answer)
