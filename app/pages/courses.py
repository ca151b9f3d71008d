"""Owns the front page, with one's courses, and a course's own page."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Problem
from app.gradebook import book as books
from app.gradebook import findings, shown
from app.gradebook.talk import appeals
from app.grading.rules import terms
from app.http import dependencies
from app.http.dependencies import Db, SignedIn, Visitor
from app.http.routes import page_routes
from app.identity import permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Course
from app.pages import visitors
from app.pages.gradebook.looking import query
from app.rendering.templates import page
from app.teaching import assignments, catalogue, courses
from app.teaching.teams import looking
from app.webhooks import deliveries
from graders.exercises import EXERCISES

router = page_routes()
MOST_SHOWN = 100


@router.get("/")
def front(request: Request, session: Db, visitor: Visitor, search: str = "") -> Response:
    """One's courses, each with its assignments and what one has so far; else what this is.

    A site administrator also finds all other courses, by `search`.
    """
    if visitor is None:
        return visitors.front(request)
    person = dependencies.person(visitor)
    mine = [
        _overview(session, person, course) | {"role": role}
        for course, role in catalogue.own(session, person)
    ]
    others = catalogue.others(session, person, search, MOST_SHOWN + 1)
    return page(
        request,
        "courses.html",
        person,
        courses=mine,
        archived=catalogue.archived(session, person),
        left=[_handed_in(session, person, course) for course in courses.left(session, person)],
        others=others[:MOST_SHOWN],
        more=len(others) > MOST_SHOWN,
        search=search,
    )


@router.get("/courses/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form for a course; for site administrators."""
    site_permissions.require_admin(person)
    return _form(request, person, {"code": "", "title": "", "term": "", "timezone": "UTC"}, None)


@router.post("/courses/new")
def make(
    request: Request,
    session: Db,
    person: SignedIn,
    code: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    term: Annotated[str, Form()] = "",
    timezone: Annotated[str, Form()] = "UTC",
) -> Response:
    """Make a course and go on to its people."""
    site_permissions.require_admin(person)
    try:
        course = courses.add(session, code, title, timezone, person, term=term)
    except Problem as problem:
        typed = {"code": code, "title": title, "term": term, "timezone": timezone}
        return _form(request, person, typed, problem)
    session.commit()
    return RedirectResponse(f"/courses/{course.id}/people", 303)


@router.get("/courses/{course_id}")
def show(request: Request, session: Db, person: SignedIn, course_id: int) -> Response:
    """A course: for staff its state, for students the assignments with their own scores."""
    course = permissions.course(session, person, course_id)
    told = _overview(session, person, course)
    if Right.SEE_GRADEBOOK in told["rights"]:
        book = books.of_course(session, person, course_id)
        told |= {
            "findings": findings.of_course(book),
            "standings": findings.standings(book),
            "students": len(book.rows),
            "appeals": appeals.open_in(session, person, course_id),
            "misconceptions": findings.misconceptions(session, course_id)
            if Right.SEE_CLASS in told["rights"]
            else [],
            "titles": {slug: one.title for slug, one in EXERCISES.items()},
            "address": query,
        }
    manages = Right.MANAGE in told["rights"]
    told["given_up"] = deliveries.given_up(session, course_id) if manages else 0
    return page(request, "course.html", person, **told)


def _overview(session: Db, person: Actor, course: Course) -> dict[str, Any]:
    windows = terms.windows_of(session, course.id, person.user.id)
    found = assignments.of_course(session, person, course.id)
    return {
        "course": course,
        "rights": permissions.rights_in(session, person, course.id),
        "assignments": found,
        "grades": shown.of_person(session, person, person.user.id, course.id, found, windows),
        "windows": windows,
        "asked": looking.asked_in(session, course.id, person.user.id),
    }


def _handed_in(session: Db, person: Actor, course: Course) -> dict[str, Any]:
    """What somebody handed in to a course that they are no longer in."""
    found = assignments.all_of(session, course.id)
    own = shown.of_person(session, person, person.user.id, course.id, found)
    found = [one for one in found if one.id in own]
    return {"course": course, "grades": own, "assignments": found}


def _form(
    request: Request, person: Actor, typed: dict[str, str], problem: Problem | None
) -> Response:
    return page(
        request,
        "course_new.html",
        person,
        problem.status if problem else 200,
        typed=typed,
        problem=problem,
        zones=sorted(available_timezones()),
    )
