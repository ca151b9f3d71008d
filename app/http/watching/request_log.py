"""Owns what is kept of each request: an id, a line in the log, counts for /metrics.

Neither tokens nor cookies, bodies or query strings are ever kept: only the route's path template.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.infrastructure.clock import now

disable_created_metrics()  # type: ignore[no-untyped-call]
log = structlog.get_logger(__name__)
REGISTRY = CollectorRegistry()
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/static", "/healthz", "/readyz", "/metrics")
_STREAMS = "/events"
_requests = Counter(
    "chainrule_http_requests",
    "Answered requests.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
_seconds = Histogram(
    "chainrule_http_request_seconds",
    "Time to answer a request, event streams left out.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)


class Access:
    """ASGI middleware, the outermost. Routes leave words for it in `request.state`:

    `user_id` and `submission_id` for the log, `headers` for the answer, whatever it will be. It
    leaves them `began_at`, when the request's head was there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["headers"] = {"x-request-id": request_id}
        state["began_at"] = now()
        began, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in state["headers"].items():
                    headers[name] = value
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, watched)
            finally:
                _note(scope, status, time.perf_counter() - began)


def _note(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = _template(scope)
    _requests.labels(method, route, status).inc()
    if not route.endswith(_STREAMS):
        _seconds.labels(method, route).observe(seconds)
    words = {
        "user": scope["state"].get("user_id"),
        "submission": scope["state"].get("submission_id"),
    }
    (log.debug if route in _QUIET else log.info)(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        **{name: str(value) for name, value in words.items() if value is not None},
    )


def _template(scope: Scope) -> str:
    """The path as its route is written; "-" where no route matched, so that series stay few."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return str(getattr(scope.get("route"), "path", "-"))


def install_access(web: FastAPI) -> None:
    """Put it around everything that is installed before."""
    web.add_middleware(Access)
