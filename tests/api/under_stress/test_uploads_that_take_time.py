"""An upload counts from when it began; how long it may take is bounded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.http.dependencies import cookie_name
from app.infrastructure.clock import now
from app.models import Assignment
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Person
from tests.support.processes.server import served
from tests.support.processes.stack import Stack

EDGE = "----edge"
BODY = (
    f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'.encode()
    + GOOD
    + f"\r\n--{EDGE}--\r\n".encode()
)


class Upload:
    """One whose head was sent and read; its body is still to come."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, body: bytes) -> None:
        self._connection.sendall(body)

    def answer(self) -> str:
        """The whole answer, once the service closes the connection."""
        heard = b""
        while more := self._connection.recv(65_536):
            heard += more
        return heard.decode()


@contextmanager
def begun(url: str, path: str, credential: str) -> Iterator[Upload]:
    """An upload that the service has begun to read: it has asked for the body."""
    where = urlsplit(url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\n{credential}\r\n"
        f"Content-Type: multipart/form-data; boundary={EDGE}\r\nContent-Length: {len(BODY)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(head.encode())
        assert b"100 Continue" in connection.recv(1024)
        yield Upload(connection)


def door(person: Person, assignment: Assignment, kind: str) -> tuple[str, str]:
    """The path and the credential of a way to hand in."""
    if kind == "API":
        credential = f"Authorization: Bearer {person.token('submissions:write')}"
        return f"/api/v1/assignments/{assignment.id}/submissions", credential
    credential = f"Cookie: {cookie_name()}={person.cookie[cookie_name()]}"
    return (
        f"/assignments/{assignment.id}/{'trial' if kind == 'trial' else 'submissions'}",
        credential,
    )


def ends(db: Session, assignment: Assignment, ago: timedelta = timedelta()) -> None:
    """Have an assignment be due and closed from this moment on."""
    moment = now() - ago
    changed = update(Assignment).where(Assignment.id == assignment.id)
    db.execute(changed.values(due_at=moment, closes_at=moment))
    db.commit()


@pytest.mark.parametrize(("kind", "status"), [("API", "202"), ("page", "303"), ("trial", "303")])
def test_what_began_before_the_closing_and_ended_after_it_is_in_time(
    db: Session, stack: Stack, student: Person, assignment: Assignment, kind: str, status: str
) -> None:
    with begun(stack.url, *door(student, assignment, kind)) as upload:
        ends(db, assignment)
        upload.send(BODY)
        assert upload.answer().split(" ", 2)[1] == status
    if kind != "trial":
        (made,) = student.api.get(f"/assignments/{assignment.id}/submissions").json()
        assert made["late"] is False


@pytest.mark.parametrize("kind", ["API", "page", "trial"])
def test_what_began_after_the_closing_is_refused(
    db: Session, stack: Stack, student: Person, assignment: Assignment, kind: str
) -> None:
    ends(db, assignment, timedelta(milliseconds=1))
    with begun(stack.url, *door(student, assignment, kind)) as upload:
        upload.send(BODY)
        assert upload.answer().split(" ", 2)[1] == "409"


def test_nobody_keeps_an_upload_open_to_finish_it_later(
    db: Session, student: Person, assignment: Assignment, tmp_path: Path
) -> None:
    path, credential = door(student, assignment, "API")
    with (
        served(tmp_path, CHAINRULE_UPLOAD_SECONDS="1") as server,
        begun(server.url, path, credential) as upload,
    ):
        upload.send(BODY[:-1])
        answer = upload.answer()
    assert answer.split(" ", 2)[1] == "408"
    assert "took longer than 1 seconds to arrive, so nothing was taken" in answer
    assert student.api.get(f"/assignments/{assignment.id}/submissions").json() == []
