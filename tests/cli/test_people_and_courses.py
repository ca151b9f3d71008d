"""What an operator sets up from the command line works in the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx
import pytest

from app.infrastructure import database
from app.models import Assignment
from tests.conftest import forget_settings
from tests.support.links import enter
from tests.support.processes.command import chainrule, chainrule_here
from tests.support.processes.stack import Stack

pytestmark = pytest.mark.long

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(stack: Stack) -> Run:
    """The command in this process, which has the settings of the running stack."""
    return chainrule_here


@pytest.fixture
def run_beside(stack: Stack) -> Run:
    """The command, finding the running stack by its data folder, as beside `make run`."""
    return lambda *arguments, **rest: chainrule(*arguments, data=stack.folder.path, **rest)


def get(stack: Stack, path: str, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token.strip()}"}
    return httpx.get(f"{stack.url}/api/v1{path}", headers=headers, trust_env=False)


def test_a_course_set_up_by_command_is_what_its_instructor_sees(
    stack: Stack, run: Run, run_beside: Run
) -> None:
    added = run_beside(
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

    token = run_beside("token", "--user", "ada@cast.example", "--scope", "courses:read").stdout
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


def test_without_a_terminal_there_is_a_link_to_set_a_password_by(run: Run) -> None:
    email = "random@cast.example"
    made = [run("user", "add", email), run("user", "link", email)]
    first, again = (one.stdout.split()[-1] for one in made)
    assert first == again
    assert enter(first, "a long password").status_code == 303
    reset = run("user", "password", email).stdout
    assert "works no more" in reset
    assert enter(reset.split()[-1], "another password").status_code == 303
    run("user", "deactivate", email)
    assert "is closed" in run("user", "link", email).stderr


def listed(run: Run, *call: str) -> list[dict[str, Any]]:
    called = run(*call, "--json")
    assert called.returncode == 0, called.stderr
    found: list[dict[str, Any]] = json.loads(called.stdout)
    return found


def test_a_new_password_ends_every_api_token_and_says_so(stack: Stack, run: Run) -> None:
    run("user", "add", "robbed@cast.example")
    token = run("token", "--user", "robbed@cast.example", "--scope", "courses:read").stdout
    changed = run("user", "password", "robbed@cast.example")
    assert "API tokens ended: 1." in changed.stdout
    assert get(stack, "/courses", token).status_code == 401


def test_a_password_from_a_windows_file_is_its_line_alone(stack: Stack, run: Run) -> None:
    email = "windows@cast.example"
    run("user", "add", email, "--password-stdin", said="long enough\r\nmore\n")
    form = {"email": email, "password": "long enough"}
    assert httpx.post(f"{stack.url}/sign-in", data=form, trust_env=False).status_code == 303


def test_what_is_known_of_somebody_can_be_changed(run: Run) -> None:
    run("user", "add", "typo@cast.example", "--name", "Tpyo")
    changed = run(
        *("user", "change", "typo@cast.example", "--email", "right@cast.example"),
        *("--name", "Right", "--external-id", "R-1", "--admin"),
    )
    assert changed.stdout == (
        "Right <right@cast.example>, external id R-1, a site administrator.\n"
    )
    assert run("user", "change", "R-1", "--no-admin", "--external-id", "").stdout == (
        "Right <right@cast.example>.\n"
    )


def test_a_closed_account_is_opened_again_with_what_it_had(stack: Stack, run: Run) -> None:
    run("user", "add", "back@cast.example")
    token = run("token", "--user", "back@cast.example", "--scope", "courses:read").stdout
    run("user", "deactivate", "back@cast.example")
    assert run("user", "reactivate", "back@cast.example").returncode == 0
    assert get(stack, "/courses", token).status_code == 200


def test_tokens_are_listed_and_ended_one_by_one_or_all(stack: Stack, run: Run) -> None:
    who = "holder@cast.example"
    run("user", "add", who)
    made = [run("token", "--user", who, "--scope", "courses:read").stdout for _ in range(3)]
    tokens = listed(run, "user", "tokens", who)
    assert [token["hint"] for token in tokens] == [one.strip()[-4:] for one in reversed(made)]
    assert run("user", "revoke", who, str(tokens[0]["id"])).returncode == 0
    assert [get(stack, "/courses", one).status_code for one in made] == [200, 200, 401]
    assert "ended: 2." in run("user", "revoke", who).stdout
    assert listed(run, "user", "tokens", who) == []


def test_who_is_taken_out_of_a_course_no_longer_sees_it(stack: Stack, run: Run) -> None:
    run("user", "add", "guest@cast.example")
    run("enrol", "demo", "guest@cast.example", "--role", "Assistant")
    token = run("token", "--user", "guest@cast.example", "--scope", "courses:read").stdout
    assert len(get(stack, "/courses", token).json()) == 1
    assert run("unenrol", "demo", "guest@cast.example").returncode == 0
    assert get(stack, "/courses", token).json() == []


def test_a_code_goes_before_an_id(run: Run) -> None:
    (first,) = (one for one in listed(run, "course", "list") if one["code"] == "demo")
    run("course", "add", str(first["id"]), "Named like an id")
    said = run("enrol", str(first["id"]), "student@demo.example").stdout
    assert f"(id {first['id']})" not in said
    run("course", "add", "by-id", "By id")
    (last,) = (one for one in listed(run, "course", "list") if one["code"] == "by-id")
    said = run("enrol", str(last["id"]), "student@demo.example").stdout
    assert said == f"student@demo.example is student in by-id (id {last['id']}).\n"


def test_a_list_in_a_pipe_has_whole_cells(run: Run) -> None:
    email = f"{'long' * 30}@cast.example"
    run("user", "add", email, "--name", "[red]Long[/]")
    table = run("user", "list", COLUMNS="40").stdout
    assert f" {email} " in table
    assert "[red]Long[/]" in table
    assert email in {person["email"] for person in listed(run, "user", "list")}


def test_an_assignment_is_all_that_its_options_say(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "asked.md"
    text.write_text("Do *this*.")
    run("course", "add", "berlin", "In Berlin", "--timezone", "Europe/Berlin")
    made = run(
        *("assignment", "add", "berlin", "Sheet 1", "--statement", str(text), "--attempts", "3"),
        *("--opens", "2029-12-01", "--due", "2029-12-24T18:00", "--closes", "2029-12-31"),
        *("--counts", "latest", "--trials", "off", "--exercise", "sum=5"),
        *("--late", "7.5% a day", "--late-cap", "50", "--grace", "15", "--late-days", "2"),
        *("--team-size", "3", "--teams-until", "2029-12-10", "--staff-teams"),
    )
    assert made.returncode == 0, made.stderr
    (found,) = listed(run, "assignment", "list", "berlin")
    assert found["due_at"].startswith("2029-12-24T17:00")
    assert (found["max_attempts"], found["counts"], found["trials"]) == (3, "latest", "off")
    assert found["max_score"] == 5
    with database.session() as session:
        sheet = session.get_one(Assignment, found["id"])
        late = (sheet.late_amount, sheet.late_unit, sheet.late_per, sheet.late_cap)
        assert late == (7.5, "percent", "day", 50)
        assert (sheet.grace_minutes, sheet.late_days) == (15, 2)
        assert (sheet.team_size, sheet.students_form_teams) == (3, False)
        assert sheet.teams_until is not None
    wrong = run("assignment", "add", "berlin", "Sheet 2", "--late", "a lot")
    assert "is no late policy" in wrong.stderr


def test_it_says_its_version() -> None:
    assert chainrule("--version").stdout.strip() == version("chainrule")


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
        (["assignment", "add", "demo", "X", "--exercise", "sum="], "sum=10"),
        (["assignment", "add", "demo", "X", "--exercise", "sum=1", "--exercise", "sum"], "twice"),
        (["assignment", "add", "demo", "X", "--counts", "worst"], "What counts is one of"),
        (["assignment", "add", "demo", "X", "--statement", "/nowhere"], "No such file"),
        (
            ["token", "--user", "student@demo.example", "--scope", "courses:read", "--course", "²"],
            "'²'",
        ),
        (
            [
                "token",
                "--user",
                "student@demo.example",
                "--scope",
                "courses:read",
                "--days",
                "99999999",
            ],
            "1 to 3650 days",
        ),
        (["course", "add", "x" * 3000, "X"], "60 is the most"),
        (["user", "add", "bytes@cast.example", "--name", "\udcff"], "no name has"),
        (["user", "change", "student@demo.example", "--email", "\udcff@x"], "not an e-mail"),
        (["user", "add", "ida@cast.example", "--external-id", "bo@cast.example"], "an e-mail"),
        (["user", "add", "empty@cast.example", "--password-stdin"], "is empty"),
        (["unenrol", "demo", "instructor@demo.example"], "last instructor"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(run: Run, call: list[str], words: str) -> None:
    refused = run(*call)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_doctor_finds_the_servers_of_the_stack_that_runs(run_beside: Run) -> None:
    seen = run_beside("doctor")
    assert "tables at revision" in seen.stdout
    assert "Valkey" in seen.stdout
    assert seen.returncode == 0, seen.stdout


@pytest.mark.parametrize("call", [["db", "upgrade"], ["user", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "is not the address of a Postgres database"),
        ("DATABASE_URL", "postgresql+psycopg://h:secret@h:x/d", "is not the address"),
        ("DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/chainrule", "does not answer"),
        ("LEASE_SECONDS", "soon", "CHAINRULE_LEASE_SECONDS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    call: list[str], setting: str, value: str, words: str
) -> None:
    database = {"CHAINRULE_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/chainrule"}
    forget_settings()
    refused = chainrule_here(*call, **database | {f"CHAINRULE_{setting}": value})
    forget_settings()
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "secret" not in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("setting", ["CHAINRULE_DATABASE_URL", "CHAINRULE_DATA"])
def test_with_no_database_it_says_what_to_start_or_to_set(setting: str, tmp_path: Path) -> None:
    away = "postgresql+psycopg://127.0.0.1:1/chainrule"
    if setting == "CHAINRULE_DATA":  # as of a copy that was killed
        (tmp_path / "environment.json").write_text(json.dumps({"CHAINRULE_DATABASE_URL": away}))
        away = str(tmp_path)
    refused = chainrule("user", "list", **{setting: away})  # type: ignore[arg-type]
    assert refused.returncode == 1
    assert "make run" in refused.stderr
    assert "CHAINRULE_DATA to the folder" in refused.stderr
    assert "CHAINRULE_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
