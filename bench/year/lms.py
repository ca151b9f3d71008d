"""Owns how an LMS calls: again, until it has an answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

_PAUSE_S = 0.2
_PATIENCE_S = 180.0
_AGAIN = (409, 429)


class Lms:
    """A caller of /api/v1, or of pages, which loses nothing when a part of the service is away.

    What creates has an `Idempotency-Key`, so a call whose answer was lost can be sent again.
    """

    def __init__(self, client: httpx.Client) -> None:
        self.tries_in_vain = 0
        self._client = client

    def get(self, path: str, **query: Any) -> Any:
        """What a read answers."""
        return self.call("GET", path, params=query).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Create or do something, once however often it is sent."""
        answer = self.call("POST", path, json=body)
        return answer.json() if answer.content else None

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Have something be so."""
        return self.call("PUT", path, json=body).json()

    def change(self, path: str, body: dict[str, Any]) -> Any:
        """PATCH what is there now; what was changed meanwhile is read and changed once more."""
        while True:
            tag = self.call("GET", path).headers["etag"]
            answer = self.call("PATCH", path, json=body, headers={"If-Match": tag}, also=(412,))
            if answer.status_code != 412:
                return answer.json()

    def all(self, path: str, **query: Any) -> Iterator[Any]:
        """Each item of a list, page by page along `Link`."""
        answer = self.call("GET", path, params={"per_page": 100, **query})
        yield from answer.json()
        while "next" in answer.links:
            answer = self.call("GET", answer.links["next"]["url"])
            yield from answer.json()

    def call(
        self, method: str, path: str, *, also: tuple[int, ...] = (), **request: Any
    ) -> httpx.Response:
        """One call, sent again while the service is away; raises on any other refusal."""
        if method == "POST":
            request.setdefault("headers", {})["Idempotency-Key"] = uuid.uuid4().hex
        until = time.monotonic() + _PATIENCE_S
        while True:
            answer = self._try(method, path, request)
            if answer is not None and answer.status_code in also:
                return answer
            if answer is not None and not _may_pass(answer):
                assert answer.is_success or answer.status_code == 304, (
                    f"{method} {path}: {answer.status_code} {answer.text[:500]}"
                )
                return answer
            assert time.monotonic() < until, f"{method} {path} had no answer"
            self.tries_in_vain += 1
            time.sleep(_PAUSE_S)

    def _try(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response | None:
        try:
            return self._client.request(method, path, **request)
        except httpx.TransportError:
            return None


def _may_pass(answer: httpx.Response) -> bool:
    return answer.status_code >= 500 or answer.status_code in _AGAIN
