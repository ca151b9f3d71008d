"""What comes half, or too large, is refused before anything of it is looked at, and soon."""

from __future__ import annotations

import json
import re
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from app.infrastructure import database, pubsub
from app.models import Assignment, Status
from app.scheduling import leases
from tests.api.watching.test_live_events import events, held_by_nobody
from tests.support.cast import Person
from tests.support.processes.server import Server, served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

HOST = b"host: example.com\r\n"
BRIEF = {"CHAINRULE_HEAD_SECONDS": "0.5", "CHAINRULE_BODY_SECONDS": "1"}
_MB = 1 << 20


@pytest.fixture(scope="module")
def server(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(
        tmp_path_factory.mktemp("server"), **BRIEF, CHAINRULE_WAITING_CONNECTIONS="20"
    ) as running:
        yield running


def connected(url: str) -> socket.socket:
    host, port = re.findall(r"//(.+):(\d+)", url)[0]
    return socket.create_connection((host, int(port)), timeout=20)


def heard(line: socket.socket) -> bytes:
    """All that comes until the other end closes; what it does not want to read any more is lost."""
    said = b""
    try:
        while more := line.recv(1 << 16):
            said += more
    except ConnectionResetError:
        pass
    return said


def answer(url: str, request: bytes) -> tuple[int, str]:
    """The status and the body that a request is answered with, however little of it was taken."""
    with closing(connected(url)) as line:
        with suppress(OSError):
            line.sendall(request)
        head, _, body = heard(line).partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head else 0), body.decode()


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (414, b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
        (431, b"GET / HTTP/1.1\r\n" + HOST + b"cookie: " + b"a" * 40_000 + b"\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"x%d: 1\r\n" % n for n in range(101))),
    ],
)
def test_a_head_that_is_too_large_is_refused_in_words(
    server: Server, status: int, request_: bytes
) -> None:
    told, body = answer(server.url, request_)
    assert told == status
    assert "this one has more" in body


def test_a_head_as_browsers_send_them_is_taken(server: Server) -> None:
    cookies = b"cookie: " + b"a" * 16_000 + b"\r\n"
    many = b"".join(b"x%d: 1\r\n" % number for number in range(90))
    request = b"GET /healthz?" + b"a" * 7_000 + b" HTTP/1.1\r\nconnection: close\r\n"
    assert answer(server.url, request + HOST + cookies + many + b"\r\n")[0] == 200


def test_a_program_is_told_as_programs_are(server: Server) -> None:
    head = b"GET /api/v1/me HTTP/1.1\r\n" + HOST + b"authorization: " + b"a" * 40_000 + b"\r\n\r\n"
    status, body = answer(server.url, head)
    assert json.loads(body)["status"] == status == 431


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET / HTTP/1.1\r\n" + HOST + b"x: ",
        b"POST / HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n\r\n1;",
        b"POST / HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: ",
    ],
    ids=["a header", "what stands behind a chunk's length", "a trailer"],
)
def test_what_has_no_end_is_cut_off_long_before_it_fills_the_memory(
    server: Server, beginning: bytes
) -> None:
    with closing(connected(server.url)) as line:
        line.sendall(beginning)
        sent = 0
        with suppress(OSError):
            while sent < 150 * _MB:
                line.sendall(b"a" * 65_536)
                sent += 65_536
    assert sent < 20 * _MB  # what lay in the sockets' own buffers


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        (b"", b""),
        (b"\r\n", b"408"),
        (b"GET /sign-in HTTP/1.1\r\nhost: exam", b"408"),
        (b"POST /sign-in HTTP/1.1\r\n" + HOST + b"content-length: 9\r\n\r\nemail", b"408"),
        (b"POST /healthz HTTP/1.1\r\n" + HOST + b"content-length: 9\r\n\r\nemail", b"405"),
    ],
    ids=["nothing", "an empty line", "half a head", "half a body", "half a body, answered before"],
)
def test_what_is_half_sent_is_closed_after_its_time(
    server: Server, begun: bytes, told: bytes
) -> None:
    with closing(connected(server.url)) as line:
        line.sendall(begun)
        assert heard(line)[9:12] == told


def test_a_request_right_behind_another_has_its_time_too(server: Server) -> None:
    whole = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    with closing(connected(server.url)) as line:
        line.sendall(whole + whole + b"GET /healthz HTTP/1.1\r\n")
        assert re.findall(rb"HTTP/1.1 (\d+)", heard(line)) == [b"200", b"200", b"408"]


def test_of_many_half_sent_requests_most_give_way_to_a_new_one(
    stack: Stack, tmp_path: Path
) -> None:
    long = {"CHAINRULE_HEAD_SECONDS": "60", "CHAINRULE_WAITING_CONNECTIONS": "20"}
    with served(tmp_path, **long) as server, ExitStack() as opened:
        lines = [opened.enter_context(closing(connected(server.url))) for _ in range(60)]
        for line in lines:
            with suppress(OSError):  # it has given way
                line.sendall(b"GET /healthz HTTP/1.1\r\nconnection: close\r\n")
        wait_for(lambda: len(select.select(lines, [], [], 0)[0]) >= 40, "40 to give way")
        newest = opened.enter_context(closing(connected(server.url)))
        newest.sendall(b"GET /healthz HTTP/1.1\r\nconnection: close\r\n" + HOST + b"\r\n")
        assert b"200" in heard(newest)
        assert len(select.select(lines, [], [], 0)[0]) <= 41


def test_one_connection_is_used_again_and_again(server: Server) -> None:
    request = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    with closing(connected(server.url)) as line:
        for _ in range(3):
            line.sendall(request)
            said = b""
            while not said.endswith(b'{"status":"ok"}'):
                said += line.recv(1 << 16)
            assert said.startswith(b"HTTP/1.1 200")


def test_a_stream_outlives_the_time_of_a_request(
    server: Server, student: Person, assignment: Assignment
) -> None:
    held, lease = held_by_nobody(student, assignment)
    with server.api(student.token("submissions:read")) as api:
        told = events(api, str(held))
        assert next(told)["status"] == "running"
        with closing(connected(server.url)) as other:  # which came later, and is closed before
            other.sendall(b"POST /sign-in HTTP/1.1\r\n" + HOST + b"content-length: 9\r\n\r\nemail")
            heard(other)
        with database.session() as session:
            assert leases.return_after_fault(session, held, lease, "for a test") is Status.FAILED
            session.commit()
        pubsub.publish(held)
        assert [standing["status"] for standing in told] == ["failed"]
