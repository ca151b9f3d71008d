"""Several files in one call: each is taken or refused as if it had come alone."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.models import Assignment, Course
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Cast, Person
from tests.support.processes.server import served
from tests.support.waiting import wait_for


def send(client: httpx.Client, *files: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    headers["Content-Type"] = "application/json"
    body = json.dumps({"submissions": files})  # as ASCII: half characters, too, can be sent
    answer = client.post("/submissions", content=body, headers=headers)
    assert answer.status_code == 207, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["submissions"]
    return outcomes


def statuses(outcomes: list[dict[str, Any]]) -> list[int]:
    return [one["status"] for one in outcomes]


def attempts(person: Person, assignment: Assignment) -> int:
    return len(person.api.get(f"/assignments/{assignment.id}/submissions").json())


def test_what_is_wrong_with_one_leaves_those_before_and_after_it(
    student: Person, assignment: Assignment
) -> None:
    good = {"assignment": assignment.id, "text": GOOD.decode()}
    outcomes = send(student.api, good, good | {"text": "x = '\ud800'"}, good)
    assert statuses(outcomes) == [202, 422, 202]
    assert "half a character" in outcomes[1]["problem"]["detail"]
    assert attempts(student, assignment) == 2


def test_the_key_of_the_call_may_be_that_of_a_file(student: Person, assignment: Assignment) -> None:
    good = {"assignment": assignment.id, "text": GOOD.decode(), "key": "one"}
    for _ in range(2):
        outcomes = send(student.api, good, **{"Idempotency-Key": "one"})
        assert statuses(outcomes) == [202]
    assert attempts(student, assignment) == 1


def test_a_file_that_is_none_is_named_by_its_number(
    student: Person, assignment: Assignment
) -> None:
    good = {"assignment": assignment.id, "text": GOOD.decode()}
    sent = {"submissions": [good, good, {"assignment": "one", "text": "x"}]}
    answer = student.api.post("/submissions", json=sent)
    assert answer.status_code == 422
    assert "`submissions` number 3 must be a whole number" in answer.json()["detail"]
    assert attempts(student, assignment) == 0


def test_of_many_students_to_several_assignments_each_is_answered_in_order(
    cast: Cast,
    course: Course,
    assignment: Assignment,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    second = cast.assignment(course, points={"sum": 10.0})
    code = b64encode(GOOD).decode()
    outcomes = send(
        instructor.api,
        {"assignment": assignment.id, "student": student.email, "base64": code},
        {"assignment": second.id, "student": other_student.email, "text": GOOD.decode()},
        {"assignment": second.id, "student": "nobody@cast.example", "text": "x = 1"},
        {"assignment": 2**31 - 1, "student": student.email, "text": "x = 1"},
        {"assignment": second.id, "student": student.email, "text": "  "},
        {"assignment": second.id, "student": student.email, "text": "x", "base64": "eA=="},
        {"assignment": second.id, "student": student.email},
        {"assignment": second.id, "student": student.email, "base64": "not base64"},
        {"assignment": second.id, "student": student.email, "text": "x" * 300_000},
        {"assignment": second.id, "student": student.email, "text": "x = 1"},
    )
    assert statuses(outcomes) == [202, 202, 422, 404, 422, 422, 422, 422, 413, 202]
    for one in outcomes:
        assert (one["submission"] is None) is (one["status"] != 202)
        assert (one["problem"] is None) is (one["status"] == 202)
    assert outcomes[2]["problem"]["errors"] == {"student": "not in the course"}
    assert [attempts(student, sheet) for sheet in (assignment, second)] == [1, 1]
    assert attempts(other_student, second) == 1
    number = outcomes[0]["submission"]["id"]
    graded = wait_for(lambda: is_graded(student, number), "the score")
    assert graded["score"] == 10
    assert outcomes[0]["submission"]["receipt"]


def is_graded(person: Person, number: str) -> dict[str, Any] | None:
    found: dict[str, Any] = person.api.get(f"/submissions/{number}").json()
    return found if found["status"] == "graded" else None


def test_a_student_hands_in_their_own_and_nobody_elses(
    assignment: Assignment, student: Person, other_student: Person
) -> None:
    own = {"assignment": assignment.id, "text": "x = 1"}
    assert statuses(send(student.api, own, own | {"student": other_student.email})) == [202, 403]
    assert statuses(send(student.api_with("submissions:read"), own)) == [403]


def test_sent_again_what_was_taken_is_told_and_what_was_refused_is_looked_at_anew(
    cast: Cast, course: Course, student: Person
) -> None:
    once = cast.assignment(course, max_attempts=1)
    hidden = cast.assignment(course, published=False)
    files = [
        {"assignment": once.id, "text": "x = 1", "key": "a"},
        {"assignment": hidden.id, "text": "x = 1", "key": "b"},
        {"assignment": once.id, "text": "x = 2", "key": "c"},
        {"assignment": once.id, "text": "x = 2", "key": "a"},
        {"assignment": once.id, "text": "x = 1", "key": ""},
    ]
    first, again = send(student.api, *files), send(student.api, *files)
    assert statuses(first) == statuses(again) == [202, 404, 409, 422, 422]
    assert first[0]["submission"] == again[0]["submission"]
    assert [one["replayed"] for one in first] == [False] * 5
    assert [one["replayed"] for one in again] == [True] + [False] * 4
    assert attempts(student, once) == 1


def test_with_a_key_for_the_whole_call_all_of_it_is_answered_as_before(
    assignment: Assignment, student: Person
) -> None:
    files = [{"assignment": assignment.id, "text": text} for text in ("x = 1", "", "x = 2")]
    first, again = (send(student.api, *files, **{"Idempotency-Key": "all"}) for _ in range(2))
    assert statuses(first) == [202, 422, 202]
    assert first == again
    assert attempts(student, assignment) == 2


def test_each_file_counts_against_the_limit_of_uploads(
    assignment: Assignment, student: Person, tmp_path: Path
) -> None:
    file = {"assignment": assignment.id, "text": "x = 1"}
    with (
        served(tmp_path, CHAINRULE_SUBMIT_LIMIT="2/minute") as server,
        server.api(student.token("submissions:write")) as api,
    ):
        answer = api.post("/submissions", json={"submissions": [file] * 3})
    outcomes = answer.json()["submissions"]
    assert statuses(outcomes) == [202, 202, 429]
    assert 1 <= outcomes[2]["problem"]["retry_after"] <= 60
    assert '"submit";q=2;w=60' in answer.headers["ratelimit-policy"]
    assert answer.headers["ratelimit"].count('"submit"') == 1
    assert attempts(student, assignment) == 2


@pytest.mark.parametrize(
    "files",
    [[], [{"text": "x"}] * 51, [{"text": "x", "name": "a"}], [{"text": "x", "student": ""}]],
)
def test_a_call_that_is_none_takes_nothing(
    files: list[dict[str, Any]], assignment: Assignment, student: Person
) -> None:
    sent = [{"assignment": assignment.id, **file} for file in files]
    answer = student.api.post("/submissions", json={"submissions": sent})
    assert answer.status_code == 422
    assert attempts(student, assignment) == 0


def test_a_call_past_every_limit_is_told_how_large_it_may_be(student: Person) -> None:
    answer = student.api.post("/submissions", content=b"x" * 9_000_000)
    assert answer.status_code == 413
    assert "none of its files was taken" in answer.json()["detail"]
