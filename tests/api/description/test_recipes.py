"""Each recipe of the documentation does what it says, as printed, with its scopes alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models import Assignment, Course
from tests.api.description.test_described import DOCUMENT
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Person
from tests.support.processes.stack import Stack
from tests.support.programs import Program

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
RECIPE = re.compile(r"^\*\*(.+?)\*\* \((.+?)\)[.:].*?^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
RECIPES = {
    title: (re.findall("`([a-z:]+)`", scopes), script)
    for title, scopes, script in RECIPE.findall(DOCUMENT.read_text().partition("## Recipes")[2])
}
CURL = """curl() { command curl --fail-with-body --noproxy '*' "$@"; }\n"""
Run = Callable[..., str]


@pytest.fixture
def run(stack: Stack, assignment: Assignment, tmp_path: Path) -> Run:
    """Runs a recipe in a folder of its own with a token, and returns what it said."""

    def ran(title: str, token: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", CURL + RECIPES[title][1]],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "URL": stack.url,
                "TOKEN": token,
                "COURSE": str(assignment.course_id),
                "ASSIGNMENT": str(assignment.id),
                "CI_COMMIT_SHA": "9f2c61d",
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return ran


def test_a_roster_is_mirrored_unless_too_many_would_leave(
    run: Run, instructor: Person, student: Person, course: Course, tmp_path: Path
) -> None:
    title = "Mirror a roster nightly"
    token = Program.of(instructor, course).token(*RECIPES[title][0])
    emails = {f"new-{number}@course-{course.id}.example" for number in range(12)}
    emails |= {student.email}
    (tmp_path / "roster.csv").write_text("\n".join(["email", *sorted(emails)]))

    def there() -> set[str]:
        found = instructor.api.get(f"/courses/{course.id}/people?role=student").json()
        return {one["email"] for one in found}

    for _ in range(2):
        run(title, token)
        assert there() == emails
    (tmp_path / "roster.csv").write_text("\n".join(["email", min(emails)]))
    assert "12 students would leave: nothing was done" in run(title, token)
    assert there() == emails
    (tmp_path / "roster.csv").write_text("\n".join(["email", *sorted(emails)[1:]]))
    run(title, token)
    assert there() == emails - {min(emails)}


def test_grades_are_pulled_only_where_they_have_changed(
    run: Run,
    instructor: Person,
    student: Person,
    assignment: Assignment,
    course: Course,
    tmp_path: Path,
) -> None:
    title = "Pull grades nightly"
    token = Program.of(instructor, course).token(*RECIPES[title][0])
    pulled = tmp_path / "grades.csv"
    run(title, token)
    assert student.email in pulled.read_text()
    pulled.write_text("as it was")
    run(title, token)
    assert pulled.read_text() == "as it was"
    grade = f"/assignments/{assignment.id}/grades/{student.user.id}"
    match = {"If-Match": instructor.api.get(grade).headers["etag"]}
    change = {"score": 61.25, "reason": "Oral."}
    assert instructor.api.patch(grade, json=change, headers=match).status_code == 200
    run(title, token)
    assert "61.25" in pulled.read_text()


def test_an_assignment_is_pushed_and_never_twice(
    run: Run, instructor: Person, course: Course
) -> None:
    title = "Push an assignment"
    token = Program.of(instructor, course).token(*RECIPES[title][0])
    for _ in range(2):
        assert '"external_id":"dl-week-1"' in run(title, token)
    sheets = instructor.api.get(f"/courses/{course.id}/assignments").json()
    assert [one["title"] for one in sheets if one["external_id"]] == ["Week 1"]


def test_a_commit_is_handed_in_once_and_its_score_is_told(
    run: Run, student: Person, assignment: Assignment, tmp_path: Path
) -> None:
    title = "Hand in from CI"
    (tmp_path / "backprop.py").write_bytes(GOOD)
    token = student.token(*RECIPES[title][0])
    for _ in range(2):
        assert re.search(r"^graded [\d.]+ of 70", run(title, token), re.MULTILINE)
    sent = student.api.get(f"/assignments/{assignment.id}/submissions").json()
    assert len(sent) == 1


def test_each_recipe_has_a_test(request: pytest.FixtureRequest) -> None:
    tested = Path(__file__).read_text()
    assert [title for title in RECIPES if f'"{title}"' not in tested] == []
    assert len(RECIPES) >= 4
