"""Owns the form of a course's groups of assignments: weights, and how many lowest are dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app.errors import Problem, Stale, Unprocessable
from app.gradebook import groups
from app.gradebook.groups import Draft
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment
from app.rendering import formatting
from app.rendering.templates import page
from app.teaching import assignments

router = page_routes("/courses/{course_id}/groups")
_EMPTY_ROWS = 2


async def _fields(request: Request) -> FormData:
    return await request.form()


Fields = Annotated[FormData, Depends(_fields)]


@router.get("")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """The groups as they are."""
    return _page(request, session, person, course_id)


@router.post("")
def save(
    request: Request, session: Db, person: SignedIn, course_id: int, fields: Fields
) -> Response:
    """Have the groups as the form says."""
    permissions.course(session, person, course_id, Right.MANAGE)
    typed = {name: value for name, value in fields.items() if isinstance(value, str)}
    there = assignments.all_of(session, course_id)
    try:
        wanted = _read(typed, there)
        groups.save(session, person, course_id, wanted, seen=typed.get("seen", ""))
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem, typed=typed)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/groups", 303)


def _read(typed: Mapping[str, str], there: Sequence[Assignment]) -> list[Draft]:
    """The groups that have a title; raises Unprocessable."""
    found = []
    for place in range(groups.MOST + _EMPTY_ROWS):
        title = typed.get(f"title-{place}", "").strip()
        inside = tuple(one.id for one in there if typed.get(f"group-{one.id}") == str(place))
        if title:
            weight = _number(typed.get(f"weight-{place}", "") or "1", f"The weight of {title}")
            dropped = _number(typed.get(f"dropped-{place}", "") or "0", f"What {title} drops")
            found.append(Draft(title, weight, int(dropped), inside))
        elif inside:
            raise Unprocessable("Nothing was saved. A group with assignments in it has no title.")
    return found


def _number(text: str, what: str) -> float:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e6:
        raise Unprocessable(f"Nothing was saved. {what} is no number that can be used.")
    return number


def _typed(found: Sequence[Draft]) -> dict[str, str]:
    """The groups as the fields of the form."""
    typed = {}
    for place, draft in enumerate(found):
        typed[f"title-{place}"] = draft.title
        typed[f"weight-{place}"] = formatting.score(draft.weight)
        typed[f"dropped-{place}"] = str(draft.dropped)
        typed |= {f"group-{number}": str(place) for number in draft.assignments}
    return typed


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    course = permissions.course(session, person, course_id, Right.MANAGE)
    saved = groups.drafts(session, course_id)
    typed = typed or _typed(saved)
    named = [name for name in typed if name.startswith("title-") and typed[name]]
    rows = max((int(name.removeprefix("title-")) + 1 for name in named), default=0)
    return page(
        request,
        "gradebook/groups.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course_id),
        assignments=assignments.all_of(session, course_id),
        rows=min(rows + _EMPTY_ROWS, groups.MOST + _EMPTY_ROWS),
        typed=typed,
        seen=groups.version(session, course_id),
        saved=saved,
        problem=problem,
    )
