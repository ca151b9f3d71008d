"""Owns the page of one student's grade in one assignment, and changing it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.gradebook import changes, standing
from app.gradebook.changes import ByHand
from app.gradebook.standing import Standing
from app.gradebook.table import neighbours
from app.gradebook.table.view import USUAL, View
from app.gradebook.talk import appeals, comments
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import GivenExtension
from app.pages.gradebook.looking import Looked, query
from app.rendering import formatting, visibility
from app.rendering.pictures.timeline import Mark, timeline
from app.rendering.templates import page
from app.teaching import extensions
from graders.exercises import EXERCISES

router = page_routes("/assignments/{assignment_id}/grades/{user_id}")
_EXERCISE = "exercise-"


async def _fields(request: Request) -> FormData:
    return await request.form()


Fields = Annotated[FormData, Depends(_fields)]
_MOST = 2**31 - 1
Number = Annotated[int, Query(ge=1, le=_MOST)]


@router.get("")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    user_id: int,
    looked: Looked,
    changed: Number | None = None,
) -> Response:
    """How a student stands; `changed` is the entry of a change that was just made."""
    return shown(request, session, person, assignment_id, user_id, changed=changed, looked=looked)


@router.post("")
def change(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    user_id: int,
    fields: Fields,
) -> Response:
    """Change the grade by hand."""
    typed = {name: value for name, value in fields.items() if isinstance(value, str)}
    try:
        entry = changes.change(
            session,
            person,
            assignment_id,
            user_id,
            _wanted(typed),
            typed.get("reason", ""),
            seen=typed.get("seen", ""),
        )
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return shown(request, session, person, assignment_id, user_id, problem=problem, typed=typed)
    session.commit()
    here = f"/assignments/{assignment_id}/grades/{user_id}"
    return RedirectResponse(f"{here}?changed={entry.id}", 303)


@router.post("/undo")
def undo(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    user_id: int,
    entry: Annotated[int, Form(le=_MOST)] = 0,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Have the grade as it was before a change."""
    try:
        made = changes.undo(session, person, assignment_id, user_id, entry, seen=seen)
    except Conflict as problem:
        session.rollback()
        return shown(request, session, person, assignment_id, user_id, problem=problem)
    session.commit()
    here = f"/assignments/{assignment_id}/grades/{user_id}"
    return RedirectResponse(f"{here}?changed={made.id}", 303)


def _wanted(typed: Mapping[str, str]) -> ByHand:
    """What the form says; raises Unprocessable."""
    wrong: dict[str, str] = {}
    score = _number(typed.get("score", ""), "score", wrong)
    found = {
        name.removeprefix(_EXERCISE): _number(text, name.removeprefix(_EXERCISE), wrong)
        for name, text in typed.items()
        if name.startswith(_EXERCISE)
    }
    if wrong:
        raise Unprocessable("Nothing was changed.", errors=wrong)
    exercises = {slug: points for slug, points in found.items() if points is not None}
    return ByHand(score, exercises, "excused" in typed, "on_time" in typed)


def points_typed(text: str, field: str) -> float | None:
    """The points that were typed, None for none; raises Unprocessable."""
    wrong: dict[str, str] = {}
    number = _number(text, field, wrong)
    if wrong:
        raise Unprocessable(f"Nothing was changed. {wrong[field]}", errors=wrong)
    return number


def _number(text: str, field: str, wrong: dict[str, str]) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e6:
        wrong[field] = f"{text[:40]!r} is not a number of points."
        return None
    return number


def _typed(found: Standing) -> dict[str, str]:
    """The grade as the fields of its form."""
    by_hand = found.by_hand.what
    typed = {"score": "" if by_hand.score is None else formatting.score(by_hand.score)}
    typed |= {_EXERCISE + slug: formatting.score(n) for slug, n in by_hand.exercises.items()}
    typed |= {name: "on" for name in ("excused", "on_time") if getattr(by_hand, name)}
    return typed | {"reason": ""}


def shown(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    user_id: int,
    *,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    about_time: bool = False,
    changed: int | None = None,
    looked: View = USUAL,
) -> Response:
    """The page, with a `problem` and what was `typed` where something could not be done.

    It was `about_time` where it was typed into the form of the extension.
    """
    found = standing.of(session, person, assignment_id, user_id)
    course = found.assignment.course
    rights = permissions.rights_in(session, person, course.id)
    is_staff = Right.SEE_GRADEBOOK in rights
    return page(
        request,
        "gradebook/grade.html",
        person,
        problem.status if problem else 200,
        **_told(found, person),
        course=course,
        rights=rights,
        beside=neighbours.of(session, person, course.id, user_id, looked) if is_staff else None,
        problem=problem,
        **_forms(found, typed or {}, problem, about_time=about_time),
        talk=comments.of_grade(session, assignment_id, user_id, found.sight),
        appeals=appeals.of_grade(session, assignment_id, user_id),
        just_now=changes.entry(session, assignment_id, user_id, changed or 0)
        if Right.GRADE in rights
        else None,
        tail=f"?{query(looked)}" if query(looked) else "",
    )


def _forms(
    found: Standing, typed: Mapping[str, str], problem: Problem | None, *, about_time: bool
) -> dict[str, object]:
    """What stands in the page's two forms, and what is wrong with the one that was sent."""
    errors = problem.errors if problem else {}
    zone = found.assignment.course.timezone
    if about_time:
        more = extension_form(found.given, zone, typed, errors)
        return {"errors": {}, "typed": _typed(found), "more": more}
    more = extension_form(found.given, zone, None, {})
    return {"errors": errors, "typed": _typed(found) | dict(typed), "more": more}


def extension_form(
    given: GivenExtension | None,
    zone: str,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> dict[str, object]:
    """The form of an extension: what was typed or is given, and what is wrong with it."""
    shown = (
        {
            "due_at": formatting.input_value(given.due_at, zone),
            "closes_at": formatting.input_value(given.closes_at, zone),
            "attempts": str(given.attempts or ""),
            "reason": given.reason,
        }
        if given
        else dict.fromkeys(("due_at", "closes_at", "attempts", "reason"), "")
    )
    return {
        "typed": {"student": "", "many": ""} | shown | dict(typed or {}),
        "errors": errors,
        "is_open": typed is not None,
        "seen": (typed or {}).get("seen", extensions.version(given)),
    }


def _told(found: Standing, person: Actor) -> dict[str, object]:
    """What the page tells of a student's standing, whoever looks."""
    return {
        "to_come": visibility.to_come(
            found.assignment,
            found.students_sight,
            found.terms.window,
            now(),
            "your" if found.student.id == person.user.id else "their",
        ),
        "standing": found,
        "assignment": found.assignment,
        "owner": found.student,
        "by_hand": found.by_hand.what,
        "exercises": [
            (slug, EXERCISES[slug].title if slug in EXERCISES else slug, points)
            for slug, points in found.assignment.points.items()
        ],
        "titles": {slug: one.title for slug, one in EXERCISES.items()},
        "picture": _picture(found),
    }


def _picture(found: Standing) -> object:
    most = found.assignment.max_score or 1.0
    marks = [
        Mark(
            one.submitted_at,
            None if one.score is None else one.score / (one.max_score or most),
            counts=found.counting is not None and one.id == found.counting.id,
        )
        for one in found.attempts
    ]
    said = formatting.count(len(marks), "attempt") + "; the list below has each with its score."
    return timeline(marks, found.assignment.due_at, "Scores of the attempts over time", said)
