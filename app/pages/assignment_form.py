"""Owns the form in which an instructor writes an assignment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.errors import Problem, Stale, Unprocessable
from app.grading import idempotency
from app.http.dependencies import Db, SignedIn
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, Course, Regrade
from app.pages.administration import visibility
from app.regrades import editing, making
from app.rendering import conflicts, formatting
from app.rendering.templates import page
from app.teaching import assignments
from app.teaching.assignments import Draft
from app.timing import moments
from graders.exercises import COURSE_TEXT, EXERCISES
from graders.model.exercise import DEFAULT_RUBRIC, FAMILIES

router = APIRouter()
_TIMES = ("opens_at", "due_at", "closes_at")
_COUNTED = ("max_attempts", "attempts_a_day", "pause_minutes", "grace_minutes", "late_days")
_TAKEN = ("late_amount", "late_cap")
_NEVER_NONE = ("pause_minutes", "grace_minutes", "late_amount", "late_days")
_CHOSEN = {"counts": "best", "trials": "free", "late_unit": "percent", "late_per": "day"}
_CHOSEN |= {"meanwhile": "part"}
_TICKED = ("published", "none_counts_once", "hints_in_steps")
_EMPTY = dict.fromkeys(("title", "statement", *_COUNTED, *_TAKEN, *_TIMES), "") | _CHOSEN
_EMPTY |= {f"rubric-{name}": "" for name in FAMILIES} | visibility.USUAL


async def _fields(request: Request) -> FormData:
    return await request.form()


Fields = Annotated[FormData, Depends(_fields)]


@router.get("/courses/{course_id}/assignments/new")
def ask_new(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """An empty form: the course text's exercises, 10 points each."""
    course = permissions.course(session, person, course_id, Right.MANAGE)
    return _form(request, session, person, course, None, _blank())


@router.post("/courses/{course_id}/assignments/new")
def make(
    request: Request, session: Db, person: SignedIn, course_id: int, fields: Fields
) -> Response:
    """Make an assignment."""
    course = permissions.course(session, person, course_id, Right.MANAGE)
    return _save(request, session, person, course, None, fields)


@router.get("/assignments/{assignment_id}/edit")
def ask(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The form of an assignment that exists."""
    assignment = permissions.assignment(session, person, assignment_id, Right.MANAGE)
    return _form(request, session, person, assignment.course, assignment, _typed(assignment))


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
    typed = _EMPTY | {name: value for name, value in fields.items() if isinstance(value, str)}
    try:
        draft = read(typed, course.timezone, assignment)
        saved = (
            editing.change(session, person, assignment.id, draft, seen=typed.get("seen", ""))
            if assignment
            else _made(session, person, course, draft, typed)
        )
    except (Stale, Unprocessable) as problem:
        session.rollback()
        session.expire_all()
        return _form(request, session, person, course, assignment, typed, problem)
    session.commit()
    where = "regrades" if isinstance(saved, Regrade) else "assignments"
    return RedirectResponse(f"/{where}/{saved.id}", 303)


def _made(
    session: Session, person: Actor, course: Course, draft: Draft, typed: Mapping[str, str]
) -> Assignment:
    """The new assignment, one however often the form is sent."""
    parts = [repr(pair).encode(errors="surrogatepass") for pair in sorted(typed.items())]
    return idempotency.once(
        session,
        person,
        idempotency.of_form(typed.get("key", "")),
        [b"assignment", str(course.id).encode(), *parts],
        lambda: assignments.save(session, person, course.id, draft),
    )[0]


def read(typed: Mapping[str, str], zone: str, before: Assignment | None = None) -> Draft:
    """The draft that the form's fields say; raises Unprocessable with the errors by field.

    A form shows less than there is (no parts of a second, two decimals). So a field of the
    assignment `before` that nobody touched keeps the value that it had.
    """
    form = _Form(typed, before)
    draft = Draft(
        title=typed.get("title", ""),
        points=form.points(),
        statement=form.statement(),
        **form.choices(),
        rubric=form.rubric(),
        shown=visibility.read(typed),
        **form.numbers(),
        **form.times(zone),
    )
    if wrong := draft.errors() | form.wrong:
        raise Unprocessable("Nothing was saved yet; see the notes below.", errors=wrong)
    return draft


class _Form:
    """What was typed, and the assignment that it was typed over; `wrong` has notes by field."""

    def __init__(self, typed: Mapping[str, str], before: Assignment | None) -> None:
        self.wrong: dict[str, str] = {}
        self._typed = typed
        self._before = before
        self._shown = _typed(before) if before else {}

    def times(self, zone: str) -> dict[str, Any]:
        return {name: self._time(name, zone) for name in _TIMES}

    def _time(self, name: str, zone: str) -> datetime | None:
        if before := self._kept(name):
            return cast(datetime | None, getattr(before, name))
        try:
            return moments.read(self._typed.get(name, ""), zone, ends=name != "opens_at")
        except ValueError:
            self.wrong[name] = "Write the time like 2026-11-27T14:00, or a date alone."
            return None

    def points(self) -> dict[str, float]:
        chosen = sorted(
            (slug for slug in EXERCISES if f"take-{slug}" in self._typed),
            key=lambda slug: self._number(f"place-{slug}", "place") or 0.0,
        )
        points = {slug: self._worth(slug) for slug in chosen}
        if None in points.values():
            said = "Give each exercise its points; 0 where it is worth nothing."
            self.wrong.setdefault("points", said)
        return {slug: worth or 0.0 for slug, worth in points.items()}

    def _worth(self, slug: str) -> float | None:
        before = self._kept(f"points-{slug}")
        return before.points[slug] if before else self._number(f"points-{slug}", "points")

    def rubric(self) -> dict[str, float] | None:
        if before := self._kept(*(f"rubric-{name}" for name in FAMILIES)):
            return before.rubric
        parts = {name: self._number(f"rubric-{name}", "rubric") or 0.0 for name in FAMILIES}
        return None if parts == dict(DEFAULT_RUBRIC) else parts

    def statement(self) -> str:
        """The text; browsers end its lines in their own way."""
        text = self._typed.get("statement", "").replace("\r\n", "\n")
        before = self._before.statement if self._before else ""
        return before if before.replace("\r\n", "\n") == text else text

    def choices(self) -> dict[str, Any]:
        chosen = {name: self._typed.get(name, usual) for name, usual in _CHOSEN.items()}
        return chosen | {name: name in self._typed for name in _TICKED}

    def numbers(self) -> dict[str, Any]:
        """How often, how long, how much: what is empty is none, or nothing."""
        found: dict[str, float | None] = {name: self._whole(name) for name in _COUNTED}
        for name in _TAKEN:
            before = self._kept(name)
            found[name] = getattr(before, name) if before else self._number(name, name)
        return found | {name: found[name] or 0 for name in _NEVER_NONE}

    def _whole(self, name: str) -> int | None:
        number = self._number(name, name)
        if number is not None and not number.is_integer():
            self.wrong[name] = (
                "Attempts and minutes are counted whole: write 2 or 3, not a number between."
            )
        return None if number is None else int(number)

    def _kept(self, *names: str) -> Assignment | None:
        """The assignment from before, where nobody touched these fields."""
        same = all(self._typed.get(name) == self._shown.get(name, "\0") for name in names)
        return self._before if same else None

    def _number(self, field: str, about: str) -> float | None:
        text = self._typed.get(field, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) < 1e6:
            self.wrong[about] = f"{text!r} is not a number that can be used here."
            return None
        return number


def _blank() -> dict[str, str]:
    typed = _EMPTY | {"published": "on"}
    for place, slug in enumerate(COURSE_TEXT, 1):
        typed |= {f"take-{slug}": "on", f"points-{slug}": "10", f"place-{slug}": str(place)}
    return typed | _rubric(DEFAULT_RUBRIC)


def _typed(assignment: Assignment) -> dict[str, str]:
    """An assignment as the fields of its form."""
    zone = assignment.course.timezone
    typed = {name: getattr(assignment, name) for name in ("title", "statement")}
    typed |= {name: getattr(assignment, name).value for name in _CHOSEN}
    typed |= {name: str(getattr(assignment, name) or "") for name in _COUNTED}
    taken = {name: getattr(assignment, name) for name in _TAKEN}
    typed |= {name: formatting.score(one) if one else "" for name, one in taken.items()}
    typed |= {name: "on" for name in _TICKED if getattr(assignment, name)}
    typed |= {name: formatting.input_value(getattr(assignment, name), zone) for name in _TIMES}
    for place, (slug, points) in enumerate(assignment.points.items(), 1):
        typed |= {
            f"take-{slug}": "on",
            f"points-{slug}": formatting.score(points),
            f"place-{slug}": str(place),
        }
    return typed | _rubric(assignment.rubric or DEFAULT_RUBRIC) | visibility.typed(assignment)


def _rubric(parts: Mapping[str, float]) -> dict[str, str]:
    return {f"rubric-{name}": formatting.score(parts.get(name, 0.0)) for name in FAMILIES}


def _form(
    request: Request,
    session: Db,
    person: Actor,
    course: Course,
    assignment: Assignment | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Response:
    is_stale = isinstance(problem, Stale)
    taken = list(assignment.points) if assignment else list(COURSE_TEXT)
    order = [*taken, *(slug for slug in EXERCISES if slug not in taken)]
    return page(
        request,
        "assignment_edit.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course.id),
        assignment=assignment,
        handed_in=making.number_of(session, assignment.id) if assignment else 0,
        exercises=[EXERCISES[slug] for slug in order],
        families=FAMILIES,
        typed=typed,
        errors=problem.errors if problem else {},
        seen=_seen(assignment, typed, problem),
        stale=problem if is_stale else None,
        differences=conflicts.between(typed, _typed(assignment)) if assignment and is_stale else [],
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
