"""An answer is kept with what it tells of, for a day, for who was answered; nobody can read it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.idempotency import answers, holding
from app.idempotency.answers import LARGEST, Answer, Sending
from app.identity.authentication import SCOPES, Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Comment, Course, KeptAnswer, User
from app.settings import settings
from tests.support.cast import Cast, Person
from tests.support.processes.server import served
from tests.support.processes.wrecking import kill
from tests.support.waiting import wait_for

KEY = {"Idempotency-Key": "one"}
TOKEN = {"name": "nightly", "scopes": ["courses:read"]}
SAID = {"text": "Well done."}
TOLD = Answer(201, {"location": "/api/v1/things/1", "content-type": "application/json"}, b"[1]")


@pytest.fixture
def elsewhere(
    stack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """Has this process, and not the running service, keep its keys in another folder."""
    monkeypatch.setenv("CHAINRULE_RECEIPT_KEYS", str(tmp_path / "keys"))
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def kept(db: Session, person: Person) -> KeptAnswer | None:
    db.rollback()
    return db.scalar(select(KeptAnswer).where(KeptAnswer.user_id == person.user.id))


def comments(db: Session, assignment: Assignment) -> int:
    db.rollback()
    of_it = Comment.assignment_id == assignment.id
    return db.scalar(select(func.count()).where(of_it)) or 0


def known(person: Person, payload: bytes = b"x") -> Answer | None:
    """What this process knows of a request of somebody's."""
    with database.session() as session:
        return Sending(session, Actor(person.user), "one", [payload]).known()


def keep(person: Person, answer: Answer, payload: bytes = b"x") -> None:
    with database.session() as session:
        Sending(session, Actor(person.user), "one", [payload]).keep(answer)
        session.commit()


def test_a_token_that_was_made_is_told_again_and_lies_readable_nowhere(
    db: Session, instructor: Person
) -> None:
    first, again = (instructor.api.post("/tokens", json=TOKEN, headers=KEY) for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["cache-control"] == "no-store"
    row = kept(db, instructor)
    assert row is not None
    assert row.answer is not None
    secret = first.json()["token"].encode()
    assert secret not in row.answer
    assert secret[7:] not in b"".join(str(one).encode() for one in vars(row).values())


def test_an_answer_of_one_person_put_into_anothers_row_does_not_open(
    db: Session, instructor: Person, outsider: Person
) -> None:
    for person in (instructor, outsider):
        assert person.api.post("/tokens", json=TOKEN, headers=KEY).status_code == 201
    other = kept(db, outsider)
    assert other is not None
    to = KeptAnswer.user_id == instructor.user.id
    db.execute(update(KeptAnswer).where(to).values(answer=other.answer))
    db.commit()
    again = instructor.api.post("/tokens", json=TOKEN, headers=KEY)
    assert again.status_code == 409
    assert "told no more" in again.json()["detail"]


def test_a_token_that_reaches_less_far_is_not_told(
    cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> None:
    def copy(*scopes: str, course_id: int | None = None) -> tuple[int, str]:
        api = instructor.api_with(*scopes, course_id=course_id)
        answer = api.post(f"/assignments/{assignment.id}/copies", json={}, headers=KEY)
        return answer.status_code, answer.json().get("detail", "")

    wide = ("courses:read", "courses:write")
    assert copy(*wide, course_id=course.id)[0] == 201
    assert copy(*wide, course_id=course.id)[0] == 201
    assert copy(*SCOPES)[0] == 201
    status, said = copy("courses:read", course_id=course.id)
    assert (status, "lacks courses:write" in said) == (403, True)
    status, said = copy(*wide, course_id=cast.course().id)
    assert (status, "another course" in said) == (403, True)


def test_what_changed_nothing_leaves_the_key_unused(course: Course, instructor: Person) -> None:
    at, file = f"/courses/{course.id}/roster", {"text": "email\nnew@cast.example\n"}
    assert instructor.api.post(at, json=file, headers=KEY).status_code == 200
    assert instructor.api.post(at, json={"text": 1}, headers=KEY).status_code == 422
    done = instructor.api.post(at, json=file | {"dry_run": False}, headers=KEY)
    assert (done.status_code, done.json()["done"]) == (200, True)


def test_a_server_that_is_killed_has_done_it_and_kept_the_answer_or_has_done_nothing(
    db: Session, assignment: Assignment, student: Person, instructor: Person, tmp_path: Path
) -> None:
    path = f"/assignments/{assignment.id}/grades/{student.user.id}/comments"
    token = instructor.token(*SCOPES)

    def send(server: str, key: str) -> socket.socket:
        where = urlsplit(server)
        sent = socket.create_connection((where.hostname, where.port), timeout=30)
        head = f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nIdempotency-Key: {key}\r\n"
        kind = "Content-Type: application/json\r\nContent-Length: 21\r\n"
        body = '{"text":"Well done."}'
        sent.sendall(f"{head}{kind}Authorization: Bearer {token}\r\n\r\n{body}".encode())
        return sent

    with served(tmp_path) as server, database.session() as other:
        with send(server.url, "done"):
            wait_for(lambda: kept(db, instructor), "the answer to be kept")
        other.execute(select(User).where(User.id == student.user.id).with_for_update())
        with send(server.url, "begun"):
            wait_for(lambda: waits_for_a_row(db), "the second to wait")
            kill(server.pid)
        other.rollback()
    assert comments(db, assignment) == 1
    sent = [{"Idempotency-Key": key} for key in ("done", "begun", "done", "begun")]
    api = instructor.api_with(*SCOPES)
    told = [api.post(path, json=SAID, headers=key) for key in sent]
    assert [one.status_code for one in told] == [201] * 4
    replayed = ["idempotency-replayed" in one.headers for one in told]
    assert replayed == [True, False, True, True]
    assert comments(db, assignment) == 2


def waits_for_a_row(db: Session) -> bool:
    db.rollback()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return bool(db.connection().exec_driver_sql(waiting).scalar())


def test_answers_are_forgotten_after_a_day_by_themselves(db: Session, student: Person) -> None:
    keep(student, TOLD)
    day = timedelta(hours=24)
    for age, left in ((day - timedelta(minutes=1), True), (day + timedelta(seconds=1), False)):
        db.execute(update(KeptAnswer).values(created_at=now() - age))
        answers.forget(db)
        db.commit()
        assert (kept(db, student) is not None) is left


def test_an_answer_as_large_as_is_kept_is_told_again(student: Person) -> None:
    large = Answer(201, TOLD.headers, os.urandom(LARGEST))
    keep(student, large)
    assert known(student) == large


def test_where_many_wait_for_a_key_the_next_is_told_so_at_once(
    db: Session, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_waiting", BoundedSemaphore(1))
    monkeypatch.setattr(holding, "WAIT_S", 3600.0)
    with ThreadPoolExecutor(2) as pool, database.session() as first:
        holding.hold(first, student.user.id, "one")
        two = [pool.submit(known, student) for _ in range(2)]
        told = wait(two, return_when=FIRST_COMPLETED).done.pop()
        with pytest.raises(Conflict, match="still being worked on"):
            told.result()
        first.rollback()
    assert [each.result() for each in two if each is not told] == [None]


def test_of_an_answer_that_is_too_large_it_is_kept_that_there_was_one(student: Person) -> None:
    large = Answer(201, TOLD.headers, bytes(LARGEST + 1))
    keep(student, large)
    with pytest.raises(Conflict, match="nothing was done again") as gone:
        known(student)
    assert gone.value.headers["location"] == "/api/v1/things/1"


def test_beyond_so_many_bytes_a_day_it_is_kept_that_there_were_some(
    student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Answer(201, TOLD.headers, os.urandom(400))
    monkeypatch.setattr(answers, "_BYTES", "1200/day")
    for payload in (b"a", b"b", b"c"):
        with database.session() as session:
            Sending(session, Actor(student.user), payload.decode(), [payload]).keep(told)
            session.commit()
    with database.session() as session:
        assert Sending(session, Actor(student.user), "b", [b"b"]).known() == told
        with pytest.raises(Conflict, match="told no more"):
            Sending(session, Actor(student.user), "c", [b"c"]).known()


def test_with_another_key_of_the_service_the_answer_is_gone_and_nothing_is_done_again(
    elsewhere: pytest.MonkeyPatch, tmp_path: Path, student: Person
) -> None:
    keep(student, TOLD)
    assert known(student) == TOLD
    (tmp_path / "keys" / "sealing-key").unlink()
    with pytest.raises(Conflict, match="told no more"):
        known(student)


def test_without_a_folder_for_keys_things_are_done_and_once_all_the_same(
    elsewhere: pytest.MonkeyPatch, tmp_path: Path, student: Person
) -> None:
    (tmp_path / "keys").write_text("no folder")
    keep(student, TOLD)
    with pytest.raises(Conflict, match="told no more"):
        known(student)


def test_what_fails_after_its_commit_was_asked_for_is_not_done(
    db: Session, student: Person
) -> None:
    def fails_late(session: Session) -> None:
        with database.commits_held(session) as held:
            session.execute(update(User).where(User.id == student.user.id).values(name="New"))
            session.commit()
            assert held.wanted
            raise ZeroDivisionError

    with database.session() as session, pytest.raises(ZeroDivisionError):
        fails_late(session)
    assert db.get_one(User, student.user.id).name != "New"
