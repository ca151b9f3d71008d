"""Errors of the API: problem+json, never a trace, also when a part of the service is away."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from app import api
from app.models import Assignment
from app.settings import settings
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Person
from tests.support.processes.server import nobody, served
from tests.support.processes.stack import Stack

CHARSETS = ["utf-7", "utf-16", "unicode_escape", "zlib", "nonsense"]


def is_a_problem(answer: httpx.Response, status: int) -> bool:
    problem = answer.json()
    return (
        answer.status_code == status == problem["status"]
        and answer.headers["content-type"] == "application/problem+json"
        and problem.keys() >= {"type", "title", "status", "detail", "instance"}
        and problem["instance"] == answer.request.url.path
        and "Traceback" not in answer.text
    )


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/", "/api/v2/me", "/api/v1/%00"])
def test_an_unknown_address_is_a_problem(path: str, stack: Stack) -> None:
    assert is_a_problem(httpx.get(stack.url + path, trust_env=False, verify=False), 404)


def test_an_unknown_method_is_told_which_ones_there_are(
    student: Person, assignment: Assignment
) -> None:
    answer = student.api.put(f"/assignments/{assignment.id}/submissions")
    assert is_a_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"
    assert student.api.request("PROPFIND", "/me").status_code == 405


def test_every_address_answers_a_method_that_it_has_not_with_a_problem(student: Person) -> None:
    addresses = {getattr(route, "path", "") for route in api.router.routes}
    for address in addresses:
        path = re.sub(r"{submission_id}|{export_id}", str(UUID(int=0)), address)
        path = re.sub(r"{[^}]*}", "1", path).removeprefix("/api/v1")
        answer = student.api.request("PROPFIND", path)
        assert is_a_problem(answer, 405), address
        assert answer.headers["allow"], address


def test_a_body_past_every_limit_is_turned_away(student: Person, assignment: Assignment) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    def unannounced() -> Iterator[bytes]:
        yield head
        yield from (b"x" * 100_000 for _ in range(100))

    for body in (head + b"x" * 9_000_000, unannounced()):
        answer = student.api.post(path, content=body, headers=headers)
        assert is_a_problem(answer, 413)
        assert answer.json()["title"] == "The file is too large"
        assert "256 kB" in answer.json()["detail"]
        assert "roster" not in answer.json()["detail"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_text_in_a_strange_encoding_breaks_nothing(
    charset: str, student: Person, instructor: Person, assignment: Assignment
) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="+2AA-.py"\r\n\r\nx = 1\r\n'
        b'--b\r\nContent-Disposition: form-data; name="student"\r\n\r\n+2AA-\\ud800\r\n--b--\r\n'
    )
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    path = f"/assignments/{assignment.id}/submissions"
    answer = instructor.api.post(path, content=form, headers=headers)
    assert is_a_problem(answer, 422)


@pytest.mark.parametrize("host", ["[", "[::", "a b", "\xff", "x" * 20_000])
def test_a_strange_host_breaks_nothing(host: str, student: Person, stack: Stack) -> None:
    request = (
        f"GET /api/v1/courses?per_page=1 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
        f"Authorization: Bearer {student.token('courses:read')}\r\n\r\n"
    )
    where = urlsplit(stack.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(request.encode("latin-1"))
        status = int(connection.recv(12).split()[1])
        while connection.recv(65536):
            pass
    assert status in (400, 421)


def test_huge_headers_break_nothing(student: Person) -> None:
    answer = student.api.get("/me", headers={"X-Huge": "x" * 60_000})
    assert answer.status_code < 500


@pytest.mark.stack
def test_without_postgres_one_is_told_so_and_when_to_come_back(tmp_path: Path) -> None:
    away = f"postgresql+psycopg://nobody@{nobody()}/nothing"
    with served(tmp_path, CHAINRULE_DATABASE_URL=away) as server:
        with server.api("cr_pat_whatever") as api:
            answers = [
                api.get("/me"),
                api.post("/assignments/1/submissions", files={"file": ("a.py", GOOD)}),
            ]
        for answer in answers:
            assert is_a_problem(answer, 503)
            assert "nothing is lost" in answer.json()["detail"]
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert server.get("/healthz").json() == {"status": "ok"}
        readiness = server.get("/readyz")
        assert readiness.status_code == 503
        assert readiness.json()["postgres"] == "away"


def test_without_redis_uploads_are_taken_and_graded_all_the_same(
    student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    from tests.api.handing_in.test_handing_in import graded

    with (
        served(tmp_path, CHAINRULE_REDIS_URL=f"redis://{nobody()}/0") as server,
        server.api(student.token("submissions:write")) as api,
    ):
        readiness = server.get("/readyz")
        receipt = api.post(
            f"/assignments/{assignment.id}/submissions", files={"file": ("a.py", GOOD)}
        )
    assert (readiness.status_code, readiness.json()["status"]) == (200, "degraded")
    assert receipt.status_code == 202
    assert graded(student, receipt)["score"] == 10


def test_a_fault_of_ours_is_told_without_its_cause(
    student: Person, stack: Stack, tmp_path: Path
) -> None:
    """A database without our tables is a fault that no request can cause."""
    database = settings().database_url.get_secret_value()
    elsewhere = f"{database}{'&' if '?' in database else '?'}options=-csearch_path%3Delsewhere"
    with (
        served(tmp_path, CHAINRULE_DATABASE_URL=elsewhere) as server,
        server.api(student.token("courses:read")) as api,
    ):
        answer = api.get("/me")
        assert is_a_problem(answer, 500)
        assert "Nothing you handed in is lost" in answer.json()["detail"]
        assert "api_tokens" not in answer.text
        assert answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"] in server.log.read_text()
