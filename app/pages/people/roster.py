"""Owns a course's people: the roster, changed one by one or by a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.errors import Conflict, Problem, Stale, Unprocessable
from app.grading import stored_files
from app.http.declared import body, body_limit
from app.http.dependencies import Db, SignedIn, unkept
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Enrolment, Role
from app.rendering.templates import page
from app.teaching import courses, sections
from app.teaching.people import adding, invitations, roster_files, rosters
from app.teaching.people.invitations import Invitation
from app.teaching.people.roster_changes import PLAIN, RosterImport, Wish

router = page_routes("/courses/{course_id}/people")


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
    """Put one person into the course, and show the invitation of who has no password."""
    try:
        user, _ = adding.add(session, person, course_id, email, name, role)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        typed = {"email": email, "name": name, "role": role}
        return shown(request, session, person, course_id, problem=problem, typed=typed)
    session.commit()
    added = invitations.of_person(session, person, course_id, user.id)
    return shown(request, session, person, course_id, added=added)


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
    skip_wrong: Annotated[bool, Form()] = False,
    only_these: Annotated[bool, Form()] = False,
    names: Annotated[bool, Form()] = False,
    addresses: Annotated[bool, Form()] = False,
    confirmed: Annotated[bool, Form()] = False,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Show what a roster file would do; do just that once it is confirmed."""
    wish = Wish(skip_wrong, only_these, names, addresses)
    try:
        text, as_windows = _uploaded(file) or (text, False)
        outcome = rosters.import_roster(session, person, course_id, text, wish)
    except (Conflict, Unprocessable) as problem:
        session.rollback()
        preview = Preview(text=text, wish=wish)
        return shown(
            request, session, person, course_id, problem=problem, about="import", preview=preview
        )
    is_new = confirmed and seen != outcome.version
    if not confirmed or is_new or (outcome.errors and not outcome.changes):
        session.rollback()
        preview = Preview(outcome, text, wish, is_new, as_windows)
        return shown(request, session, person, course_id, preview=preview)
    session.commit()
    return shown(request, session, person, course_id, imported=outcome)


def _uploaded(file: UploadFile | None) -> tuple[str, bool] | None:
    """The text of a file that was chosen, and whether it is as Windows writes it."""
    if file is None or not file.filename:
        return None
    return roster_files.decoded(file.file.read())


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
        adding.set_role(session, person, course_id, user_id, role, seen=seen)
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


@dataclass(frozen=True)
class Preview:
    """What a roster file would do, and what it was made of."""

    outcome: RosterImport | None = None
    text: str = ""
    wish: Wish = PLAIN
    is_new: bool = False
    as_windows: bool = False

    @property
    def status(self) -> int:
        """Refused where nothing of it can be done, a conflict where it is not what was seen."""
        refused = self.outcome and self.outcome.errors and not self.outcome.changes
        return 422 if refused else 409 if self.is_new else 200


NO_PREVIEW = Preview()


def shown(
    request: Request,
    session: Db,
    person: Actor,
    course_id: int,
    *,
    problem: Problem | None = None,
    about: str = "add",
    typed: dict[str, str] | None = None,
    preview: Preview = NO_PREVIEW,
    imported: RosterImport | None = None,
    added: Invitation | None = None,
    gone: Enrolment | None = None,
    chosen: tuple[int, str] | None = None,
    in_sections: Mapping[int, str] | None = None,
) -> Response:
    """The page, with what was just done or could not be."""
    made = page(
        request,
        "people.html",
        person,
        problem.status if problem else preview.status,
        **_roster(session, person, course_id),
        problem=problem,
        about=about,
        typed={"email": "", "name": "", "role": Role.STUDENT.value, "section": ""} | (typed or {}),
        preview=preview,
        imported=imported,
        added=added,
        gone=gone,
        chosen=dict([chosen] if chosen else []),
        in_sections=in_sections or {},
    )
    return unkept(made) if added else made


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
