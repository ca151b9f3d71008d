"""Owns the pages of an assignment's teams: one's own, and for staff all of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, NotFound, Problem, Unprocessable
from app.http.declared import body, body_limit
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.rendering.templates import page
from app.teaching.people import roster_files
from app.teaching.teams import joining, looking, placing
from app.teaching.teams.placing import Placed

router = page_routes("/assignments/{assignment_id}")
Typed = Annotated[str, Form()]
Number = Annotated[int | None, Form(ge=1, le=2**31 - 1)]


def _too_large() -> str:
    return f"The file is larger than {body_limit() // 1024} kB, so nobody was put into a team."


@router.get("/team")
def show_own(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """One's own team, whom it asks, and which teams ask."""
    return _own(request, session, person, assignment_id)


@router.post("/team")
def change_own(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    who: Typed = "",
    accept: Number = None,
    decline: Number = None,
    take_back: Number = None,
    leave: Typed = "",
) -> Response:
    """Do what was pressed: join, decline, take an invitation back, leave, or ask somebody."""
    try:
        if accept is not None:
            joining.accept(session, person, assignment_id, accept)
        elif decline is not None:
            joining.decline(session, person, assignment_id, decline)
        elif take_back is not None:
            joining.take_back(session, person, assignment_id, take_back)
        elif leave:
            joining.leave(session, person, assignment_id)
        else:
            joining.invite(session, person, assignment_id, who)
    except (Conflict, NotFound, Unprocessable) as problem:
        session.rollback()
        return _own(request, session, person, assignment_id, problem, who)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}/team", 303)


@router.get("/teams")
def show_all(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """All teams, and the students who are in none."""
    return _all(request, session, person, assignment_id)


@router.post("/teams")
def put(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    student: Typed = "",
    user: Number = None,
    team: Typed = "",
    seen: Annotated[str | None, Form()] = None,
) -> Response:
    """Have a student, known by number or as typed, be in a team, or in none."""
    try:
        number = user or placing.named(session, person, assignment_id, student).id
        placing.put(session, person, assignment_id, number, team, seen=seen)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"student": student, "team": team}
        return _all(request, session, person, assignment_id, problem=problem, typed=typed)
    session.commit()
    return RedirectResponse(f"/assignments/{assignment_id}/teams", 303)


@router.get("/teams/import")
def show_again(assignment_id: int) -> Response:
    """What stands in the address bar after a file leads back to the page."""
    return RedirectResponse(f"/assignments/{assignment_id}/teams", 303)


@router.post("/teams/import")
@body(
    "/assignments/{assignment_id}/teams/import",
    _too_large,
    page="/assignments/{assignment_id}/teams",
)
def put_file(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    text: Typed = "",
    file: Annotated[UploadFile | None, File()] = None,
    confirmed: Annotated[bool, Form()] = False,
    seen: Annotated[str | None, Form()] = None,
) -> Response:
    """Show what a file would do; do it once it is confirmed, as far as it is right."""
    try:
        if file is not None and file.filename:
            text, _ = roster_files.decoded(file.file.read())
        found = placing.put_file(session, person, assignment_id, text, seen=seen)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"text": text}
        return _all(request, session, person, assignment_id, problem=problem, typed=typed)
    if confirmed and found.moves:
        session.commit()
        return RedirectResponse(f"/assignments/{assignment_id}/teams", 303)
    session.rollback()
    return _all(request, session, person, assignment_id, preview=found, typed={"text": text})


def _own(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    problem: Problem | None = None,
    who: str = "",
) -> Response:
    own = looking.own(session, person, assignment_id)
    course = own.assignment.course
    return page(
        request,
        "teams/own.html",
        person,
        problem.status if problem else 200,
        assignment=own.assignment,
        course=course,
        rights=permissions.rights_in(session, person, course.id),
        own=own,
        problem=problem,
        who=who,
    )


def _all(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    *,
    problem: Problem | None = None,
    preview: Placed | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    found = looking.of_assignment(session, person, assignment_id)
    course = found.assignment.course
    rights = permissions.rights_in(session, person, course.id)
    refused = preview is not None and preview.errors and not preview.moves
    return page(
        request,
        "teams/all.html",
        person,
        problem.status if problem else 422 if refused else 200,
        assignment=found.assignment,
        course=course,
        rights=rights,
        may_put=Right.GRADE in rights and Right.SEE_CLASS in rights,
        teams=found,
        version_of=looking.version,
        problem=problem,
        preview=preview,
        typed={"student": "", "team": "", "text": ""} | (typed or {}),
    )
