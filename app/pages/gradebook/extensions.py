"""Owns the page of an assignment's extensions, and giving them there or beside a grade."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Problem, Stale, Unprocessable
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment
from app.pages.gradebook import grade
from app.rendering.templates import page
from app.teaching import extensions, sections
from app.teaching.extensions import Whom
from app.teaching.teams import looking
from app.timing import moments
from app.timing.windows import Extension

router = page_routes()
LIST = "/assignments/{assignment_id}/extensions"


def _typed(
    student: Annotated[str, Form()] = "",
    many: Annotated[str, Form()] = "",
    due_at: Annotated[str, Form()] = "",
    closes_at: Annotated[str, Form()] = "",
    attempts: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> dict[str, str]:
    return {
        "student": student,
        "many": many,
        "due_at": due_at,
        "closes_at": closes_at,
        "attempts": attempts,
        "reason": reason,
        "seen": seen,
    }


Typed = Annotated[dict[str, str], Depends(_typed)]


@router.get(LIST)
def show(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """Everybody who has an extension, and a form for one more."""
    return _page(request, session, person, assignment_id)


@router.post(LIST)
def give(
    request: Request, session: Db, person: SignedIn, assignment_id: int, typed: Typed
) -> Response:
    """Give one to a student, a section or a team that has none."""
    assignment = permissions.assignment(session, person, assignment_id, Right.GRADE)
    try:
        kind, _, number = typed["many"].partition("-")
        if number.isascii() and number.isdigit() and int(number) < 2**31:
            whom = Whom(**{"team_id" if kind == "team" else "section_id": int(number)})
        else:
            student = extensions.named(session, person, assignment_id, typed["student"])
            whom = Whom(student.id)
        wanted, seen = _wanted(typed, assignment.course.timezone), extensions.version(None)
        extensions.give(session, person, assignment_id, whom, wanted, typed["reason"], seen=seen)
    except (Stale, Unprocessable) as problem:
        session.rollback()
        return _page(request, session, person, assignment_id, problem, typed)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}/extensions", 303)


@router.post("/assignments/{assignment_id}/grades/{user_id}/extension")
def give_beside_the_grade(
    request: Request, session: Db, person: SignedIn, assignment_id: int, user_id: int, typed: Typed
) -> Response:
    """Give one, or another one than there was."""
    assignment = permissions.assignment(session, person, assignment_id, Right.GRADE)
    try:
        wanted = _wanted(typed, assignment.course.timezone)
        reason, seen = typed["reason"], typed["seen"]
        extensions.give(session, person, assignment_id, Whom(user_id), wanted, reason, seen=seen)
    except (Stale, Unprocessable) as problem:
        session.rollback()
        if isinstance(problem, Stale):
            del typed["seen"]
        return grade.shown(
            request,
            session,
            person,
            assignment_id,
            user_id,
            problem=problem,
            typed=typed,
            about_time=True,
        )
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}/grades/{user_id}#more", 303)


@router.post("/extensions/{extension_id}/take-back")
def take_back(
    session: Db,
    person: SignedIn,
    extension_id: int,
    beside: Annotated[str, Form()] = "",
    seen: Annotated[str | None, Form()] = None,
) -> Response:
    """Have the assignment's own rules hold again; back to where that was asked for."""
    gone = extensions.take_back(session, person, extension_id, seen=seen)
    session.commit()
    here = f"/assignments/{gone.assignment_id}"
    grade_page = f"{here}/grades/{gone.user_id}#more"
    is_beside = beside and gone.user_id is not None
    return RedirectResponse(grade_page if is_beside else f"{here}/extensions", 303)


def _wanted(typed: dict[str, str], zone: str) -> Extension:
    """What the form says; raises Unprocessable."""
    wrong: dict[str, str] = {}
    times = {}
    for name in ("due_at", "closes_at"):
        try:
            times[name] = moments.read(typed[name], zone, ends=True)
        except ValueError:
            wrong[name] = "Write the time like 2026-11-27T14:00, or a date alone."
    number = typed["attempts"].strip() or "0"
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        wrong["attempts"] = "Attempts are counted whole: write 1 or 2."
    if wrong:
        raise Unprocessable(" ".join(["Nothing was changed.", *wrong.values()]), errors=wrong)
    return Extension(**times, attempts=int(number))


def _page(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    found = extensions.of_assignment(session, person, assignment_id)
    assignment = permissions.assignment(session, person, assignment_id, Right.SEE_GRADEBOOK)
    course, rights = assignment.course, permissions.rights_in(session, person, assignment.course_id)
    return page(
        request,
        "gradebook/extensions.html",
        person,
        problem.status if problem else 200,
        assignment=assignment,
        course=course,
        rights=rights,
        extensions=found,
        version_of=extensions.version,
        **_many(session, person, assignment, rights),
        problem=problem,
        more=grade.extension_form(None, course.timezone, typed, problem.errors if problem else {}),
    )


def _many(
    session: Db, person: Actor, assignment: Assignment, rights: frozenset[Right]
) -> dict[str, object]:
    """The sections and teams that something may be given to."""
    if Right.SEE_CLASS not in rights:
        return {"sections": [], "teams": []}
    found = looking.of_assignment(session, person, assignment.id)
    teams = found.rows if assignment.team_size > 1 else []
    return {"sections": sections.of_course(session, assignment.course_id), "teams": teams}
