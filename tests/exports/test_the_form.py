"""An instructor fills a grade file in on a page: chosen once, looked at, changed, saved."""

from __future__ import annotations

import base64
import re

import pytest

from app.models import Assignment
from tests.pages.conftest import Desk, desk
from tests.support.cast import Person

__all__ = ["desk"]


def grade_file(*people: Person) -> bytes:
    """A file of Moodle's, with columns of our title and of another."""
    lines = [f"{one.user.name},{one.email},,5" for one in people]
    return "\r\n".join(["Full name,Email address,Backpropagation,Other", *lines, ""]).encode()


def hidden(page: str) -> dict[str, str]:
    """What the form of a page carries on."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_a_file_is_looked_at_first_and_saved_then(
    student: Person, other_student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    desk.graded(student, assignment)
    at = f"/courses/{assignment.course_id}/exports"
    files = {"file": ("My grades (2).csv", grade_file(student))}
    seen = instructor.web.post(f"{at}/preview", files=files)
    assert seen.status_code == 200
    assert "1 student found, of 2" in seen.text
    assert other_student.email in seen.text
    form = hidden(seen.text)
    column = re.search(r'name="(column-\d+)".*?<option value="(\d+)" selected>', seen.text, re.S)
    assert column is not None
    chosen = form | {column[1]: column[2]}
    saved = instructor.web.post(f"{at}/filled", data=chosen)
    assert saved.headers["content-disposition"] == 'attachment; filename="My-grades-2-filled.csv"'
    assert saved.text.splitlines()[1] == f"{student.user.name},{student.email},70,5"
    other = instructor.web.post(f"{at}/filled", data=form | {column[1]: "4"})
    assert other.text.splitlines()[1].endswith(",,70")
    nothing = instructor.web.post(f"{at}/filled", data=form | {column[1]: ""})
    assert nothing.content == grade_file(student)


def test_a_chosen_column_is_still_chosen_when_one_looks_again(
    student: Person, instructor: Person, assignment: Assignment
) -> None:
    at = f"/courses/{assignment.course_id}/exports/preview"
    kept = base64.b64encode(grade_file(student)).decode()
    form = {"kept": kept, "name": "g.csv", "chosen": "yes", f"column-{assignment.id}": "4"}
    seen = instructor.web.post(at, data=form | {"scaled": "yes"}).text
    assert '<option value="4" selected>Other' in seen
    assert 'name="scaled" value="yes" checked' in seen
    assert hidden(seen)["kept"] == kept


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "No file had been chosen"),
        ({"kept": "???"}, "No file had been chosen"),
        ({"kept": base64.b64encode(b"PK\0").decode()}, "no CSV file"),
        ({"kept": base64.b64encode(b"email,x\na,b\n").decode(), "chosen": "yes",
          "column-ID": "9999"}, "can hold no grade"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", ["preview", "filled"])
def test_what_cannot_be_filled_is_told(
    form: dict[str, str], said: str, step: str, instructor: Person, assignment: Assignment
) -> None:
    at = f"/courses/{assignment.course_id}/exports"
    sent = {name.replace("ID", str(assignment.id)): value for name, value in form.items()}
    answer = instructor.web.post(f"{at}/{step}", data=sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_program_fills_the_same_in(
    student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    desk.graded(student, assignment)
    at = f"/courses/{assignment.course_id}/grades/fill"
    found = instructor.api.post(at, json={"text": grade_file(student).decode()}).json()
    assert found["text"].splitlines()[1].endswith(",70,5")
    assert (found["system"], found["found"], found["columns"][0]["column"]) == ("Moodle", 1, 3)
    columns = {str(assignment.id): 4}
    sent = {"text": grade_file(student).decode(), "columns": columns}
    assert instructor.api.post(at, json=sent).json()["text"].splitlines()[1].endswith(",,70")
    sent["columns"] = {str(assignment.id): 1}
    assert instructor.api.post(at, json=sent).status_code == 422
