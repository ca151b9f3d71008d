"""The log tells who asked for what, and holds nothing that would let somebody in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.infrastructure import database, logs
from app.models import Assignment, User
from app.settings import settings
from tests.api.handing_in.test_handing_in import GOOD, graded
from tests.support.cast import PASSWORD, Person
from tests.support.processes.server import nobody, served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

MINE = "0123abcd-of-this-test"


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_each_request_leaves_one_line_with_its_id(
    student: Person, assignment: Assignment, stack: Stack
) -> None:
    receipt = student.api.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", GOOD)},
        headers={"X-Request-ID": MINE},
    )
    assert receipt.headers["x-request-id"] == MINE

    def of_mine() -> list[dict[str, Any]]:
        return [line for line in lines(stack.log("web")) if line.get("request_id") == MINE]

    (line,) = wait_for(of_mine, "the request's line")
    assert line["event"] == "request"
    assert line["route"] == "/api/v1/assignments/{assignment_id}/submissions"
    assert (line["method"], line["status"], line["user"]) == ("POST", 202, str(student.user.id))
    assert line["submission"] == receipt.json()["id"]
    assert line["ms"] > 0


@pytest.mark.parametrize("given", ["", "x" * 65, "new\tline", "{}"])
def test_a_strange_request_id_is_replaced(given: str, student: Person) -> None:
    kept = student.api.get("/me", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert len(kept) == 32
    assert kept != given


def test_nothing_that_lets_somebody_in_is_in_any_log(
    student: Person, assignment: Assignment, stack: Stack
) -> None:
    token = student.token("courses:read", "submissions:read", "submissions:write")
    wrong = "cr_pat_this-was-mistyped"
    form = {"email": student.email, "password": PASSWORD}
    student.web.post("/sign-in", data=form, headers={"Origin": stack.url})
    student.web.post("/sign-in", data={**form, "password": "almost " + PASSWORD})
    student.web.get("/")
    for secret in (token, wrong):
        student.api.get("/me", headers={"Authorization": f"Bearer {secret}"})
    student.api.post(
        f"/assignments/{assignment.id}/submissions?token={token}", files={"file": ("a.py", b"")}
    )
    graded(
        student,
        student.api.post(
            f"/assignments/{assignment.id}/submissions", files={"file": ("a.py", GOOD)}
        ),
    )
    (cookie,) = student.cookie.values()
    kept = "".join(path.read_text() for path in stack.folder.logs.glob("*.log"))
    assert kept
    for secret in (token, wrong, PASSWORD, cookie, "class Sigmoid"):
        assert secret not in kept


def test_a_rule_of_the_database_that_is_broken_leaves_nobodys_address_in_a_log(
    student: Person, stack: Stack
) -> None:
    """Postgres would quote the row, and the statement with what stands in it."""
    with database.session() as session:
        session.add(User(email=student.email.upper(), name="Twice"))
        with pytest.raises(IntegrityError):
            session.flush()
    literal = f"INSERT INTO users (email, name) VALUES ('{student.email}', 'Twice')"
    with database.session() as session, pytest.raises(IntegrityError):
        session.execute(text(literal))
    kept = wait_for(
        lambda: stack.log("postgres").count("uq_users_email_lower") >= 2 and stack.log("postgres"),
        "both in the log",
    )
    assert student.email not in kept.lower()
    assert "Twice" not in kept


@pytest.mark.stack
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_fault_in_the_middle_of_a_sign_in_tells_no_password(form: str, tmp_path: Path) -> None:
    """Tracebacks must not show local variables, nor errors of the database their parameters."""
    away = f"postgresql+psycopg://nobody:not-for-logs@{nobody()}/nothing"
    with served(tmp_path, CHAINRULE_DATABASE_URL=away, CHAINRULE_LOG_FORMAT=form) as server:
        with server.api("cr_pat_secret-token") as api:
            assert api.get("/me").status_code == 503
            api.cookies.set("chainrule", "secret-cookie")
            url = f"{server.url}/sign-in"
            api.post(url, data={"email": "a@b.example", "password": "secret-password"})
        kept = server.log.read_text()
    assert "request" in kept
    for secret in ("secret-token", "secret-cookie", "secret-password", "not-for-logs"):
        assert secret not in kept


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_local_variables(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging

    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setenv("CHAINRULE_LOG_FORMAT", form)
    settings.cache_clear()
    try:
        logs.configure()
        _fail_with("a secret")
    finally:
        root.handlers[:], root.level = before
        settings.cache_clear()
    kept = capsys.readouterr().err
    assert "ZeroDivisionError" in kept
    assert "a secret" not in kept


def _fail_with(password: str) -> None:
    import logging

    try:
        assert len(password) / 0
    except ZeroDivisionError:
        logging.getLogger("a.test").exception("it failed")
