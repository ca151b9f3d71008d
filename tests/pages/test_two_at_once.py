"""Two people change the same thing: the later one is told, and nothing is undone unseen."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Enrolment, Role, User
from app.teaching import assignments
from app.teaching.drafts import Draft
from app.timing import moments
from tests.pages.staff.test_making_assignments import FORM
from tests.support.cast import Cast, Person
from tests.support.forms import Forms, filled, press
from tests.support.processes.stack import Stack


def look(db: Session, assignment: Assignment) -> Assignment:
    db.rollback()
    db.expire_all()
    return db.get_one(Assignment, assignment.id)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_later_save_of_an_assignment_is_shown_what_it_would_undo(
    db: Session, instructor: Person, admin: Person, assignment: Assignment
) -> None:
    edit = f"/assignments/{assignment.id}/edit"
    theirs = filled(admin.web, edit, edit)
    assert press(instructor.web, edit, edit, title="By Ines", max_attempts="3").status_code == 303

    mine = theirs | {"title": "By Ada", "points-sum": "7"}
    refused = admin.web.post(edit, data=mine)
    assert refused.status_code == 409
    said = text_of(refused.text)
    assert "Somebody else has changed this assignment meanwhile, so nothing was saved." in said
    assert "Title By Ines By Ada" in said
    assert "Attempts allowed 3 empty" in said
    assert "Points for Sum 10 7" in said
    table = said.split("What you typed ")[2].split("Take over")[0]
    assert table.strip() == "Title By Ines By Ada Attempts allowed 3 empty Points for Sum 10 7"
    assert 'value="By Ada"' in refused.text
    assert look(db, assignment).title == "By Ines"

    (again,) = (fields for _, where, fields in Forms(edit, refused.text).found if where == edit)
    assert admin.web.post(edit, data=again).status_code == 303
    saved = look(db, assignment)
    assert (saved.title, saved.max_attempts, saved.points["sum"]) == ("By Ada", None, 7.0)


def test_of_two_saves_at_the_same_moment_one_is_told(
    instructor: Person, admin: Person, assignment: Assignment
) -> None:
    edit = f"/assignments/{assignment.id}/edit"
    sent = filled(instructor.web, edit, edit)
    with ThreadPoolExecutor(2) as both:
        answers = [
            both.submit(person.web.post, edit, data=sent | {"title": person.user.name})
            for person in (instructor, admin)
        ]
    assert sorted(answer.result().status_code for answer in answers) == [303, 409]


def test_a_form_that_says_not_what_it_was_filled_in_from_saves_nothing(
    db: Session, instructor: Person, assignment: Assignment
) -> None:
    edit = f"/assignments/{assignment.id}/edit"
    sent = filled(instructor.web, edit, edit) | {"title": "Blind"}
    del sent["seen"]
    assert instructor.web.post(edit, data=sent).status_code == 409
    assert look(db, assignment).title != "Blind"


def test_a_role_that_somebody_else_has_changed_is_shown_first(
    db: Session, course: Course, cast: Cast, instructor: Person, admin: Person, student: Person
) -> None:
    people = f"/courses/{course.id}/people"
    place = f"{people}/{student.user.id}"
    seen = {what: filled(admin.web, people, f"{place}/{what}") for what in ("role", "remove")}
    assert press(instructor.web, people, f"{place}/role", role="assistant").status_code == 303
    for what, fields in seen.items():
        refused = admin.web.post(f"{place}/{what}", data=fields)
        assert refused.status_code == 409
        assert f"By now {student.user.name} is assistant in the course." in refused.text
    held = db.get_one(Enrolment, (course.id, student.user.id))
    assert (held.role, held.active) == (Role.ASSISTANT, True)


def test_adding_somebody_takes_no_other_role_away(
    db: Session, course: Course, instructor: Person, assistant: Person
) -> None:
    people = f"/courses/{course.id}/people"
    refused = press(instructor.web, people, people, email=assistant.email)
    assert refused.status_code == 409
    assert "is in the course already, as assistant" in refused.text
    assert db.get_one(Enrolment, (course.id, assistant.user.id)).role is Role.ASSISTANT


def test_an_account_that_somebody_else_has_changed_is_shown_first(
    db: Session, cast: Cast, admin: Person, student: Person
) -> None:
    other = cast.person("Ari Admin", is_admin=True)
    here, account = f"/accounts?search={student.email}", f"/accounts/{student.user.id}"
    seen = {what: filled(admin.web, here, f"{account}/{what}") for what in ("link", "active")}
    assert press(other.web, here, f"{account}/link", shut_out="true").status_code == 200
    kept = db.get_one(User, student.user.id).password_hash
    db.rollback()
    for what, fields in seen.items():
        refused = admin.web.post(f"{account}/{what}", data=fields)
        assert refused.status_code == 409
        assert "Somebody else has changed the account of" in refused.text
    db.expire_all()
    found = db.get_one(User, student.user.id)
    assert (found.password_hash, found.active) == (kept, True)


EXACT = datetime(2030, 5, 1, 21, 59, 59, tzinfo=UTC)


def test_what_nobody_touched_keeps_its_value_to_the_last_digit(
    db: Session, instructor: Person, course: Course
) -> None:
    """A due date at 23:59:59 became 23:59:00, and work in between late."""
    thirds = {"sum": 10 / 3, "product": 1.005}
    draft = Draft("Exact", thirds, due_at=EXACT, closes_at=EXACT.replace(microsecond=999_999))
    draft = Draft(**{**vars(draft), "rubric": dict.fromkeys(("forward", "gradient"), 1 / 3)})
    sheet = assignments.create(db, course.id, draft)
    db.commit()
    edit = f"/assignments/{sheet.id}/edit"
    assert press(instructor.web, edit, edit, title="Only the title").status_code == 303
    saved = look(db, sheet)
    assert saved.title == "Only the title"
    assert (saved.due_at, saved.closes_at) == (draft.due_at, draft.closes_at)
    assert (saved.points, saved.rubric) == (draft.points, draft.rubric)
    assert press(instructor.web, edit, edit, due_at="2030-05-01T21:00").status_code == 303
    assert look(db, sheet).due_at == datetime(2030, 5, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ends", "moment"),
    [
        ("2030-05-01", True, datetime(2030, 5, 1, 21, 59, 59, 999_999, UTC)),
        ("2030-05-01", False, datetime(2030, 4, 30, 22, 0, tzinfo=UTC)),
        ("2030-05-01T12:00", True, datetime(2030, 5, 1, 10, 0, tzinfo=UTC)),
        ("2030-05-01T12:00:59", True, datetime(2030, 5, 1, 10, 0, 59, tzinfo=UTC)),
        ("2030-05-01T12:00+00:00", True, datetime(2030, 5, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_date_alone_is_that_whole_day(text: str, ends: bool, moment: datetime) -> None:
    assert moments.read(text, "Europe/Berlin", ends=ends) == moment


def test_a_date_alone_in_the_form_ends_with_its_day(
    db: Session, stack: Stack, instructor: Person, assignment: Assignment
) -> None:
    edit = f"/assignments/{assignment.id}/edit"
    assert press(instructor.web, edit, edit, due_at="2030-05-01").status_code == 303
    assert look(db, assignment).due_at == datetime(2030, 5, 1, 23, 59, 59, 999_999, UTC)


def test_a_new_assignment_is_made_once_however_often_its_form_is_sent(
    db: Session, instructor: Person, course: Course
) -> None:
    new = f"/courses/{course.id}/assignments/new"
    sent = filled(instructor.web, new, new) | FORM
    answers = {instructor.web.post(new, data=sent).headers["location"] for _ in range(3)}
    assert len(answers) == 1
    other = instructor.web.post(new, data=sent | {"title": "Sheet 2"}).headers["location"]
    assert other not in answers
