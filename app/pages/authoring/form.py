"""Owns the form in which an instructor writes an assignment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.errors import Problem, Stale, Unprocessable
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.idempotency import forms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Course, Regrade
from app.pages.authoring import fields as form_fields
from app.pages.authoring import typical
from app.regrades import editing, making
from app.rendering import conflicts
from app.rendering.templates import page
from app.teaching import assignments, patterns
from app.teaching.drafts import Draft
from app.teaching.patterns import PATTERNS
from graders.exercises import EXERCISES
from graders.model.exercise import DEFAULT_RUBRIC, FAMILIES

router = page_routes()


async def _fields(request: Request) -> FormData:
    return await request.form()


Fields = Annotated[FormData, Depends(_fields)]


@router.get("/courses/{course_id}/assignments/new")
def ask_new(
    request: Request, session: Db, person: SignedIn, course_id: int, begin: str = ""
) -> Response:
    """The form of a new assignment, filled in from the pattern that is named, or the usual one."""
    course = permissions.course(session, person, course_id, Right.MANAGE)
    begun = _begun(course, begin)
    return _form(request, session, person, course, begun, form_fields.typed_of(begun))


def _begun(course: Course, begin: str) -> Assignment:
    """A new assignment as a pattern has it."""
    draft = PATTERNS[begin].draft if begin in PATTERNS else patterns.plain
    return assignments.unsaved(course, draft(now(), course.timezone))


@router.post("/courses/{course_id}/assignments/new")
def make(
    request: Request, session: Db, person: SignedIn, course_id: int, fields: Fields
) -> Response:
    """Make an assignment."""
    course = permissions.course(session, person, course_id, Right.MANAGE)
    return _save(request, session, person, course, None, fields)


@router.post("/assignments/{assignment_id}/publish")
def publish(session: Db, person: SignedIn, assignment_id: int) -> Response:
    """Have students see it."""
    assignments.publish(session, person, assignment_id)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}", 303)


@router.get("/assignments/{assignment_id}/edit")
def ask(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The form of an assignment that exists."""
    assignment = permissions.assignment(session, person, assignment_id, Right.MANAGE)
    typed = form_fields.typed_of(assignment)
    return _form(request, session, person, assignment.course, assignment, typed)


@router.post("/assignments/{assignment_id}/edit")
def change(
    request: Request, session: Db, person: SignedIn, assignment_id: int, fields: Fields
) -> Response:
    """Change an assignment."""
    assignment = permissions.assignment(session, person, assignment_id, Right.MANAGE)
    return _save(request, session, person, assignment.course, assignment, fields)


def _save(
    request: Request,
    session: Db,
    person: Actor,
    course: Course,
    assignment: Assignment | None,
    fields: FormData,
) -> Response:
    typed = form_fields.EMPTY | {
        name: value for name, value in fields.items() if isinstance(value, str)
    }
    if "look" in typed:
        shown = assignment or _begun(course, "")
        return _form(request, session, person, course, shown, typed)
    try:
        draft = form_fields.read(typed, course.timezone, assignment)
        saved = (
            editing.change(session, person, assignment.id, draft, seen=typed.get("seen", ""))
            if assignment
            else _made(session, person, course, draft, typed)
        )
    except (Stale, Unprocessable) as problem:
        session.rollback()
        session.expire_all()
        shown = assignment or _begun(course, "")
        return _form(request, session, person, course, shown, typed, problem)
    session.commit()
    where = "regrades" if isinstance(saved, Regrade) else "assignments"
    return RedirectResponse(f"/{where}/{saved.id}", 303)


def _made(
    session: Session, person: Actor, course: Course, draft: Draft, typed: Mapping[str, str]
) -> Assignment:
    """The new assignment, one however often the form is sent."""
    parts = [repr(pair).encode(errors="surrogatepass") for pair in sorted(typed.items())]
    return forms.once(
        session,
        person,
        typed.get("key", ""),
        [b"assignment", str(course.id).encode(), *parts],
        lambda: assignments.save(session, person, course.id, draft),
    )


def _form(
    request: Request,
    session: Db,
    person: Actor,
    course: Course,
    shown: Assignment,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Response:
    """The form as it was typed; `shown` is what is saved, or what a new one begins with."""
    saved = shown if shown.id is not None else None
    is_stale = isinstance(problem, Stale)
    chosen, others = form_fields.in_order(typed)
    return page(
        request,
        "authoring/form.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course.id),
        assignment=saved,
        shown=shown,
        handed_in=making.number_of(session, saved.id) if saved else 0,
        chosen=[EXERCISES[slug] for slug in chosen],
        others=[EXERCISES[slug] for slug in others],
        families=FAMILIES,
        patterns=PATTERNS,
        typical=typical.of(form_fields.parts_of(typed) or DEFAULT_RUBRIC),
        looks="look" in typed,
        typed=typed,
        errors=problem.errors if problem else {},
        seen=_seen(saved, typed, problem),
        stale=problem if is_stale else None,
        differences=conflicts.between(typed, form_fields.typed_of(shown)) if is_stale else [],
    )


def _seen(
    assignment: Assignment | None, typed: Mapping[str, str], problem: Problem | None
) -> str | None:
    """The version that the form is about: the one of now, unless another one's errors are shown."""
    if assignment is None:
        return None
    if problem is not None and not isinstance(problem, Stale):
        return typed.get("seen", "")
    return assignments.version(assignment)
