"""`make run` on one machine: it says when it is ready, keeps its data, leaves nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.processes.command import chainrule, chainrule_here
from tests.support.processes.stack import Stack, alive, descendants
from tests.support.waiting import wait_for

CHECKOUT = Path(__file__).parents[2]
pytestmark = [pytest.mark.stack, pytest.mark.long]


@pytest.fixture(scope="module")
def copy() -> Iterator[Stack]:
    """A second copy, in a folder too deep for a socket, which a test may leave stopped."""
    with tempfile.TemporaryDirectory(prefix="chainrule-up-") as path:
        copy = Stack(
            Path(path) / ("deep" * 20) / "data with spaces",
            CHAINRULE_WORKER_CONCURRENCY="1",
            CHAINRULE_SIGN_IN_LIMIT="1/hour",
            CHAINRULE_CELL_WALL_SECONDS="6",
        )
        yield copy
        if copy.is_running:
            assert copy.stop(signal.SIGTERM) == 0


@pytest.fixture
def elsewhere(copy: Stack) -> Stack:
    """The second copy, running; where it is not, a test has stopped it, and it stopped well."""
    if not copy.is_running:
        assert not copy.said or copy.process.wait() == 0, "\n".join(copy.said)
        copy.start()
    return copy


def answers(stack: Stack) -> bool:
    try:
        return httpx.get(stack.url + "/", trust_env=False, timeout=5).status_code < 500
    except httpx.HTTPError:
        return False


def test_it_answers_at_the_address_of_its_ready_line(stack: Stack) -> None:
    assert f"Chainrule is ready at {stack.url}" in stack.said
    assert answers(stack)


def test_a_first_start_tells_of_no_fault(stack: Stack) -> None:
    until = next(n for n, line in enumerate(stack.said) if line.startswith("Chainrule is ready"))
    assert [line.split(" ")[0] for line in stack.said[:until]] == ["Starting", "Cells:"]


def test_it_says_how_student_code_is_shut_in(stack: Stack) -> None:
    (said,) = [line for line in stack.said if line.startswith("Cells: ")]
    assert "seccomp" in said
    assert "rlimits" in said


def test_nobody_talks_it_into_another_address_to_guess_from(elsewhere: Stack) -> None:
    form = {"email": "nobody@cast.example", "password": "guess"}
    answers = [
        httpx.post(
            f"{elsewhere.url}/sign-in",
            data=form,
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
            trust_env=False,
            timeout=30,
        ).status_code
        for n in range(2)
    ]
    assert answers == [401, 429]


def test_it_listens_on_loopback_only(stack: Stack) -> None:
    assert stack.url.startswith("http://127.0.0.1:")
    port = int(stack.url.rpartition(":")[2])
    listening = Path("/proc/net/tcp").read_text()
    assert f"0100007F:{port:04X} 00000000:0000 0A" in listening
    assert f"00000000:{port:04X} 00000000:0000 0A" not in listening


def test_valkey_takes_no_connection_over_the_network(stack: Stack) -> None:
    sockets = {link.readlink().name for link in _descriptors(stack.pids()["valkey"])}
    listening = [line.split() for line in _lines("/proc/net/tcp", "/proc/net/tcp6")]
    assert not [row for row in listening if f"socket:[{row[9]}]" in sockets]
    found = httpx.get(f"{stack.url}/readyz", trust_env=False).json()
    assert found == {"status": "ready", "postgres": "up", "redis": "up"}


def _descriptors(pid: int) -> list[Path]:
    return [path for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]


def _lines(*files: str) -> list[str]:
    return [line for file in files for line in Path(file).read_text().splitlines()[1:]]


def test_its_files_are_closed_to_other_users(stack: Stack) -> None:
    assert stat.S_IMODE(stack.folder.path.stat().st_mode) == 0o700
    for path in (stack.folder.demo, stack.folder.path / "valkey.secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_demo_json_holds_what_a_program_needs_to_sign_in(stack: Stack) -> None:
    demo = stack.demo
    assert set(demo.users) == {"instructor", "student", "student2", "assistant"}
    assert set(demo.tokens) == {"instructor", "student", "student2"}
    for token in demo.tokens.values():
        found = httpx.get(
            f"{demo.url}/api/v1/courses/{demo.course_id}/assignments",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert found.status_code == 200, found.text
        assert demo.assignment_id in [assignment["id"] for assignment in found.json()]


def test_a_second_start_on_the_same_folder_says_where_the_first_one_is(stack: Stack) -> None:
    second = chainrule("up", "--port", "0", data=stack.folder.path)
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert stack.url in second.stderr


def test_a_folder_too_deep_for_a_socket_will_do(elsewhere: Stack) -> None:
    assert len(str(elsewhere.folder.path)) > 108
    assert answers(elsewhere)


def test_two_copies_run_side_by_side(stack: Stack, elsewhere: Stack) -> None:
    assert elsewhere.url != stack.url
    assert answers(elsewhere)
    assert answers(stack)
    chainrule("user", "add", "apart@cast.example", data=elsewhere.folder.path)
    of_the_first = chainrule_here("user", "list").stdout
    assert "student@demo.example" in of_the_first
    assert "apart@cast.example" not in of_the_first


def test_what_was_kept_is_there_after_a_restart_and_nothing_runs_in_between(
    elsewhere: Stack,
) -> None:
    chainrule("user", "add", "kept@cast.example", data=elsewhere.folder.path)
    before, processes = elsewhere.demo, descendants(elsewhere.process.pid)
    assert elsewhere.stop(signal.SIGHUP) == 0
    assert alive(processes) == []

    elsewhere.start()
    users = chainrule("user", "list", data=elsewhere.folder.path).stdout
    assert "kept@cast.example" in users
    assert (elsewhere.demo.users, elsewhere.demo.tokens) == (before.users, before.tokens)
    assert (elsewhere.demo.course_id, elsewhere.demo.assignment_id) == (
        before.course_id,
        before.assignment_id,
    )


def test_what_was_forked_from_a_loader_that_died_is_started_again(elsewhere: Stack) -> None:
    forked, before = ["web", "worker", "beat"], elsewhere.pids()
    said = len(elsewhere.said)
    os.kill(before["loader"], signal.SIGKILL)
    wait_for(
        lambda: {f"{name} is back." for name in forked} <= set(elsewhere.said[said:]),
        "all three again",
    )
    assert "loader was ended by SIGKILL; starting it again." in elsewhere.said[said:]
    assert alive([before[name] for name in ("loader", *forked)]) == []
    assert {name for name, pid in elsewhere.pids().items() if pid == before[name]} == {
        "postgres",
        "valkey",
    }
    assert answers(elsewhere)


def test_what_is_forked_has_one_thread_to_begin_with_and_the_web_server_no_torch(
    stack: Stack,
) -> None:
    pids = wait_for(lambda: (found := stack.pids()).keys() >= {"loader", "web"} and found, "both")
    assert len(os.listdir(f"/proc/{pids['loader']}/task")) == 1
    for name in ("loader", "web"):
        assert "/torch/" not in Path(f"/proc/{pids[name]}/maps").read_text(), name
    assert "/torch/" in Path(f"/proc/{pids['worker']}/maps").read_text()


@pytest.mark.parametrize("when", ["Starting Chainrule", "Cells: "])
def test_a_start_that_is_under_way_can_be_ended(folder: Path, when: str) -> None:
    begun = Stack(folder, CHAINRULE_WORKER_CONCURRENCY="1")
    begun.launch()
    wait_for(lambda: any(line.startswith(when) for line in begun.said), when)
    processes = descendants(begun.process.pid)
    assert begun.stop() == 0
    assert alive(processes) == []
    wait_for(lambda: "Chainrule has stopped." in begun.said, "its last word")


def test_a_supervisor_killed_at_once_leaves_no_process_and_can_start_again(
    elsewhere: Stack,
) -> None:
    processes = descendants(elsewhere.process.pid)
    assert len(processes) > 5
    elsewhere.stop(signal.SIGKILL)
    wait_for(lambda: not alive(processes), "the processes to end with their supervisor")

    elsewhere.start()
    assert answers(elsewhere)


def test_open_event_streams_end_with_the_service_and_no_error_is_told(elsewhere: Stack) -> None:
    demo = elsewhere.demo
    with (
        httpx.Client(
            base_url=f"{demo.url}/api/v1",
            headers={"Authorization": f"Bearer {demo.tokens['student']}"},
            trust_env=False,
            timeout=30,
        ) as api,
        httpx.Client(base_url=demo.url, trust_env=False, timeout=30) as web,
    ):
        user = demo.users["student"]
        web.post("/sign-in", data={"email": user.email, "password": user.password})
        receipt = api.post(
            f"/assignments/{demo.assignment_id}/submissions",
            files={"file": ("endless.py", b"while True: pass\n")},
        ).json()["id"]
        with (
            api.stream("GET", f"/submissions/{receipt}/events") as told,
            web.stream("GET", f"/submissions/{receipt}/events") as shown,
        ):
            lines = [told.iter_lines(), shown.iter_lines()]
            assert all(next(each) for each in lines)
            assert elsewhere.stop(signal.SIGTERM) == 0
            for each in lines:
                assert '"status": "graded"' not in "".join(each)
    assert not [line for line in elsewhere.said if "ERROR" in line or line.startswith("web:")]
    assert "ERROR" not in elsewhere.log("web")


@pytest.mark.parametrize("service", ["web", "worker", "beat", "valkey", "postgres"])
def test_a_service_that_dies_is_started_again(stack: Stack, service: str) -> None:
    first = wait_for(lambda: stack.pids().get(service), service)
    back, before = f"{service} is back.", stack.said.count(f"{service} is back.")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: stack.said.count(back) > before, f"{service} to be back")
    assert stack.pids()[service] != first
    wait_for(lambda: answers(stack), "the web server's answer")
