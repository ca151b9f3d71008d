"""Every page in every state that it can have, for tests that only look."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, Role, Status, Submission
from app.visibility.rules import PARTS
from tests.pages.conftest import MIXED, RIGHT, Desk
from tests.pages.gallery.of_courses import LONG, Pages, of_courses
from tests.pages.gallery.of_teams import of_teams
from tests.pages.gallery.of_webhooks import of_webhooks
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person, cast_of
from tests.support.files.notebooks import cell, notebook
from tests.support.forms import press
from tests.support.processes.stack import Stack
from tests.support.regrades import Regrades

UNREADABLE = b"import torch\n\n\nclass Sum(torch.autograd.Function:\n    pass\n"
TWO = {"linear": 10.0, "sigmoid": 0.5}
NOTEBOOK = notebook(
    cell("# Homework", "markdown"),
    "%matplotlib inline\nimport torch\nfrom torch.autograd import Function",
    cell(MIXED.decode()),
    "def broken(:",
    "class Product(torch.nothing):\n    pass",
)


@dataclass
class Gallery:
    """Every page in every state that it can have."""

    pages: Pages = field(default_factory=dict)


@pytest.fixture(scope="module")
def gallery(stack: Stack) -> Iterator[Gallery]:
    """Made once, as everybody here only looks."""
    with cast_of(stack.url) as cast, database.session() as session:
        yield _gallery(session, cast, Desk(session))


def _gallery(db: Session, cast: Cast, desk: Desk) -> Gallery:
    course, empty = cast.course(), cast.course("A course without anything")
    who = {
        "student": cast.person("Sam Student", course),
        "instructor": cast.person("Ines Instructor", course, Role.INSTRUCTOR),
        "admin": cast.person("Ada Admin", is_admin=True),
        "long": cast.person(LONG, course),
        "newcomer": cast.person("Nina New"),
        "founder": cast.person("Fay Founder", empty, Role.INSTRUCTOR),
    }
    yesterday = now() - timedelta(days=1)
    assignment = cast.assignment(course)
    closed = cast.assignment(course, title=f"Closed: {LONG}", closes_at=yesterday)
    short = cast.assignment(course, title="Two of them", points=TWO)
    late = _late(cast, course, yesterday)
    student, long, staff = who["student"], who["long"], who["instructor"]
    made = {
        "right": desk.graded(student, short, RIGHT),
        "mixed": desk.graded(long, assignment, MIXED),
        "unreadable": desk.graded(student, assignment, UNREADABLE),
        "of a notebook": desk.graded(long, assignment, NOTEBOOK),
        "late": desk.graded(long, late, MIXED),
        "running": _unfinished(db, student, late, Status.RUNNING),
        "failed": _unfinished(db, long, late, Status.FAILED),
    }
    for share in (0.5, 0.75):
        attempt(db, short, long, share)
    _changed(staff, short, long)
    _weighed(staff, short)
    _talked(staff, long, short)
    _with_time(staff, closed, long, course)
    pages = of_courses(cast, who, course, empty) | _of_assignments(who, assignment, closed, late)
    pages |= _of_grades(who, short, closed) | _of_regrades(who["instructor"], short)
    pages |= {
        f"submission, {name}": (staff, f"/submissions/{which}") for name, which in made.items()
    }
    pages |= _of_outputs(who, course, assignment, late, made["mixed"])
    pages |= of_teams(db, cast, who, course) | of_webhooks(db, who, course, empty)
    pages |= _of_hidden(cast, course, desk, who)
    return Gallery(pages | {"submission, own": (student, f"/submissions/{made['unreadable']}")})


def _of_hidden(cast: Cast, course: Course, desk: Desk, who: dict[str, Person]) -> Pages:
    """An assignment of which students see a part of the checks and of the score, and nothing yet
    of another."""
    long, staff = who["long"], who["instructor"]
    parts = {"robustness": "never", "requires_grad": "after due", "score": "after release"}
    soon = now() + timedelta(days=3)
    partly = cast.assignment(course, title=f"Partly {LONG}", due_at=soon, shown=parts, points=TWO)
    all_of_it = dict.fromkeys(PARTS, "after release")
    exam = cast.assignment(course, title="Exam", shown=all_of_it, meanwhile="none", points=TWO)
    steps = cast.assignment(course, title="Steps", hints_in_steps=True, points={"product": 10.0})
    asked = desk.graded(long, steps, MIXED)
    press(long.web, f"/submissions/{asked}", f"/submissions/{asked}/looks")
    shown, unseen = desk.graded(long, partly, MIXED), desk.graded(long, exam, MIXED)
    return {
        "assignment, partly shown": (long, f"/assignments/{partly.id}"),
        "assignment, to be released": (staff, f"/assignments/{exam.id}"),
        "its form": (staff, f"/assignments/{partly.id}/edit"),
        "attempts, not shown": (long, f"/assignments/{exam.id}/attempts"),
        "grade, partly shown": (long, f"/assignments/{partly.id}/grades/{long.user.id}"),
        "all grades, partly shown": (long, f"/courses/{course.id}/grades/{long.user.id}"),
        "submission, partly shown": (long, f"/submissions/{shown}"),
        "submission, not shown": (long, f"/submissions/{unseen}"),
        "submission, hints in steps": (long, f"/submissions/{asked}"),
        "submission, hints that were looked at": (staff, f"/submissions/{asked}"),
        "submission, for staff": (staff, f"/submissions/{shown}"),
    }


def _late(cast: Cast, course: Course, due: datetime) -> Assignment:
    costs = {"late_amount": 10.0, "counts": "latest", "pause_minutes": 1, "max_attempts": 9}
    return cast.assignment(course, title="Late", due_at=due, points=TWO, **costs)


def _of_outputs(
    who: dict[str, Person], course: Course, assignment: Assignment, late: Assignment, mixed: str
) -> Pages:
    at, instructor = f"/courses/{course.id}", who["instructor"]
    swapped = "exercise=product&name=gradients+swapped"
    instructor.web.post(f"{at}/exports", data={"what": "hand-ins", "assignment": str(late.id)})
    return {
        "analytics": (instructor, f"{at}/analytics"),
        "analytics, an assignment": (instructor, f"/assignments/{assignment.id}/analytics"),
        "analytics, late work": (instructor, f"/assignments/{late.id}/analytics"),
        "analytics, a misconception": (instructor, f"{at}/analytics/misconception?{swapped}"),
        "analytics, on a projector": (instructor, f"{at}/analytics/projector?{swapped}"),
        "alike files, a few": (instructor, f"/assignments/{assignment.id}/alike"),
        "two files": (instructor, f"/assignments/{assignment.id}/alike/{mixed}/{mixed}"),
        "exports": (instructor, f"{at}/exports"),
        "receipt": (who["long"], f"/submissions/{mixed}/receipt"),
        "checking a receipt": (None, "/receipts"),
    }


def _of_assignments(
    who: dict[str, Person], assignment: Assignment, closed: Assignment, late: Assignment
) -> Pages:
    sheet = f"/assignments/{assignment.id}"
    student, instructor, long = who["student"], who["instructor"], who["long"]
    return {
        "assignment": (student, sheet),
        "assignment, closed": (student, f"/assignments/{closed.id}"),
        "assignment, extended": (long, f"/assignments/{closed.id}"),
        "extensions": (instructor, f"/assignments/{closed.id}/extensions"),
        "extensions, none": (instructor, f"/assignments/{late.id}/extensions"),
        "extensions, impossible": (instructor, f"{sheet}/extensions"),
        "assignment, late": (long, f"/assignments/{late.id}"),
        "assignment, teaching": (instructor, sheet),
        "assignment, teaching late": (instructor, f"/assignments/{late.id}"),
        "attempts": (student, f"{sheet}/attempts"),
        "attempts, none": (instructor, f"{sheet}/attempts?student={instructor.user.id}"),
        "attempts, theirs": (instructor, f"{sheet}/attempts?student={long.user.id}"),
        "assignment form": (instructor, f"{sheet}/edit"),
        "copy of an assignment": (instructor, f"{sheet}/copy"),
    }


def _of_grades(who: dict[str, Person], short: Assignment, closed: Assignment) -> Pages:
    student, instructor, long = who["student"], who["instructor"], who["long"]
    return {
        "grade": (instructor, f"/assignments/{short.id}/grades/{student.user.id}"),
        "grade, changed": (instructor, f"/assignments/{short.id}/grades/{long.user.id}"),
        "submission, commented": (long, f"/submissions/{_counting(instructor, short, long)}"),
        "grade, own": (long, f"/assignments/{short.id}/grades/{long.user.id}"),
        "grades": (instructor, f"/courses/{short.course_id}/grades/{long.user.id}"),
        "grades, own": (student, f"/courses/{short.course_id}/grades/{student.user.id}"),
        "gradebook, looked for": (instructor, f"/courses/{short.course_id}/gradebook?mark=changed"),
        "gradebook, nobody": (instructor, f"/courses/{short.course_id}/gradebook?q=nobody"),
        "groups": (instructor, f"/courses/{short.course_id}/groups"),
        "grade, nothing": (instructor, f"/assignments/{closed.id}/grades/{long.user.id}"),
    }


def _of_regrades(staff: Person, short: Assignment) -> Pages:
    regrades = Regrades(staff, short)
    edit = f"/assignments/{short.id}/edit"
    other = press(staff.web, edit, edit, **{"points-linear": "6"})
    ready = regrades.ready()
    left = regrades.begin(attempts="counting")
    staff.web.post(f"{left}/cancel")
    return {
        "grade again": (staff, regrades.all),
        "preview": (staff, ready),
        "preview left as it was": (staff, left),
        "preview of other points": (staff, regrades.worked_out(other.headers["location"])),
    }


def _changed(staff: Person, assignment: Assignment, owner: Person) -> None:
    here = f"/assignments/{assignment.id}/grades/{owner.user.id}"
    for fields in ({"score": "3"}, {"exercise-sigmoid": "0.25", "on_time": "on"}):
        cleared = {"score": "", "reason": LONG} | fields
        assert press(staff.web, here, here, **cleared).status_code == 303


def _with_time(staff: Person, closed: Assignment, long: Person, course: Course) -> None:
    _extended(staff, closed, long)
    _sectioned(staff, long, course)


def _extended(staff: Person, assignment: Assignment, owner: Person) -> None:
    here = f"/assignments/{assignment.id}/extensions"
    tomorrow = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {"student": owner.email, "closes_at": tomorrow, "reason": LONG}
    assert press(staff.web, here, here, **typed).status_code == 303


def _sectioned(staff: Person, member: Person, course: Course) -> None:
    people = f"/courses/{course.id}/people"
    for title in ("Monday", LONG):
        staff.web.post(f"/courses/{course.id}/sections", data={"title": title})
    action = f"{people}/{member.user.id}/sections"
    assert press(staff.web, people, action, titles=f"Monday, {LONG}").status_code == 303


def _weighed(staff: Person, assignment: Assignment) -> None:
    here = f"/courses/{assignment.course_id}/groups"
    group = {"title-0": LONG, "weight-0": "2.5", "dropped-0": "1"}
    typed = group | {f"group-{assignment.id}": "0"}
    assert press(staff.web, here, here, **typed).status_code == 303


def _counting(staff: Person, assignment: Assignment, owner: Person) -> str:
    grade = staff.api.get(f"/assignments/{assignment.id}/grades/{owner.user.id}")
    return str(grade.json()["submission_id"])


def _talked(staff: Person, owner: Person, assignment: Assignment) -> None:
    here = f"/assignments/{assignment.id}/grades/{owner.user.id}"
    for about in ("linear", "sigmoid"):
        asked = owner.web.post(f"{here}/appeals", data={"about": about, "text": f"{LONG}?"})
        assert asked.status_code == 303
    answer = asked.headers["location"].rpartition("#appeal-")[2]
    said = {"text": f"{LONG}.\n\nSo it is."}
    assert staff.web.post(f"/appeals/{answer}/answer", data=said).status_code == 303
    counting = _counting(staff, assignment, owner)
    for place in ({}, {"submission": counting}, {"submission": counting, "line": "1"}):
        assert staff.web.post(f"{here}/comments", data=said | place).status_code == 303


def _unfinished(db: Session, person: Person, assignment: Assignment, status: Status) -> str:
    row = Submission(
        id=uuid.uuid4(), assignment_id=assignment.id, user_id=person.user.id,
        submitted_by_id=person.user.id, attempt=7, filename=f"{LONG}.py".replace(" ", "_"),
        sha256=stored_files.keep(db, MIXED), seed=b"seed", status=status,
    )  # fmt: skip
    row.failure = "The machine that graded this file stopped each time."
    db.add(row)
    db.commit()
    return str(row.id)
