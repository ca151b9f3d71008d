"""Owns templates: how a page is rendered, and what every template may use."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app import versions
from app.errors import Problem
from app.identity.authentication import Actor
from app.infrastructure import clock
from app.rendering import formatting, markdown, pictures, rules, visibility
from app.rendering.to_do import to_do
from app.settings import settings
from graders.model.exercise import DEFAULT_RUBRIC, worth_of_none

_STATIC = Path(__file__).parent.parent / "static"
_CODE = re.compile(r"`([^`]+)`")
_MINUS = re.compile(r"(?<![\w.\-])-(?=\d)")


def static(name: str) -> str:
    """The address of a file in app/static, which changes when its content does."""
    return f"/static/{name}?v={_fingerprint(name)}"


@lru_cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def inline(text: str) -> Markup:
    """A sentence with `code` in it, and real minus signs before the numbers outside of that.

    Nothing else is markup: students' words may stand in it.
    """
    parts = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if odd % 2 else _MINUS.sub("−", part)
        for odd, part in enumerate(parts)
    )


@lru_cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("app"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        score=formatting.score,
        points=formatting.points,
        thousands=formatting.thousands,
        markdown=markdown.html,
        inline=inline,
        span=formatting.span,
        megabytes=formatting.megabytes,
    )
    environment.globals.update(
        static=static,
        count=formatting.count,
        brief=formatting.brief,
        exact=formatting.exact,
        distance=formatting.distance,
        moment_of=datetime.fromisoformat,
        now=clock.now,
        sends_mail=lambda: settings().sends_mail,
        fresh_key=lambda: uuid.uuid4().hex,
        version=versions.of,
        pictures=pictures,
        in_words=rules,
        shown_words=visibility,
        visitors_try=lambda: settings().visitor_trials,
        to_do=to_do,
        worth_of_none=lambda rubric: worth_of_none(rubric or DEFAULT_RUBRIC),
    )
    return environment


def page(
    request: Request, template: str, actor: Actor | None, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page for `actor`, who is None where nobody is signed in.

    A `problem` in the context that passes by itself says in a header when to come back.
    """
    html = _templates().get_template(template).render(request=request, actor=actor, **context)
    response = HTMLResponse(html, status)
    if context.get("secret"):
        response.headers["cache-control"] = "no-store"  # what is shown only once is kept nowhere
    problem = context.get("problem")
    if isinstance(problem, Problem):
        response.headers.update(problem.headers)
    return response


def error_page(request: Request, problem: Problem, back: str | None) -> HTMLResponse:
    """What happened, whether anything was lost, what to do; `back` is the page with the form."""
    return page(
        request,
        "error.html",
        getattr(request.state, "visitor", None),
        problem.status,
        problem=problem,
        back=back,
    )
