"""A page with feedback on it, as the submission's page shows it, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.rendering import pictures, templates

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

ADDRESS = "http://localhost:8000/"
_STATIC = Path(__file__).parents[2] / "app" / "static"
_SHEETS = (
    "tokens",
    "type",
    "layout",
    "forms",
    "tables",
    "verdicts",
    "feedback",
    "truth",
    "pictures",
)
_ENVIRONMENT = Environment(
    loader=PackageLoader("app"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(inline=templates.inline, score=str)
_ENVIRONMENT.globals.update(pictures=pictures)
_FEEDBACK = """\
{% import "feedback/exercise.html" as feedback -%}
{{ feedback.exhibit(report) }}{{ feedback.further(report) }}{{ feedback.details(report) }}"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Feedback</title>
{% for sheet in sheets %}<link rel="stylesheet" href="/static/{{ sheet }}.css">{% endfor %}
<script src="/static/copy.js" defer></script></head>
<body><main class="page"><h1>Feedback</h1><h2>Exercises</h2>
{% for title, body in parts.items() %}
<article class="verdict verdict-wrong"><h3>{{ title }}</h3>
<div class="verdict-body">{{ body }}</div></article>
{% endfor %}
</main></body></html>"""


def feedback(report: Mapping[str, Any]) -> str:
    """The HTML of one exercise's feedback."""
    return _ENVIRONMENT.from_string(_FEEDBACK).render(report=report)


def page(reports: Iterable[Mapping[str, Any]]) -> str:
    """A whole page of them."""
    parts = {report["title"]: Markup(feedback(report)) for report in reports}
    return _ENVIRONMENT.from_string(_PAGE).render(sheets=_SHEETS, parts=parts)


def show(context: BrowserContext, reports: Iterable[Mapping[str, Any]]) -> None:
    """Let a browser's pages find the page at ADDRESS, with the policy of the service."""
    html = page(reports)

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            policy = {"content-security-policy": "default-src 'self'"}
            route.fulfill(body=html, content_type="text/html", headers=policy)
        else:
            route.fulfill(path=_STATIC / path.removeprefix("/static/"))

    context.route(f"{ADDRESS}**", answer)
