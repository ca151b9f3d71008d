"""Owns an assignment's page: what is asked, the starter file, handing in, one's attempts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import (
    Conflict,
    Problem,
    TooLarge,
    TooMany,
    Unprocessable,
)
from app.gradebook import book as books
from app.gradebook import findings, grades, standing
from app.gradebook import shown as graded
from app.gradebook.table import view
from app.grading import handing_in, stored_files, submissions, uploads
from app.grading.rules import admission, late_days, terms
from app.grading.showing import seen, sights
from app.http import dependencies
from app.http.declared import body
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure import rate_limits
from app.infrastructure.clock import now
from app.models import Assignment
from app.pages.gradebook.looking import query
from app.pages.hand_in_form import FOR_LATER, HandInForm, not_taken, opened
from app.regrades import making
from app.rendering import visibility
from app.rendering.templates import page
from app.settings import settings
from app.teaching import courses, releases
from app.teaching.teams import looking
from app.timing.windows import Window
from graders.exercises import EXERCISES, starter

router = page_routes("/assignments/{assignment_id}")
_MOST_ATTEMPTS = 2**31 - 1


@router.get("")
def show(request: Request, session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The assignment, with what one has so far and where to hand in."""
    return shown(request, session, person, assignment_id)


@router.get("/submissions")
def show_again(assignment_id: int) -> Response:
    """What stands in the address bar after a refused upload leads back to where it was sent."""
    return RedirectResponse(f"/assignments/{assignment_id}", 303)


@router.post("/submissions")
@body(
    "/assignments/{assignment_id}/submissions",
    uploads.too_large,
    page="/assignments/{assignment_id}",
    takes_files=True,
)
def hand_in(
    request: Request,
    session: Db,
    assignment_id: int,
    form: Annotated[HandInForm, Depends(opened)],
) -> Response:
    """Take a file in and go to its page; what cannot be taken now is kept in the browser."""
    try:
        person = dependencies.person(dependencies.visitor(request, session))
        return _hand_in(request, session, person, assignment_id, form)
    except FOR_LATER as error:
        return not_taken(request, error, form, assignment_id)


def _hand_in(
    request: Request, session: Db, person: Actor, assignment_id: int, form: HandInForm
) -> Response:
    try:
        rate_limits.take("submit", settings().submit_limit, person.key)
        submission = handing_in.hand_in(
            session,
            person,
            assignment_id,
            form.upload(),
            key=form.key,
            began_at=request.state.began_at,
        )
    except (Conflict, TooLarge, TooMany, Unprocessable) as problem:
        session.rollback()
        return shown(request, session, person, assignment_id, problem, form.code)
    session.commit()
    return RedirectResponse(f"/submissions/{submission.id}", 303)


@router.get("/starter.py")
def starter_file(session: Db, person: SignedIn, assignment_id: int) -> Response:
    """The file to begin with: one piece for each exercise."""
    assignment = permissions.read_assignment(session, person, assignment_id)
    return Response(
        starter(list(assignment.points)),
        media_type="text/x-python; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="assignment-{assignment_id}.py"'},
    )


@router.get("/attempts")
def attempts(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    student: int | None = None,
    before: Annotated[int | None, Query(ge=1, le=_MOST_ATTEMPTS)] = None,
) -> Response:
    """Somebody's attempts, newest first: one's own, or for teaching staff a student's."""
    found = submissions.attempts(session, person, assignment_id, student, before=before)
    assignment = permissions.work(session, person, assignment_id)
    owner = courses.member(session, person, assignment.course_id, student)
    return page(
        request,
        "attempts.html",
        person,
        assignment=assignment,
        course=assignment.course,
        rights=permissions.rights_in(session, person, assignment.course_id),
        owner=owner,
        attempts=found,
        number=admission.latest_attempt(session, assignment, owner.id),
        terms=terms.of(session, assignment, owner.id),
        kept=stored_files.taken(session, assignment.course_id, owner.id).get(owner.id, 0),
        quota=settings().quota_bytes,
        counting=seen.counting(session, person, assignment, owner.id),
    )


def _for_staff(
    session: Db, person: Actor, assignment: Assignment, rights: frozenset[Right]
) -> dict[str, object]:
    """What those alone are told who teach."""
    is_staff, sees_class = Right.SEE_GRADEBOOK in rights, Right.SEE_CLASS in rights
    return {
        "handed_in": making.number_of(session, assignment.id) if sees_class else 0,
        "state": _state(session, person, assignment) if is_staff else None,
    }


def _state(session: Db, person: Actor, assignment: Assignment) -> dict[str, object]:
    """How an assignment stands, for staff."""
    book = books.of_assignment(session, person, assignment)
    (column,) = book.columns
    return {
        "findings": findings.of_assignment(book, assignment.id),
        "column": column,
        "said": view.finding(book.rows, column),
        "students": len(book.rows),
    }


def shown(
    request: Request,
    session: Db,
    person: Actor,
    assignment_id: int,
    problem: Problem | None = None,
    code: str = "",
) -> Response:
    """The page, with a `problem` and the `code` that was sent where something could not be done."""
    assignment = permissions.assignment(session, person, assignment_id)
    counts = seen.counting(session, person, assignment, person.user.id)
    outlook = standing.outlook(session, person, assignment, person.user.id)
    rights = permissions.rights_in(session, person, assignment.course_id)
    own = graded.of_person(session, person, person.user.id, assignment.course_id, [assignment])
    return page(
        request,
        "assignment.html",
        person,
        problem.status if problem else 200,
        assignment=assignment,
        course=assignment.course,
        rights=rights,
        manages=Right.MANAGE,
        may_read=permissions.may_read(assignment, rights),
        **_for_staff(session, person, assignment, rights),
        exercises=[(EXERCISES[slug], points) for slug, points in assignment.points.items()],
        counting=counts,
        grade=own.get(assignment_id, grades.NOTHING),
        address=query,
        scores={result.slug: result for result in counts.results} if counts else {},
        left=outlook.allowance.left,
        **outlook._asdict(),
        **_shown_when(session, person, assignment, outlook.terms.window),
        team=looking.own(session, person, assignment_id) if assignment.team_size > 1 else None,
        purse=late_days.purse(session, assignment, person.user.id),
        moment=now(),
        problem=problem,
        code=code,
        limits_kb=_limits_kb(),
    )


def _shown_when(
    session: Db, person: Actor, assignment: Assignment, window: Window
) -> dict[str, object]:
    """What one will not be shown at once of one's own work (nothing is kept from staff), and
    whether anything waits to be released."""
    sight = sights.of(session, person, assignment)
    return {
        "to_come": visibility.to_come(assignment, sight, window, now()),
        "waits_for_release": releases.waits(assignment),
    }


def _limits_kb() -> dict[str, int]:
    """How large what is handed in may be, in kilobytes."""
    bytes_of = {"file": settings().upload_limit_bytes, "notebook": settings().notebook_limit_bytes}
    return {what: most // 1024 for what, most in bytes_of.items()}
