"""An archived course can be read by all who are in it, and nothing in it changes."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.cells import HONEST
from tests.support.forms import press
from tests.support.processes.command import chainrule_here

CHANGING = {Right.SUBMIT, Right.SUBMIT_BEHALF, Right.GRADE, Right.MANAGE}


@pytest.fixture
def archived(db: Session, course: Course) -> Course:
    found = db.get_one(Course, course.id)
    found.archived_at = now()
    db.commit()
    return found


def test_an_instructor_archives_a_course_and_opens_it_again(
    instructor: Person, course: Course
) -> None:
    at = f"/courses/{course.id}"
    assert press(instructor.web, f"{at}/settings", f"{at}/archive").status_code == 303
    assert "This course is archived" in instructor.web.get(at).text
    assert f'<a href="{at}">' in instructor.web.get("/").text
    assert instructor.web.post(f"{at}/reopen").status_code == 303
    assert "This course is archived" not in instructor.web.get(at).text


def test_nobody_has_a_right_to_change_anything_in_it(
    db: Session, archived: Course, student: Person, instructor: Person, admin: Person
) -> None:
    for person in (student, instructor, admin):
        actor = Actor(person.user)
        assert not permissions.rights_in(db, actor, archived.id) & CHANGING


def test_a_hand_in_is_refused_and_told_why(
    archived: Course, assignment: Assignment, student: Person
) -> None:
    at = f"/assignments/{assignment.id}"
    assert student.web.get(at).status_code == 200
    for answer in (
        student.web.post(f"{at}/submissions", files={"file": ("a.py", HONEST)}),
        student.api.post(f"{at}/submissions", files={"file": ("a.py", HONEST)}),
    ):
        assert answer.status_code == 409
        assert "This course is archived" in answer.text


def test_what_was_handed_in_and_the_gradebook_can_be_read(
    db: Session, archived: Course, assignment: Assignment, student: Person, instructor: Person
) -> None:
    made = attempt(db, assignment, student, 0.5)
    assert student.web.get(f"/submissions/{made.id}").status_code == 200
    for page in ("gradebook", "analytics", "exports", "log", "settings"):
        assert instructor.web.get(f"/courses/{archived.id}/{page}").status_code == 200, page


def test_only_who_teaches_it_opens_it_again(
    archived: Course, student: Person, assistant: Person, outsider: Person, instructor: Person
) -> None:
    at = f"/courses/{archived.id}/reopen"
    got = [one.web.post(at).status_code for one in (student, assistant, outsider, instructor)]
    assert got == [403, 403, 404, 303]


def test_a_program_archives_and_opens_it_again(course: Course, instructor: Person) -> None:
    at = f"/courses/{course.id}"

    def change(**what: object) -> tuple[int, object]:
        etag = instructor.api.get(at).headers["etag"]
        answer = instructor.api.patch(at, json=what, headers={"if-match": etag})
        return answer.status_code, answer.json().get("archived_at")

    status, since = change(archived=True)
    assert (status, bool(since)) == (200, True)
    assert change(title="Another")[0] == 409
    assert change(archived=False, title="Another") == (200, None)
    assert instructor.api.get(at).json()["title"] == "Another"


def test_no_command_changes_it(archived: Course, student: Person) -> None:
    for words in (["unenrol"], ["enrol", "--role", "assistant"]):
        done = chainrule_here(*words, archived.code, student.email)
        assert done.returncode == 1
        assert "This course is archived" in done.stderr
