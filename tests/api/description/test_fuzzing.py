"""Schemathesis against the real service, from its own description of itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.identity.authentication import SCOPES
from app.models import Assignment
from tests.api.handing_in.test_handing_in import graded, hand_in
from tests.support.cast import Person
from tests.support.processes.stack import Stack

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "ensure_resource_availability",
    "use_after_free",
]
CONFIG = "schemathesis.toml"
PATIENCE_S = 900  # a guard against hanging: three minutes are usual on two cores


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all runs work, so that the tables of characters which the first one makes are there."""
    return tmp_path_factory.mktemp("schemathesis")


@pytest.mark.timeout(PATIENCE_S + 60)
@pytest.mark.parametrize(
    ("known", "phases"),
    [
        pytest.param(
            ("assignment_id", "course_id", "submission_id", "user_id"),
            "examples,coverage,fuzzing",
            id="ids that are there",
        ),
        pytest.param((), "fuzzing", id="any ids"),
        pytest.param(("course_id",), "stateful", id="what was made is asked for next"),
    ],
)
def test_no_request_that_fits_the_description_or_not_is_a_server_error(
    known: tuple[str, ...],
    phases: str,
    instructor: Person,
    student: Person,
    assignment: Assignment,
    stack: Stack,
    folder: Path,
) -> None:
    receipt = hand_in(instructor, assignment)
    graded(instructor, receipt)
    ids = {
        "assignment_id": assignment.id,
        "course_id": assignment.course_id,
        "submission_id": f'"{receipt.json()["id"]}"',
        "user_id": student.user.id,
    }
    lines = [f'"path.{name}" = {ids[name]}' for name in known]
    (folder / CONFIG).write_text("\n".join(["[parameters]", *lines]))
    address = f"{stack.url}/api/openapi.json"
    run = schemathesis(folder, address, instructor.token(*SCOPES), phases)
    assert run.returncode == 0, run.stdout + run.stderr
    if phases == "stateful":
        assert re.search(r"API Links: +[1-9]", run.stdout), run.stdout


def schemathesis(
    folder: Path, address: str, token: str, phases: str
) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={CONFIG}",
        "run",
        address,
        f"--header=Authorization: Bearer {token}",
        f"--checks={','.join(CHECKS)}",
        f"--phases={phases}",
        "--max-examples=10",
        "--request-timeout=60",
        "--seed=20261123",
        "--generation-database=none",
        "--no-color",
    ]
    no_proxy = os.environ | {"NO_PROXY": "127.0.0.1"}  # which is looked for with each request
    return subprocess.run(
        command, cwd=folder, env=no_proxy, capture_output=True, text=True, timeout=PATIENCE_S
    )
