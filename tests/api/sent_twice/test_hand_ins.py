"""Uploads sent twice with an Idempotency-Key, as a client does after a broken connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, KeptAnswer
from tests.support.cast import Cast, Person


def send(
    person: Person, assignment: Assignment, key: str, content: bytes = b"x = 1\n", **data: str
) -> httpx.Response:
    return person.api.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", content)},
        data=data,
        headers={"Idempotency-Key": key},
    )


def attempts(person: Person, assignment: Assignment) -> int:
    return len(person.api.get(f"/assignments/{assignment.id}/submissions").json())


def test_the_same_upload_again_gives_the_first_answer_again(
    student: Person, assignment: Assignment
) -> None:
    first = send(student, assignment, '"one"')
    again = send(student, assignment, "one")  # bare is as good as quoted
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert attempts(student, assignment) == 1


def hold(session: Session, person: Person, key: str) -> None:
    """What a first upload with this key does while it is being stored."""
    name = func.hashtextextended(f"{person.user.id}:{key}", 0)
    session.execute(select(func.pg_advisory_xact_lock(name)))


def test_a_retry_while_the_first_still_runs_waits_for_it(
    student: Person, assignment: Assignment
) -> None:
    with database.session() as first, ThreadPoolExecutor() as pool:
        hold(first, student, "one")
        retry = pool.submit(send, student, assignment, "one")
        with pytest.raises(TimeoutError):
            retry.result(timeout=0.5)
        first.rollback()
        assert retry.result(timeout=60).status_code == 202
    assert attempts(student, assignment) == 1


def test_a_retry_does_not_wait_for_ever_and_takes_nothing_then(
    student: Person, assignment: Assignment
) -> None:
    with database.session() as first:
        hold(first, student, "one")
        answer = send(student, assignment, "one")
    assert answer.status_code == 409
    assert "Send it again" in answer.json()["detail"]
    assert attempts(student, assignment) == 0
    assert send(student, assignment, "one").status_code == 202


def test_another_payload_with_the_same_key_is_refused(
    student: Person, assignment: Assignment
) -> None:
    send(student, assignment, "one")
    answer = send(student, assignment, "one", b"x = 2\n")
    assert answer.status_code == 422
    assert "another payload" in answer.json()["detail"]
    assert attempts(student, assignment) == 1


def test_another_assignment_or_student_is_another_payload(
    cast: Cast, course: Course, instructor: Person, student: Person, assignment: Assignment
) -> None:
    assert send(instructor, assignment, "one", student=student.email).status_code == 202
    assert send(instructor, assignment, "one").status_code == 422
    other = cast.assignment(course)
    assert send(instructor, other, "one", student=student.email).status_code == 422


def test_keys_are_each_persons_own(
    student: Person, other_student: Person, assignment: Assignment
) -> None:
    ids = {send(who, assignment, "one").json()["id"] for who in (student, other_student)}
    assert len(ids) == 2


def test_what_was_refused_leaves_the_key_unused(student: Person, assignment: Assignment) -> None:
    assert send(student, assignment, "one", b"").status_code == 422
    assert send(student, assignment, "one").status_code == 202


def test_twenty_at_once_make_one_attempt(student: Person, assignment: Assignment) -> None:
    assert student.api  # made before the threads share it
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: send(student, assignment, "one"), range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert attempts(student, assignment) == 1


def test_a_key_is_forgotten_after_a_day(student: Person, assignment: Assignment) -> None:
    first = send(student, assignment, "one")
    with database.session() as session:
        kept = session.get_one(KeptAnswer, (student.user.id, "one"))
        kept.created_at = now() - timedelta(hours=24, seconds=1)
        session.commit()
    again = send(student, assignment, "one")
    assert again.status_code == 202
    assert again.json()["id"] != first.json()["id"]


@pytest.mark.parametrize("key", ["", '""', '"half', "x" * 256, "tab\there", "caf\xe9", '"a"b"'])
def test_a_key_that_is_none_is_told(key: str, student: Person, assignment: Assignment) -> None:
    answer = student.api.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", b"x = 1\n")},
        headers={b"Idempotency-Key": key.encode("latin-1")},
    )
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]


def test_a_token_that_may_not_hand_in_is_not_told_what_was(
    student: Person, assignment: Assignment
) -> None:
    assert send(student, assignment, "one").status_code == 202
    answer = student.api_with("courses:read").post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", b"x = 1\n")},
        headers={"Idempotency-Key": "one"},
    )
    assert answer.status_code == 403
    assert "submissions:write" in answer.json()["detail"]
