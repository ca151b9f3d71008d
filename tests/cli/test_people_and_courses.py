"""What an operator sets up from the command line works at the service's doors."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

import httpx
import pytest

from tests.support.command import chainrule
from tests.support.stack import Stack

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(stack: Stack) -> Run:
    """The command, finding the running stack by its data folder, as beside `make run`."""
    return lambda *arguments, **rest: chainrule(*arguments, data=stack.folder.path, **rest)


def get(stack: Stack, path: str, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token.strip()}"}
    return httpx.get(f"{stack.url}/api/v1{path}", headers=headers, trust_env=False)


def test_a_course_set_up_by_command_is_what_its_instructor_sees(stack: Stack, run: Run) -> None:
    added = run(
        "user", "add", "ada@cast.example", "--name", "Ada", "--password-stdin", said="long enough\n"
    )
    assert added.stdout == "Added Ada <ada@cast.example>.\n"
    assert run("course", "add", "dl-cli", "Deep learning").returncode == 0
    assert run("enrol", "dl-cli", "ada@cast.example", "--role", "instructor").returncode == 0
    made = run(
        *("assignment", "add", "dl-cli", "Two of them", "--due", "2030-01-31"),
        *("--exercise", "sigmoid=30", "--exercise", "sum"),
    )
    assert "40 points" in made.stdout

    token = run("token", "--user", "ada@cast.example", "--scope", "courses:read").stdout
    (course,) = get(stack, "/courses", token).json()
    assert course["title"] == "Deep learning"
    (assignment,) = get(stack, f"/courses/{course['id']}/assignments", token).json()
    assert assignment["title"] == "Two of them"


def test_a_token_is_all_that_is_printed_so_that_a_script_can_keep_it(run: Run) -> None:
    run("user", "add", "script@cast.example")
    made = run("token", "--user", "script@cast.example", "--scope", "courses:read,submissions:read")
    assert made.stdout.startswith("cr_pat_")
    assert len(made.stdout.split()) == 1


def test_a_closed_account_gets_in_no_more(stack: Stack, run: Run) -> None:
    run("user", "add", "gone@cast.example")
    token = run("token", "--user", "gone@cast.example", "--scope", "courses:read").stdout
    assert get(stack, "/courses", token).status_code == 200
    assert run("user", "deactivate", "gone@cast.example").returncode == 0
    assert get(stack, "/courses", token).status_code == 401


def test_without_a_terminal_a_password_is_made_up_and_shown(run: Run) -> None:
    assert "shown only now" in run("user", "add", "random@cast.example").stdout
    assert "shown only now" in run("user", "password", "random@cast.example").stdout


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["user", "add", "nobody"], "not an e-mail address"),
        (["user", "password", "absent@cast.example"], "absent@cast.example"),
        (["enrol", "no-such-course", "absent@cast.example"], "absent@cast.example"),
        (["enrol", "demo", "student@demo.example", "--role", "king"], "'king' is not a role"),
        (["token", "--user", "student@demo.example", "--scope", "all"], "courses:read"),
        (["token", "--user", "student@demo.example", "--course", "no", "--scope", "all"], "'no'"),
        (["course", "add", "x", "X", "--timezone", "Mars/Base"], "time zone"),
        (["assignment", "add", "demo", "X", "--exercise", "cube"], "'cube'"),
        (["assignment", "add", "demo", "X", "--exercise", "sum=ten"], "sum=10"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(run: Run, call: list[str], words: str) -> None:
    refused = run(*call)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_doctor_finds_the_servers_of_the_stack_that_runs(run: Run) -> None:
    seen = run("doctor")
    assert "tables at revision" in seen.stdout
    assert "Valkey" in seen.stdout
    assert seen.returncode == 0, seen.stdout


def test_with_no_database_it_says_what_to_start() -> None:
    refused = chainrule(
        *("user", "list"), CHAINRULE_DATABASE_URL="postgresql+psycopg://127.0.0.1:1/chainrule"
    )
    assert refused.returncode == 1
    assert "make run" in refused.stderr
    assert "Traceback" not in refused.stderr
