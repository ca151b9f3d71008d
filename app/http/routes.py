"""Owns how a request finds its route among some three hundred."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from app.http.fields import check_fields


class QuickRoute(APIRoute):
    """A route whose pattern is tried only on paths that begin as it does, which few do."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._beginning = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is the route for a request, and what its path says."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if not path.startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)


def page_routes(prefix: str = "") -> APIRouter:
    """A router of pages, each of which asks of what it is sent what all of them do."""
    return APIRouter(
        prefix=prefix,
        route_class=QuickRoute,
        include_in_schema=False,
        dependencies=[Depends(check_fields)],
    )
