"""An assignment that is changed after work came in: the gradebook follows."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course, Status, Submission
from app.regrades import editing
from app.scheduling import leases
from app.teaching.drafts import Draft
from tests.pages.conftest import RIGHT, Desk
from tests.support.cast import Cast, Person


def form(instructor: Person, assignment: Assignment, **changes: str) -> dict[str, str]:
    """The edit form's fields as they stand, with changes."""
    page = instructor.web.get(f"/assignments/{assignment.id}/edit").text
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    fields |= dict.fromkeys(re.findall(r'name="(take-[^"]+)" checked', page), "on")
    return fields | {"counts": "best", "trials": "free", "published": "on"} | changes


def save(instructor: Person, assignment: Assignment, **changes: str) -> None:
    fields = form(instructor, assignment, **changes)
    answer = instructor.web.post(f"/assignments/{assignment.id}/edit", data=fields)
    assert answer.status_code == 303, answer.text


def cell(instructor: Person, course: Course, student: Person) -> str:
    page = instructor.web.get(f"/courses/{course.id}/gradebook").text
    return page[page.index(f">{student.user.name}</th>") :].split("</tr>")[0]


def test_a_change_of_nothing_that_counts_grades_nothing_again(
    instructor: Person, student: Person, assignment: Assignment, desk: Desk
) -> None:
    made = desk.graded(student, assignment, RIGHT)
    graded_at = desk.look(made).graded_at
    save(instructor, assignment, title="Another title", max_attempts="7")
    found = desk.look(made)
    assert (found.status, found.graded_at, found.priority) == (Status.GRADED, graded_at, 0)
    assert found.assignment.title == "Another title"


def test_late_follows_the_due_date(
    cast: Cast, instructor: Person, student: Person, course: Course, desk: Desk
) -> None:
    sheet = cast.assignment(course, due_at=now() - timedelta(hours=1))
    made = desk.graded(student, sheet, RIGHT)
    assert 'title="late"' in cell(instructor, course, student)
    tomorrow = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    save(instructor, sheet, due_at=tomorrow)
    assert 'title="late"' not in cell(instructor, course, student)
    assert "tag-late" not in student.web.get(f"/submissions/{made}").text
    assert student.api.get(f"/submissions/{made}").json()["late"] is False


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_what_is_not_graded_yet_keeps_its_turn_and_is_graded_for_the_new_points(
    status: Status, db: Session, instructor: Person, student: Person, cast: Cast, course: Course
) -> None:
    sheet = cast.assignment(course, points={"sum": 10.0})
    lease = uuid.uuid4()
    work = Submission(
        assignment_id=sheet.id, user_id=student.user.id, submitted_by_id=student.user.id,
        attempt=1, filename="a.py", sha256=stored_files.keep(db, RIGHT), seed=b"seed",
        status=status,
        queued_at=now(), lease=lease, retry_at=now() + timedelta(hours=1),
    )  # fmt: skip
    db.add(work)
    db.flush()
    actor = Actor(instructor.user)
    editing.change(db, actor, sheet.id, Draft(title="Sheet", points={"sum": 5.0}))
    db.refresh(work)
    assert (work.status, work.priority) == (Status.QUEUED, 0)
    report = {
        "score": 10.0,
        "max_score": 10.0,
        "grader_version": "",
        "notes": [],
        "remarks": [],
        "exercises": [],
    }
    assert not leases.settle(db, work.id, lease, report)
    db.rollback()
