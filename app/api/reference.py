"""Owns the API's own description: OpenAPI at /api/openapi.json, and a page of it at /api/docs."""

from __future__ import annotations

import json
import shlex
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, Template

from app.api.description import examples, links
from app.identity.authentication import SCOPES
from app.settings import settings

ABOUT = """\
Hand in files, read scores, and keep a gradebook elsewhere up to date.

Every request carries a token: `Authorization: Bearer cr_pat_...`. A token reaches as far as its
scopes, its course where it names one, and its holder's role in the course. What is not there and
what is not for the caller to know of look alike: 404.

Errors are `application/problem+json` (RFC 9457). Lists come in pages: follow `Link: <...>;
rel="next"`. Reads carry an `ETag`; send it back in `If-None-Match` and get 304 where nothing
changed, and in `If-Match` with each PUT and PATCH (428 without, 412 where it has changed since).
Whatever changes something takes an `Idempotency-Key`, and is done once. `RateLimit` says how many
requests are left, `Retry-After` how long to wait.
"""
_TAGS = [
    {"name": "people", "description": "Who one is, tokens, a course's people and how they get in."},
    {"name": "courses", "description": "Courses, assignments, gradebooks."},
    {"name": "submissions", "description": "Handing in, and what came of it."},
    {"name": "webhooks", "description": "Being told of what happens, rather than asking."},
    {"name": "grades", "description": "Grades, changing them by hand, the log of changes."},
]
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What happened, whether anything was lost, what to do.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "By field, where fields are the matter.",
        },
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "Not possible as things stand",
            "status": 409,
            "detail": "This assignment is closed, so the file was not taken. "
            "If you need more time, ask your instructor.",
            "instance": "/api/v1/assignments/1/submissions",
        }
    ],
}
router = APIRouter(include_in_schema=False)


def describe(web: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the routes under /api/v1."""
    schema = get_openapi(
        title="Chainrule",
        version="1",
        description=ABOUT,
        routes=web.routes,
        tags=_TAGS,
        servers=[{"url": settings().base_url}],
    )
    parts = schema["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["schemas"]["Problem"] = _PROBLEM
    scopes = "\n".join(f"- `{scope}`: {meaning}" for scope, meaning in SCOPES.items())
    parts["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": f"`chainrule token` makes one. Scopes:\n{scopes}",
        }
    }
    schema["security"] = [{"bearer": []}]
    examples.put_into(schema)
    links.put_into(schema)
    return schema


@router.get("/api/openapi.json")
def show_description(request: Request) -> JSONResponse:
    """The document. No coroutine: to make it takes a second, in which others are to be served."""
    return JSONResponse(request.app.openapi())


@router.get("/api/docs")
def show_reference(request: Request) -> HTMLResponse:
    """The document, for people: plain HTML, which needs no script and prints well."""
    schema = request.app.openapi()
    return HTMLResponse(
        _page().render(schema=schema, operations=_operations(schema), scopes=SCOPES)
    )


@lru_cache
def _page() -> Template:
    environment = Environment(loader=PackageLoader("app"), autoescape=True, trim_blocks=True)
    environment.filters["words"] = _words
    return environment.get_template("reference.html")


def _words(text: str) -> list[tuple[bool, str]]:
    """Pieces of a sentence, and whether each is `code`."""
    return [(place % 2 == 1, piece) for place, piece in enumerate(text.split("`"))]


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """All operations in order, each with its path, method, and curl command."""
    return [
        {
            **operation,
            "path": path,
            "method": method.upper(),
            "fields": _fields(schema, operation),
            "curl": _curl(schema["servers"][0]["url"], method, path, operation),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Parameters and form fields alike: name, where, required, description."""
    found = [
        {
            "name": given["name"],
            "where": given["in"],
            "required": given["required"],
            "description": given.get("description", ""),
        }
        for given in operation.get("parameters", [])
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        form = schema["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
        found += [
            {
                "name": name,
                "where": "form",
                "required": name in form.get("required", ()),
                "description": field.get("description", ""),
            }
            for name, field in form["properties"].items()
        ]
    return found


def _curl(server: str, method: str, path: str, operation: dict[str, Any]) -> str:
    """A command that asks for it, with the example as its body."""
    body = operation.get("requestBody", {}).get("content", {})
    options = "" if method == "get" or (body and method == "post") else f" -X {method.upper()}"
    if any(given["name"] == "if-match" for given in operation.get("parameters", [])):
        options += ' -H "If-Match: $ETAG"'
    if "application/json" in body:
        example = json.dumps(body["application/json"]["example"], ensure_ascii=False)
        options += f" --json {shlex.quote(example)}"
    elif body:
        options += " -F file=@backprop.py"
    options += " -N" if path.endswith("/events") else ""
    return f'curl{options} -H "Authorization: Bearer $TOKEN" \\\n  {server}{path}'


def install_reference(web: FastAPI) -> None:
    """Serve the description, made once when it is first asked for."""

    @lru_cache
    def openapi() -> dict[str, Any]:
        return describe(web)

    web.openapi = openapi  # type: ignore[method-assign]
    web.router.routes += router.routes
