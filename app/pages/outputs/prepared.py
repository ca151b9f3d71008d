"""Owns the forms and files of exports that are made in the background."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.exports.prepared import asking
from app.exports.prepared.wanted import Wanted, What
from app.http.dependencies import Db, SignedIn
from app.http.downloads import prepared
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import Habit
from app.rendering.templates import page
from app.teaching import assignments

router = page_routes()


@router.post("/courses/{course_id}/exports")
def ask(
    session: Db,
    person: SignedIn,
    course_id: int,
    what: Annotated[str, Form()] = "",
    assignment: Annotated[str, Form()] = "",
    counting: Annotated[str, Form()] = "",
    habit: Annotated[str, Form()] = Habit.POINT.value,
) -> Response:
    """Have one made; its page of exports says how far it is."""
    permissions.course(session, person, course_id, Right.SEE_CLASS)
    if what not in list(What) or habit not in list(Habit):
        raise Unprocessable(
            "Nothing was begun: choose hand-ins or grades on the page of exports.",
            errors={"what": f"is one of: {', '.join(What)}"},
        )
    of_one = int(assignment) if assignment.isdecimal() and len(assignment) < 10 else None
    wanted = Wanted(What(what), of_one, counting == "true", Habit(habit))
    asking.ask(session, person, course_id, wanted)
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/exports#prepared", 303)


def shown(session: Session, person: Actor, course_id: int) -> dict[str, Any]:
    """What the list of one's own exports says. Raises NotFound, Forbidden."""
    course = permissions.course(session, person, course_id, Right.SEE_CLASS)
    return {
        "course": course,
        "exports": asking.of_course(session, person, course_id),
        "kept": asking.KEPT,
        "titles": {one.id: one.title for one in assignments.all_of(session, course_id)},
    }


@router.get("/courses/{course_id}/exports/panel")
def panel(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """How far each is, by itself."""
    return page(request, "outputs/_prepared.html", person, **shown(session, person, course_id))


@router.get("/exports/{export_id}")
def fetch(session: Db, person: SignedIn, export_id: uuid.UUID) -> Response:
    """The file, once it is made."""
    return prepared(*asking.fetch(session, person, export_id))


@router.post("/exports/{export_id}/delete")
def remove(session: Db, person: SignedIn, export_id: uuid.UUID) -> Response:
    """Delete one, made or not."""
    removed = asking.remove(session, person, export_id)
    session.commit()
    return RedirectResponse(f"/courses/{removed.course_id}/exports#prepared", 303)
