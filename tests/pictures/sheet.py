"""A page with feedback on it, as the submission's page shows it, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from app import pictures
from app.pages import render

_STATIC = Path(__file__).parents[2] / "app" / "static"
_SHEETS = ("tokens", "type", "layout", "forms", "tables", "verdicts", "feedback")
_ENVIRONMENT = Environment(
    loader=PackageLoader("app"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(inline=render.inline, score=str)
_ENVIRONMENT.globals.update(pictures=pictures)
_FEEDBACK = """\
{% import "feedback/exercise.html" as feedback -%}
{{ feedback.evidence(report) }}{{ feedback.details(report) }}"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Feedback</title>
<style>{{ css }}</style></head>
<body><main class="page"><h1>Feedback</h1><h2>Exercises</h2>
{% for title, body in parts.items() %}
<article class="verdict verdict-wrong"><h3>{{ title }}</h3>
<div class="verdict-body">{{ body }}</div></article>
{% endfor %}
</main><script>{{ script }}</script></body></html>"""


def feedback(report: Mapping[str, Any]) -> str:
    """The HTML of one exercise's feedback."""
    return _ENVIRONMENT.from_string(_FEEDBACK).render(report=report)


def page(reports: Iterable[Mapping[str, Any]]) -> str:
    """A whole page of them."""
    from markupsafe import Markup

    css = "\n".join((_STATIC / f"{name}.css").read_text() for name in _SHEETS)
    script = (_STATIC / "copy.js").read_text()
    return _ENVIRONMENT.from_string(_PAGE).render(
        css=Markup(css),
        script=Markup(script),
        parts={report["title"]: Markup(feedback(report)) for report in reports},
    )
