"""Owns what people without an account see: what this is, an example, a box to try a file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.errors import Problem, TooLarge, TooMany, Unprocessable
from app.grading import visitors
from app.http.declared import body
from app.http.dependencies import Db, Visitor, network
from app.http.routes import page_routes
from app.identity.authentication import Actor
from app.infrastructure import rate_limits
from app.models import Status, VisitorTrial
from app.pages.hand_in_form import HandInForm, opened
from app.rendering import report_view, source_view
from app.rendering.next_steps import next_steps
from app.rendering.templates import page
from app.settings import settings
from graders.exercises import EXERCISES

router = page_routes()
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "swapped.py"
"""The file of the example; the report on it lies beside it (`make example`)."""
_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}


def front(request: Request, problem: Problem | None = None, code: str = "") -> Response:
    """What this is, for somebody who is not signed in."""
    return page(
        request,
        "visitor/front.html",
        None,
        problem.status if problem else 200,
        problem=problem,
        code=code,
        may_try=settings().visitor_trials,
        limit_kb=visitors.BYTES // 1024,
        exercises=EXERCISES.values(),
        **_example(),
    )


def counted(request: Request) -> None:
    """Count a visitor's file before any of it is read; raises TooMany."""
    if settings().visitor_trials:
        rate = settings().visitor_limit
        rate_limits.take("visitor", rate, f"address:{network(request)}")
        rate_limits.take("visitor", rate, "all", times=10)


@router.post("/try", dependencies=[Depends(counted)])
@body("/try", visitors.too_large, page="/")
def try_file(
    request: Request, session: Db, form: Annotated[HandInForm, Depends(opened)]
) -> Response:
    """Take a visitor's file, and go to its page, which has an address that nobody can guess."""
    try:
        secret = visitors.accept(session, form.upload())
    except (TooLarge, TooMany, Unprocessable) as problem:
        session.rollback()
        return front(request, problem, form.text)
    session.commit()
    return RedirectResponse(f"/try/{secret}", 303)


@router.get("/try")
def show_again() -> Response:
    """What stands in the address bar after a refused file leads back to the box."""
    return RedirectResponse("/", 303)


@router.get("/try/{secret}")
def show(request: Request, session: Db, visitor: Visitor, secret: str) -> Response:
    """The result for whoever has the address; what changes on it is the panel."""
    return _shown(request, session, visitor, secret, "visitor/trial.html")


@router.get("/try/{secret}/panel")
def panel(request: Request, session: Db, visitor: Visitor, secret: str) -> Response:
    """The part of the page that changes, by itself."""
    return _shown(request, session, visitor, secret, "visitor/_result.html")


def _shown(
    request: Request, session: Session, visitor: Actor | None, secret: str, template: str
) -> Response:
    rate_limits.take("visitor page", settings().page_limit, network(request))
    trial = visitors.get(session, secret)
    made = page(request, template, visitor, secret=secret, **_seen(trial))
    made.headers.update(_PRIVATE)
    return made


def _seen(trial: VisitorTrial) -> dict[str, Any]:
    """What the templates show of a trial."""
    rows = report_view.of_report(trial.report)
    above, below = report_view.notes(trial)
    marks = report_view.marks(trial, rows)
    return {
        "trial": trial,
        "rows": rows,
        "next_steps": next_steps(rows),
        "notes_above": above,
        "notes_below": below,
        "words": report_view.WORDS,
        "source": source_view.listing(
            source_view.readable(trial.source), marks, report_view.named_lines(rows)
        ),
        "ends_at": trial.came_at and trial.came_at + visitors.KEPT,
    }


@lru_cache
def _example() -> dict[str, Any]:
    """A real report on a file of the documentation, shown as any other."""
    (report,) = json.loads(EXAMPLE.with_suffix(".json").read_text(encoding="utf-8"))
    file = {"filename": EXAMPLE.name, "source": EXAMPLE.read_bytes()}
    return _seen(VisitorTrial(status=Status.GRADED, report=report, **file))
