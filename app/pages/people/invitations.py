"""Owns the page of invitations: links to set a password, to be handed to a course's people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Forbidden, NotFound, Problem
from app.http.dependencies import Db, SignedIn, unkept
from app.http.downloads import attachment
from app.http.routes import page_routes
from app.identity import candidates, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import written
from app.rendering.templates import page
from app.teaching import courses
from app.teaching.people import invitations

router = page_routes("/courses/{course_id}/people")
_TITLES = ("name", "email", "link", "expires (UTC)")


@router.get("/invitations")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """Who cannot sign in yet, and each link that the asker may hand on."""
    return _page(request, session, person, course_id)


@router.get("/invitations.csv")
def download(session: Db, person: SignedIn, course_id: int) -> Response:
    """The links that work as CSV, for letters."""
    found = invitations.of_course(session, person, course_id)
    code = permissions.course(session, person, course_id).code
    rows = [
        (one.user.name, one.user.email, one.address, one.link.expires_at)
        for one in found
        if one.link and one.address
    ]
    name = f"{''.join(filter(str.isalnum, code.encode('ascii', 'ignore').decode()))}-invitations"
    return unkept(attachment(written([_TITLES, *rows]), "text/csv; charset=utf-8", f"{name}.csv"))


@router.post("/invitations")
def give(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    email: Annotated[str, Form()] = "",
) -> Response:
    """Give a link to whoever has this address; without one, to all who have none and need one."""
    try:
        if email.strip():
            user_id = _in_course(session, person, course_id, email)
            invitations.give(session, person, course_id, user_id)
        else:
            user_id = None
            invitations.give_all(session, person, course_id)
    except (Conflict, Forbidden, NotFound) as problem:
        session.rollback()
        return _page(request, session, person, course_id, problem=problem, typed=email)
    session.commit()
    return _to(course_id, user_id)


@router.post("/{user_id}/invitation")
def give_one(session: Db, person: SignedIn, course_id: int, user_id: int) -> Response:
    """Give one person a link."""
    invitations.give(session, person, course_id, user_id)
    session.commit()
    return _to(course_id, user_id)


@router.post("/{user_id}/invitation/withdraw")
def withdraw(session: Db, person: SignedIn, course_id: int, user_id: int) -> Response:
    """Have a person's link work no more."""
    invitations.withdraw(session, person, course_id, user_id)
    session.commit()
    return _to(course_id, user_id)


def _in_course(session: Db, person: Actor, course_id: int, email: str) -> int:
    """Whoever in the course has this address; raises NotFound."""
    user = candidates.by_email(session, email)
    ids = {one.user_id for one in courses.roster(session, person, course_id)}
    if user is None or user.id not in ids:
        raise NotFound(f"Nobody in this course has the e-mail address {email.strip()[:254]}.")
    return user.id


def _to(course_id: int, user_id: int | None) -> Response:
    mark = f"#person-{user_id}" if user_id else ""
    return RedirectResponse(f"/courses/{course_id}/people/invitations{mark}", 303)


def _page(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    typed: str = "",
) -> Response:
    course = permissions.course(session, person, course_id, Right.MANAGE)
    made = page(
        request,
        "people/invitations.html",
        person,
        problem.status if problem else 200,
        course=course,
        rights=permissions.rights_in(session, person, course_id),
        found=invitations.of_course(session, person, course_id),
        roster=courses.roster(session, person, course_id),
        problem=problem,
        typed=typed,
    )
    return unkept(made)
