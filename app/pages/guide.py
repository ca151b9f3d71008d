"""Owns the students' guide as a page, which every assignment leads to."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

from app.http.dependencies import Visitor
from app.http.routes import page_routes
from app.rendering.templates import page

router = page_routes()
_GUIDE = Path(__file__).resolve().parents[2] / "docs" / "students.md"


@router.get("/guide")
def show(request: Request, visitor: Visitor) -> Response:
    """How to hand in, what a file may look like and how it is graded; for everybody."""
    return page(request, "guide.html", visitor, guide=_text())


@lru_cache
def _text() -> str:
    """The guide without its title, which is the page's."""
    return _GUIDE.read_text(encoding="utf-8").partition("\n")[2]
