"""The API's description and its documentation: true, and complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.identity.authentication import SCOPES
from app.models import Assignment
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Person
from tests.support.processes.stack import Stack

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLES = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture
def described(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(
        f"{stack.url}/api/openapi.json", trust_env=False, verify=False
    ).json()
    return found


def test_every_operation_tells_what_it_does_needs_and_answers(described: dict[str, Any]) -> None:
    assert described["security"] == [{"bearer": []}]
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert "cope" in operation["description"]
            problems = {status for status in operation["responses"] if status >= "400"}
            assert problems >= {"401", "422", "429", "500", "503"}
            for status in problems:
                assert list(operation["responses"][status]["content"]) == [
                    "application/problem+json"
                ]
            for field in operation.get("parameters", []):
                assert field["description"]


def test_only_the_api_is_described(described: dict[str, Any]) -> None:
    assert all(path.startswith("/api/v1/") for path in described["paths"])


def test_an_upload_is_described_as_the_form_that_is_taken(described: dict[str, Any]) -> None:
    upload = described["paths"]["/api/v1/assignments/{assignment_id}/submissions"]["post"]
    assert upload["requestBody"]["required"]
    ((kind, content),) = upload["requestBody"]["content"].items()
    assert kind == "multipart/form-data"
    form = described["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
    assert form["required"] == ["file"]
    assert form["properties"].keys() == {"file", "student"}
    assert form["properties"]["file"]["type"] == "string"
    assert form["properties"]["file"]["format"] == "binary"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.identities: set[str] = set()
        self.targets: set[str] = set()
        self.sources: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.identities.add(value)
            if name == "href" and value and value.startswith("#"):
                self.targets.add(value[1:])
            elif name in ("href", "src") and value:
                self.sources.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(name)


def test_the_reference_page_shows_every_route_and_needs_no_script(
    stack: Stack, described: dict[str, Any]
) -> None:
    answer = httpx.get(f"{stack.url}/api/docs", trust_env=False, verify=False)
    assert answer.status_code == 200
    page = _Page()
    page.feed(answer.text)
    assert not page.tags & {"script", "style"}
    assert not page.inline
    assert page.targets <= page.identities
    for methods in described["paths"].values():
        assert {operation["operationId"] for operation in methods.values()} <= page.identities
    for address in page.sources:
        assert address.startswith("/")
        status = httpx.get(
            stack.url + address, trust_env=False, verify=False, follow_redirects=True
        ).status_code
        assert status == 200


def test_the_document_names_every_scope_and_route(described: dict[str, Any]) -> None:
    text = DOCUMENT.read_text()
    assert not [scope for scope in SCOPES if f"`{scope}`" not in text]
    names = {"{course_id}": "$COURSE", "{assignment_id}": "$ASSIGNMENT", "{user_id}": "$USER_ID"}
    for path in described["paths"]:
        for template, name in names.items():
            path = path.replace(template, name)
        path = path.replace("/api/v1/submissions/{submission_id}", "$receipt")
        assert path == "/api/v1/me" or path in text


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_the_examples_of_the_document_work(
    instructor: Person, student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "backprop.py").write_bytes(GOOD)
    examples, _, _ = DOCUMENT.read_text().partition("## Recipes")
    script = "set -eu\n" + "\n".join(EXAMPLES.findall(examples))
    run = subprocess.run(
        ["bash", "-c", script.replace("curl ", "curl --fail-with-body --noproxy '*' ")],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "URL": stack.url,
            "TOKEN": instructor.token(*SCOPES),
            "COURSE": str(assignment.course_id),
            "ASSIGNMENT": str(assignment.id),
            "STUDENT": student.email,
            "USER_ID": str(student.user.id),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"status": "graded"' in run.stdout
    assert "Points Possible" in run.stdout
