"""Owns connections: how large a request's head may be, and how long it may take to come whole.

What is half sent costs memory and a descriptor for as long as it stays open, and nobody need sign
in for it. A proxy may have limits of its own; these hold without one.
"""

from __future__ import annotations

import asyncio
import json
from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.settings import settings

LINE_BYTES = 8_192
HEAD_BYTES = 32_768
HEADERS = 100
_waiting: dict[Connection, None] = {}
"""Those of this process that have no whole request yet, the one that has waited longest first."""
_SAID = {
    HTTPStatus.REQUEST_URI_TOO_LONG: f"An address may have {LINE_BYTES:,} bytes, and "
    "this one has more.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: f"A request may have {HEADERS} headers of "
    f"{HEAD_BYTES:,} bytes together; this one has more. Deleting this site's cookies may help.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come whole in time, so nothing was taken. "
    "Send it once more.",
}
"""What is said of a refusal; nothing of the request has been looked at, nothing was changed."""


_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    "<h1>{title}</h1><p>{said}</p>\n"
)
"""A page without any style: the application, which has ours, has not been reached."""
_POLICY = "content-security-policy: default-src 'none'\r\nx-content-type-options: nosniff\r\n"


class Connection(HttpToolsProtocol):
    """uvicorn's, with bounds: on a head's size, on the time until a request is there whole.

    Of connections that wait for one, a process keeps so many and no more: the one that has waited
    longest gives way to the next, as who is honest sends what they have at once.
    """

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self._timer: TimerHandle | None = None
        self._is_idle = True
        """Whether nothing has come of the next request yet; then its end needs no words."""
        self._in_head = True
        self._unheard = 0
        """Bytes that have come since the parser last had anything whole to tell."""
        self._head_bytes = 0
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(settings().head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; what comes of it too slowly, or too large, is refused."""
        if self._is_idle:
            self._is_idle = False
            self._wait(settings().head_seconds)
        self._unheard += len(data)
        super().data_received(data)
        if self._unheard > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._timer is None:  # it came right behind another
            self._wait(settings().head_seconds)

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        super().on_url(url)
        if len(self.url) > LINE_BYTES:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer, which counts as one."""
        super().on_header(name, value)
        self._unheard = 0
        self._head_bytes += len(name) + len(value)
        if len(self.headers) > HEADERS or self._head_bytes > HEAD_BYTES:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is whole: wait for the body."""
        self._unheard = 0
        self._in_head = False
        self._wait(settings().body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._unheard = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._unheard = 0
        self._wait_no_more()
        super().on_message_complete()
        self._rest()

    def on_response_complete(self) -> None:
        """The answer is whole, perhaps before its request."""
        super().on_response_complete()
        self._rest()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing: the time until the next request is ours to watch."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser, or we in its midst, have refused."""
        if self._refusal == HTTPStatus.BAD_REQUEST:
            super().send_400_response(msg)
        else:
            self._refuse(self._refusal)

    def _stop(self, why: HTTPStatus) -> None:
        """End the parser's work from within; `send_400_response` follows."""
        self._refusal = why
        raise ValueError(why.phrase)

    def _refuse(self, why: HTTPStatus) -> None:
        body, kind = _words(why, getattr(self, "url", b""))
        head = f"content-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
        self.transport.write(STATUS_LINE[why] + f"{head}{_POLICY}\r\n".encode() + body)
        self.transport.close()

    def _rest(self) -> None:
        """Wait for another request, once all that have come are whole and answered."""
        is_answered = self.cycle is not None and self.cycle.response_complete
        if is_answered and self._timer is None and not self.transport.is_closing():
            self._is_idle = True
            self._wait(self.timeout_keep_alive)

    def _wait(self, seconds: float) -> None:
        """Wait so long for what is to come, and give way to newer ones once too many wait."""
        self._wait_no_more()
        self._timer = self.loop.call_later(seconds, self._give_up)
        _waiting[self] = None
        if len(_waiting) > settings().waiting_connections:
            next(iter(_waiting))._give_up()

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            del _waiting[self]

    def _give_up(self) -> None:
        self._wait_no_more()
        if self.transport.is_closing():
            return
        if self._is_idle or (not self._in_head and self.cycle.response_started):
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        # Who does not take what is left to be sent keeps nothing open either.
        self.loop.call_later(settings().head_seconds, self.transport.abort)


def _words(why: HTTPStatus, url: bytes) -> tuple[bytes, str]:
    """What is said, as whoever asks for this address reads it, and its content type."""
    if not url.startswith(b"/api/"):
        return _PAGE.format(title=why.phrase, said=_SAID[why]).encode(), "text/html; charset=utf-8"
    problem = {"type": "about:blank", "title": why.phrase, "status": why, "detail": _SAID[why]}
    return json.dumps(problem).encode(), "application/problem+json"
