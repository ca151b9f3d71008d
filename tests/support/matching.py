"""Owns changing what was read: a request with the `ETag` that its address, or another, has now."""

from __future__ import annotations

import httpx


def put(client: httpx.Client, path: str, of: str | None = None, **change: object) -> httpx.Response:
    """PUT this change to `path`, for the version that is read there, or at `of`."""
    etag = client.get(of or path).headers.get("etag", "*")
    return client.put(path, json=change, headers={"If-Match": etag})
