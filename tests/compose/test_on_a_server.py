"""The product in containers: an operator sets it up, students hand in, machines die."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.compose.project import Project, docker, kill_as_the_host_does
from tests.support.waiting import wait_for

RIGHT = Path(__file__).parents[1] / "submissions" / "right"
COPIES = 12


@pytest.fixture(scope="module")
def right() -> bytes:
    """A submission that earns all points."""
    return (RIGHT / "course_style.py").read_bytes()


@pytest.fixture(scope="module")
def lms(project: Project) -> Iterator[httpx.Client]:
    """An LMS with a token for a course that the operator made on the command line."""
    project.chainrule("course", "add", "dl", "Deep Learning")
    for email, role in (("ines@example.org", "instructor"), ("sam@example.org", "student")):
        project.chainrule("user", "add", email, "--password-stdin", text="correct horse\n")
        project.chainrule("enrol", "dl", email, "--role", role)
    project.chainrule("assignment", "add", "dl", "Backpropagation")
    scopes = "courses:read,submissions:read,submissions:behalf,gradebook:read"
    token = project.chainrule("token", "--user", "ines@example.org", "--scope", scopes).strip()
    with httpx.Client(
        base_url=f"{project.url}/api/v1",
        headers={"authorization": f"Bearer {token}"},
        timeout=30,
    ) as client:
        yield client


@pytest.fixture(scope="module")
def assignment_id(lms: httpx.Client) -> int:
    course = lms.get("/courses").json()[0]
    return int(lms.get(f"/courses/{course['id']}/assignments").json()[0]["id"])


def hand_in(lms: httpx.Client, assignment_id: int, source: bytes) -> str:
    answer = lms.post(
        f"/assignments/{assignment_id}/submissions",
        files={"file": ("functions.py", source)},
        data={"student": "sam@example.org"},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def graded(lms: httpx.Client, submission: str) -> dict[str, object]:
    def settled() -> dict[str, object] | None:
        found = lms.get(f"/submissions/{submission}").json()
        return found if found["status"] in ("graded", "failed") else None

    found = wait_for(settled, f"submission {submission} is settled", seconds=120)
    assert found["status"] == "graded", found
    return found


def test_a_right_file_earns_all_points(lms: httpx.Client, assignment_id: int, right: bytes) -> None:
    result = graded(lms, hand_in(lms, assignment_id, right))
    assert result["score"] == result["max_score"]


def test_every_submission_is_graded_though_a_worker_and_a_cell_are_killed(
    project: Project, lms: httpx.Client, assignment_id: int, right: bytes
) -> None:
    waiting = [hand_in(lms, assignment_id, right) for _ in range(COPIES)]
    killed = [project.containers(service)[0] for service in ("worker", "cell")]
    for container in killed:
        kill_as_the_host_does(container)
    waiting += [hand_in(lms, assignment_id, right) for _ in range(COPIES)]
    scores = [graded(lms, submission)["score"] for submission in waiting]
    assert scores == [70.0] * (2 * COPIES)
    for container in killed:
        wait_for(lambda: came_back(container), f"{container} to come back", seconds=120)  # noqa: B023


def came_back(container: str) -> bool:
    state = json.loads(docker("inspect", container))[0]
    health = state["State"].get("Health", {}).get("Status", "healthy")
    return bool(state["State"]["Running"] and state["RestartCount"] and health == "healthy")


def test_a_cell_says_its_walls_and_its_runs(project: Project) -> None:
    log = "\n".join(docker("logs", container) for container in project.containers("cell"))
    lines = [json.loads(line) for line in log.splitlines()]
    assert all(line["defences"]["seccomp"] for line in lines if line["event"] == "cell.started")
    assert {len(line["submission"]) for line in lines if line["event"] == "cell.run"} == {36}


def test_a_backup_is_restored_into_an_empty_installation(
    project: Project, lms: httpx.Client, assignment_id: int, right: bytes
) -> None:
    """With the commands of docs/operate.md, in the same order."""
    course = lms.get("/courses").json()[0]
    before = lms.get(f"/courses/{course['id']}/gradebook").json()
    user = ("-U", "chainrule")
    dump = project.piped(
        "exec", "-T", "postgres", "pg_dump", *user, "--format", "custom", "chainrule"
    )
    empty = Project.fresh()
    try:
        empty.compose("up", "--detach", "postgres")
        wait_for(lambda: is_healthy(empty, "postgres"), "postgres to be healthy", seconds=120)
        empty.piped(
            "exec", "-T", "postgres", "pg_restore", *user, "--dbname", "chainrule", data=dump
        )
        empty.up()
        wait_for(lambda: is_healthy(empty, "web"), "web to be healthy", seconds=120)
        with httpx.Client(
            base_url=f"{empty.url}/api/v1", headers=lms.headers, timeout=30
        ) as restored:
            assert restored.get(f"/courses/{course['id']}/gradebook").json() == before
            assert graded(restored, hand_in(restored, assignment_id, right))["score"] == 70.0
    finally:
        empty.down()


def is_healthy(project: Project, service: str) -> bool:
    return all(
        docker("inspect", "--format", "{{.State.Health.Status}}", container) == "healthy"
        for container in project.containers(service)
    )


def test_a_cell_has_no_network_no_secret_and_nothing_to_write_to(project: Project) -> None:
    cell = json.loads(docker("inspect", project.containers("cell")[-1]))[0]
    assert cell["HostConfig"]["NetworkMode"] == "none"
    assert cell["HostConfig"]["ReadonlyRootfs"] is True
    assert cell["HostConfig"]["CapDrop"] == ["ALL"]
    assert [mount["Destination"] for mount in cell["Mounts"]] == ["/cells"]
    environment = " ".join(cell["Config"]["Env"])
    assert "PASSWORD" not in environment
    assert "CHAINRULE_DATABASE_URL" not in environment


def test_the_queue_is_closed_to_whoever_has_no_password(project: Project) -> None:
    """Nor does it keep anything, or run with rights that it does not need."""
    (queue,) = project.containers("redis")
    ping = "$(command -v valkey-cli || command -v redis-cli)"
    said = project.compose("exec", "-T", "redis", "sh", "-c", f"{ping} ping")
    assert "NOAUTH" in said
    state = json.loads(docker("inspect", queue))[0]
    assert state["HostConfig"]["ReadonlyRootfs"] is True
    assert state["Config"]["User"] == "10001:10001"
    assert project.environment["REDIS_PASSWORD"] not in " ".join(docker("top", queue).split())


def test_a_broken_rule_leaves_no_address_in_the_databases_log(project: Project) -> None:
    (database,) = project.containers("postgres")
    rows = "('twice@example.org', 'x'), ('TWICE@example.org', 'x')"
    insert = f"INSERT INTO users (email, name) VALUES {rows}"
    psql = ("psql", "-U", "chainrule", "-d", "chainrule", "-c", insert)
    with pytest.raises(AssertionError, match="uq_users_email_lower"):
        project.compose("exec", "-T", "postgres", *psql)
    log = subprocess.run(["docker", "logs", database], capture_output=True, text=True, check=True)
    assert "uq_users_email_lower" in log.stdout + log.stderr
    assert "example.org" not in (log.stdout + log.stderr).lower()


def test_the_web_image_holds_no_torch(project: Project) -> None:
    found = project.compose(
        "exec",
        "-T",
        "web",
        "python",
        "-c",
        "import importlib.util as u; print(u.find_spec('torch'))",
    )
    assert found.strip() == "None"
