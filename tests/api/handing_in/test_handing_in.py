"""Handing in over REST: what is taken, what is not, and what is said of it."""

from __future__ import annotations

import codecs
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.infrastructure.clock import now
from app.models import Assignment
from tests.support.cast import Cast, Person
from tests.support.files.notebooks import cell, notebook
from tests.support.waiting import wait_for

LIMIT = 256 * 1024
WIDE = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
GOOD = b"""import torch

class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)
"""


def hand_in(
    person: Person, assignment: Assignment, content: bytes = GOOD, **fields: str
) -> httpx.Response:
    return person.api.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("mine.py", content)},
        data=fields,
    )


def graded(person: Person, receipt: httpx.Response) -> dict[str, Any]:
    path = f"/submissions/{receipt.json()['id']}"

    def settled() -> dict[str, Any] | None:
        found: dict[str, Any] = person.api.get(path).json()
        return found if found["status"] in ("graded", "failed") else None

    found = wait_for(settled, "the score", seconds=60)
    assert found["status"] == "graded", found
    return found


def test_a_file_is_taken_with_a_receipt_and_graded(student: Person, assignment: Assignment) -> None:
    receipt = hand_in(student, assignment)
    assert receipt.status_code == 202
    assert receipt.json().keys() == {"id", "status", "receipt"}
    assert receipt.json()["status"] == "queued"
    assert receipt.headers["location"] == f"/api/v1/submissions/{UUID(receipt.json()['id'])}"

    found = graded(student, receipt)
    assert found["score"] == 10
    assert found["max_score"] == 70
    assert (found["attempt"], found["late"], found["filename"]) == (1, False, "mine.py")
    assert found["graded_at"] > found["submitted_at"]
    assert (found["assignment_id"], found["course_id"]) == (assignment.id, assignment.course_id)
    assert found["student"]["email"] == student.email
    by_slug = {exercise["slug"]: exercise for exercise in found["exercises"]}
    assert list(by_slug) == list(assignment.points)
    assert (by_slug["sigmoid"]["score"], by_slug["sum"]["score"]) == (10, 0)
    for exercise in found["exercises"]:
        assert exercise["score"] == pytest.approx(sum(c["points"] for c in exercise["checks"]))
        for check in exercise["checks"]:
            assert check.keys() >= {"name", "family", "passed", "points", "message"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"def forward(:\n", id="a syntax error"),
        pytest.param(b"(" * 50_000 + b")" * 50_000, id="50,000 nested parentheses"),
        pytest.param(b"import nowhere_at_all\n", id="an import that fails"),
    ],
)
def test_a_file_that_does_not_run_is_graded_zero_with_a_reason(
    content: bytes, student: Person, assignment: Assignment
) -> None:
    receipt = hand_in(student, assignment, content)
    assert receipt.status_code == 202
    found = graded(student, receipt)
    assert found["score"] == 0
    assert any(check["message"] for exercise in found["exercises"] for check in exercise["checks"])


@pytest.mark.parametrize(
    ("content", "status", "field", "words"),
    [
        pytest.param(b"", 422, "file", "The file is empty", id="an empty file"),
        pytest.param(b" \n\n", 422, "file", "The file is empty", id="blanks only"),
        pytest.param(
            b"\xef\xbb\xbf\n", 422, "file", "The file is empty", id="a mark of UTF-8 only"
        ),
        pytest.param(
            b'{"cells": [], "nbformat": 4}',
            422,
            "file",
            "no notebook that can",
            id="half a notebook",
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n....", 422, "file", "not a text file", id="a PNG"),
        pytest.param(b"\xff\xd8\xff\xe0..", 422, "file", "not a text file", id="a JPEG"),
        pytest.param(b"PK\x03\x04....", 422, "file", "not a text file", id="a ZIP"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", 422, "file", "not a text file", id="a PDF"),
        pytest.param(b"\x7fELF\x02\x01", 422, "file", "not a text file", id="a program"),
        pytest.param(b"\x1f\x8b\x08\xff", 422, "file", "not a text file", id="a gzip file"),
        pytest.param(b"x = 1\0\n", 422, "file", "not a text file", id="NUL bytes"),
        *(
            pytest.param(
                mark + "x = 1\n# käse\n".encode(encoding),
                422,
                "file",
                f"saved as {encoding[:6].upper()}",
                id=f"{encoding} {'with' if mark else 'without'} a mark",
            )
            for encoding, sign in WIDE.items()
            for mark in (sign, b"")
        ),
        pytest.param(
            "x = 1\n# käse\n".encode("latin-1"), 422, "file", "Line 2", id="a wrong encoding"
        ),
        pytest.param(b"x = 1  # text\n" * 150_000, 413, None, "256 kB", id="2 MB of text"),
        pytest.param(b"#" * (LIMIT + 1), 413, None, "256 kB", id="a byte too many"),
    ],
)
def test_what_no_grader_could_read_is_not_taken(
    content: bytes,
    status: int,
    field: str | None,
    words: str,
    student: Person,
    assignment: Assignment,
) -> None:
    answer = hand_in(student, assignment, content)
    assert answer.status_code == status
    problem = answer.json()
    assert words in problem["detail"]
    assert "not taken" in problem["detail"]
    assert list(problem.get("errors", {})) == ([field] if field else [])
    assert student.api.get(f"/assignments/{assignment.id}/submissions").json() == []


def test_the_largest_file_that_is_allowed_is_taken(student: Person, assignment: Assignment) -> None:
    assert hand_in(student, assignment, b"#" * LIMIT).status_code == 202


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param({}, "`file` is missing", id="nothing"),
        pytest.param({"files": {"wrong": ("a.py", b"x")}}, "`file` is missing", id="another name"),
        pytest.param({"json": {"file": "x = 1"}}, "`file` is missing", id="JSON"),
        pytest.param({"data": {"file": "x = 1"}}, "`file` must be a file", id="text, no file"),
    ],
)
def test_a_form_without_the_file_is_told_so(
    sent: dict[str, Any], words: str, student: Person, assignment: Assignment
) -> None:
    answer = student.api.post(f"/assignments/{assignment.id}/submissions", **sent)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert list(answer.json()["errors"]) == ["file"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("student", "", id="nobody"),
        pytest.param("student", "  ", id="a blank"),
        pytest.param("student", "sis_user_id:", id="an LMS's empty id"),
        pytest.param("studnet", "sam@cast.example", id="a misspelt field"),
        pytest.param("user_id", "7", id="another LMS's field"),
    ],
)
def test_whom_it_was_meant_for_is_not_guessed(
    field: str, value: str, instructor: Person, assignment: Assignment
) -> None:
    answer = hand_in(instructor, assignment, **{field: value})  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "Nothing was taken" in answer.json()["detail"]
    assert list(answer.json()["errors"]) == [field]
    assert instructor.api.get(f"/assignments/{assignment.id}/submissions").json() == []


@pytest.mark.parametrize("field", ["file", "student"])
def test_a_field_sent_twice_is_not_taken(
    field: str, instructor: Person, student: Person, assignment: Assignment
) -> None:
    parts: list[Any] = [("file", ("a.py", GOOD)), ("student", (None, student.email))]
    parts += [part for part in parts if part[0] == field]
    answer = instructor.api.post(f"/assignments/{assignment.id}/submissions", files=parts)
    assert answer.status_code == 422
    assert answer.json()["errors"] == {field: "was sent 2 times; send it once"}
    assert student.api.get(f"/assignments/{assignment.id}/submissions").json() == []


def test_a_broken_form_is_told_so(student: Person, assignment: Assignment) -> None:
    answer = student.api.post(
        f"/assignments/{assignment.id}/submissions",
        content=b"not a form",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 400
    assert "cannot be read" in answer.json()["detail"]


def test_a_closed_assignment_takes_nothing(student: Person, cast: Cast, course: Any) -> None:
    closed = cast.assignment(course, closes_at=now() - timedelta(minutes=1))
    answer = hand_in(student, closed)
    assert answer.status_code == 409
    assert "closed, so the file was not taken" in answer.json()["detail"]


def test_an_assignment_that_has_not_opened_takes_nothing(
    student: Person, cast: Cast, course: Any
) -> None:
    answer = hand_in(student, cast.assignment(course, opens_at=now() + timedelta(days=1)))
    assert answer.status_code == 409
    assert "not opened yet" in answer.json()["detail"]


def test_used_up_attempts_are_told(student: Person, cast: Cast, course: Any) -> None:
    once = cast.assignment(course, max_attempts=1)
    assert hand_in(student, once).status_code == 202
    answer = hand_in(student, once)
    assert answer.status_code == 409
    assert "All attempts (1) are used" in answer.json()["detail"]


def test_late_work_is_taken_and_marked(student: Person, cast: Cast, course: Any) -> None:
    due = cast.assignment(course, due_at=now() - timedelta(minutes=1))
    receipt = hand_in(student, due)
    assert student.api.get(f"/submissions/{receipt.json()['id']}").json()["late"] is True


@pytest.mark.parametrize("unknown", ["0", "-1", "999999999", str(2**31), str(10**30), "abc", "1.5"])
def test_an_unknown_assignment_is_not_there(unknown: str, student: Person) -> None:
    answer = student.api.post(f"/assignments/{unknown}/submissions", files={"file": ("a.py", GOOD)})
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_two_files_at_once_are_not_taken_at_all(student: Person, assignment: Assignment) -> None:
    files = [("file", ("a.py", b"x = 1\n")), ("file", ("b.py", b"x = 2\n"))]
    path = f"/assignments/{assignment.id}/submissions"
    said = {student.api: "was sent 2 times", student.web: "more than one file, so none was taken"}
    for client, words in said.items():
        answer = client.post(path, files=files)
        assert answer.status_code == 422
        assert words in answer.text
    assert student.api.get(path).json() == []


def test_a_notebook_is_taken_and_of_it_the_code_alone(
    student: Person, assignment: Assignment
) -> None:
    image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "x" * 500_000}}
    sent = notebook(
        cell("# Homework", "markdown"),
        cell(GOOD.decode(), outputs=[image]),
        "class Product(torch.nothing):\n    pass",
    )
    files = {"file": ("work.ipynb", sent)}
    receipt = student.api.post(f"/assignments/{assignment.id}/submissions", files=files)
    found = graded(student, receipt)
    by_slug = {one["slug"]: one for one in found["exercises"]}
    assert by_slug["sigmoid"]["score"] == 10
    assert "in cell 3, line 1." in by_slug["product"]["summary"]
    assert by_slug["product"]["checks"][0]["place"] == {"cell": 3, "line": 1}
    assert found["notes"][0]["place"] == {"cell": 3, "line": 1}
    page = student.web.get(f"/submissions/{found['id']}").text
    assert 'aria-label="Cell 2, line 1"' in page
    assert ">cell 3, line 1</a>" in page
    assert student.web.get(f"/submissions/{found['id']}/source.py").text.startswith("# %% cell 2")
