"""Owns a course's people: the roster, changed one by one or by a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.grading import stored_files
from app.http.declared import body, body_limit
from app.http.dependencies import Db, SignedIn
from app.identity import accounts, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, Role, User
from app.rendering.templates import page
from app.teaching import courses, rosters, sections
from app.teaching.rosters import RosterImport

router = APIRouter(prefix="/courses/{course_id}/people")


def _too_large() -> str:
    return (
        f"The roster is larger than {body_limit() // 1024} kB, so nobody was added. "
        "Split it in two."
    )


@router.get("")
def show(
    request: Request, session: Db, person: SignedIn, course_id: int, removed: int | None = None
) -> Response:
    """The roster; `removed` is somebody who was just taken out and can be taken back."""
    gone = session.get(Enrolment, (course_id, removed)) if removed else None
    return shown(
        request, session, person, course_id, gone=gone if gone and not gone.active else None
    )


@router.post("")
def add(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = Role.STUDENT.value,
) -> Response:
    """Put one person into the course. A new account's first password is shown once."""
    try:
        user, password = courses.enrol_person(session, person, course_id, email, name, role)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"email": email, "name": name, "role": role}
        return shown(request, session, person, course_id, problem=problem, typed=typed)
    passwords = [(user, password)] if password else []
    # The only page with this password: nothing is done unless it can be shown.
    whole = shown(request, session, person, course_id, added=user, passwords=passwords)
    session.commit()
    return whole


@router.get("/import")
def show_again(course_id: int) -> Response:
    """What stands in the address bar after a refused roster leads back to the page."""
    return RedirectResponse(f"/courses/{course_id}/people", 303)


@router.post("/import")
@body("/courses/{course_id}/people/import", _too_large, page="/courses/{course_id}/people")
def import_csv(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
    confirmed: Annotated[bool, Form()] = False,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Show what a roster file would do; do just that once it is confirmed and has no errors."""
    try:
        text = _uploaded(file) or text
    except Unprocessable as problem:
        return shown(request, session, person, course_id, problem=problem, about="import")
    outcome = rosters.import_roster(session, person, course_id, text)
    is_new = confirmed and seen != outcome.version
    if outcome.errors or not confirmed or is_new:
        session.rollback()
        return shown(request, session, person, course_id, outcome=outcome, text=text, is_new=is_new)
    passwords = accounts.first_passwords(outcome.added)
    imported = len(outcome.changes)
    whole = shown(request, session, person, course_id, imported=imported, passwords=passwords)
    session.commit()
    return whole


def _uploaded(file: UploadFile | None) -> str:
    if file is None or not file.filename:
        return ""
    try:
        return file.file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unprocessable(
            "The roster is not a UTF-8 text file, so nobody was added. "
            "Export it as “CSV UTF-8” and choose it again."
        ) from None


@router.post("/{user_id}/role")
def change_role(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    user_id: int,
    role: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Give somebody another role, or take them back after they were removed."""
    try:
        courses.set_role(session, person, course_id, user_id, role, seen=seen)
    except Stale as problem:
        session.rollback()
        chosen = (user_id, role)
        return shown(
            request, session, person, course_id, problem=problem, about="role", chosen=chosen
        )
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/people#person-{user_id}", 303)


@router.post("/{user_id}/remove")
def remove(
    request: Request,
    session: Db,
    person: SignedIn,
    course_id: int,
    user_id: int,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Take somebody out; the page that follows can undo it."""
    try:
        courses.remove(session, person, course_id, user_id, seen=seen)
    except Stale as problem:
        session.rollback()
        return shown(request, session, person, course_id, problem=problem, about="role")
    session.commit()
    return RedirectResponse(f"/courses/{course_id}/people?removed={user_id}", 303)


def shown(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    about: str = "add",
    typed: dict[str, str] | None = None,
    outcome: RosterImport | None = None,
    text: str = "",
    is_new: bool = False,
    imported: int | None = None,
    added: User | None = None,
    gone: Enrolment | None = None,
    passwords: list[tuple[User, str]] | None = None,
    chosen: tuple[int, str] | None = None,
    in_sections: Mapping[int, str] | None = None,
) -> Response:
    """The page, with what was just done or could not be."""
    wrong = 422 if outcome is not None and outcome.errors else 409 if is_new else 200
    return page(
        request,
        "people.html",
        person,
        problem.status if problem else wrong,
        **_roster(session, person, course_id),
        problem=problem,
        about=about,
        typed={"email": "", "name": "", "role": Role.STUDENT.value, "section": ""} | (typed or {}),
        outcome=outcome,
        text=text,
        is_new=is_new,
        imported=imported,
        added=added,
        gone=gone,
        passwords=passwords or [],
        chosen=dict([chosen] if chosen else []),
        in_sections=in_sections or {},
    )


def _roster(session: Db, person: Actor, course_id: int) -> dict[str, object]:
    """What the page shows of the course and of who is in it, whatever was just done."""
    return {
        "course": permissions.course(session, person, course_id, Right.MANAGE),
        "rights": permissions.rights_in(session, person, course_id),
        "roster": courses.roster(session, person, course_id),
        "kept": stored_files.taken(session, course_id),
        "removed": courses.roster(session, person, course_id, active=False),
        "roles": list(Role),
        "sections": sections.of_course(session, course_id),
        "sizes": sections.sizes(session, course_id),
        "held": sections.of_people(session, course_id),
        "sections_version": sections.version,
    }
