"""A client that is generated from the API's description runs a course from beginning to end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Person
from tests.support.processes.stack import Stack
from tests.support.programs import ALL, Program
from tests.support.waiting import wait_for

NAME = "chainrule_client"
CONFIG = {
    "content_type_overrides": {"application/zip": "application/octet-stream"},
    "post_hooks": [],
}


class Generated:
    """The client, with a token: each operation is a function of its name."""

    def __init__(self, document: dict[str, Any], connection: httpx.Client, token: str) -> None:
        self.models = import_module(f"{NAME}.models")
        self.types = import_module(f"{NAME}.types")
        url = str(connection.base_url)
        made = import_module(NAME).AuthenticatedClient(base_url=url, token=token)
        self._client = made.set_httpx_client(connection)
        self._tags = {
            operation["operationId"]: operation["tags"][0]
            for methods in document["paths"].values()
            for operation in methods.values()
        }

    def call(self, operation: str, *path: object, **more: Any) -> Any:
        """The answer of an operation, with its headers."""
        module = import_module(f"{NAME}.api.{self._tags[operation]}.{operation}")
        answer = module.sync_detailed(*path, client=self._client, **more)
        assert answer.status_code < 300, answer.content
        return answer

    def __call__(self, operation: str, *path: object, **more: Any) -> Any:
        """What an operation answers."""
        return self.call(operation, *path, **more).parsed


@pytest.fixture
def client(
    stack: Stack, admin: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Generated]:
    document = httpx.get(f"{stack.url}/api/openapi.json", trust_env=False, verify=False)
    (tmp_path / "openapi.json").write_bytes(document.content)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]
    command += ["--path", "openapi.json", "--config", "config.json", "--meta", "none"]
    command += ["--output-path", NAME, "--fail-on-warning"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    monkeypatch.syspath_prepend(tmp_path)
    token = Program.of(admin, None, f"Moodle {tmp_path}").token(*ALL)
    bearer = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=stack.url, headers=bearer, timeout=30, trust_env=False, verify=False
    ) as connection:
        yield Generated(document.json(), connection, token)
    for name in [one for one in sys.modules if one.split(".")[0] == NAME]:
        del sys.modules[name]


def test_it_makes_a_course_enrols_hands_in_waits_overrides_and_exports(
    client: Generated, tmp_path: Path
) -> None:
    models, code = client.models, tmp_path.name
    course = client("make_course", body=models.NewCourse(code=code, title="Made by a client")).id
    email = f"sam@{code.replace('_', '-')}.example"
    new = models.NewMember(email=email, name="Sam Student", role=models.Role.STUDENT)
    sam = client("add_person", course, body=new)
    exercise = models.ExerciseChange(slug="sigmoid", points=10)
    wanted = models.AssignmentChange(title="Week 1", exercises=[exercise], published=True)
    sheet = client("make_assignment", course, body=wanted).id

    file = client.types.File(payload=BytesIO(GOOD), file_name="backprop.py")
    sent = client("hand_in", sheet, body=models.BodyHandIn(file=file, student=email))
    look = models.Status.GRADED
    wait_for(lambda: client("show_submission", sent.id).status == look, "the verdict")
    graded = client("show_submission", sent.id)
    assert (graded.score, graded.student.name) == (10.0, "Sam Student")
    assert graded.submitted_by.email is None

    grade = client.call("show_grade", sheet, sam.id)
    assert grade.parsed.score == 10.0
    change = models.GradeChange(score=9.5, reason="The statement was unclear.")
    etag = grade.headers["etag"]
    changed = client("change_grade", sheet, sam.id, body=change, if_match=etag)
    assert (changed.score, changed.computed) == (9.5, 10.0)
    (row,) = client("show_gradebook", course).students
    assert (row.student.id, row.total) == (sam.id, 9.5)

    export = client("ask_for_export", course, body=models.WantedExport(what=models.What.GRADES_CSV))
    wait_for(lambda: client("show_export", export.id).state == "ready", "the export")
    assert b"Sam Student" in client.call("fetch_export", export.id).content


def test_it_tells_a_refusal_as_a_problem(client: Generated) -> None:
    with pytest.raises(AssertionError, match="There is no such course"):
        client("show_course", 2**31 - 1)
