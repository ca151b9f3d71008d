"""Owns the page that says how well the graders are proven."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import site_permissions
from app.rendering.templates import page
from graders.mutation.table import load

router = page_routes()


@router.get("/graders")
def show(request: Request, session: Db, person: SignedIn) -> Response:
    """What became of wrong files, exercise by exercise; for those who teach."""
    site_permissions.require_instructor(session, person)
    return page(request, "graders.html", person, table=load())
