"""A query parameter that an address does not know is refused, and never passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.models import Assignment
from tests.api.handing_in.test_handing_in import GOOD, hand_in
from tests.api.table_of_roles import TABLE
from tests.support.cast import Person, cast_of
from tests.support.processes.stack import Stack


@dataclass(frozen=True)
class Scene:
    """Somebody who may do everything, and the ids of what is there, which nothing here changes."""

    admin: Person
    known: dict[str, object]


@pytest.fixture(scope="module")
def scene(stack: Stack) -> Iterator[Scene]:
    with cast_of(stack.url) as cast:
        course = cast.course()
        assignment, student = cast.assignment(course), cast.person("Sam Student", course)
        known = {
            "course_id": course.id,
            "assignment_id": assignment.id,
            "submission_id": hand_in(student, assignment).json()["id"],
            "user_id": student.user.id,
        }
        yield Scene(cast.person("Ada Admin", is_admin=True), known)


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_every_address_refuses_it(method: str, path: str, scene: Scene) -> None:
    address = path.removeprefix("/api/v1").format_map(defaultdict(lambda: 1, scene.known))
    files = {"file": ("a.py", GOOD)} if method == "POST" else None
    answer = scene.admin.api.request(method, f"{address}?order=name", files=files)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["order"]
    assert "`order` is not known here" in answer.json()["detail"]


def test_it_is_told_what_the_address_takes(student: Person, assignment: Assignment) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    said = student.api.get(path, params={"order": "name"}).json()["detail"]
    assert "takes `page`, `per_page`, `section`, `since`, `status`, `student`" in said


def test_one_that_is_sent_twice_is_refused_as_well(student: Person, assignment: Assignment) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    answer = student.api.get(f"{path}?student=me&student=me")
    assert answer.status_code == 422
    assert "was sent 2 times" in answer.json()["errors"]["student"]


def test_who_has_no_token_is_told_that_first(student: Person) -> None:
    headers = {"Authorization": "Bearer cr_pat_unknown"}
    assert student.api.get("/courses?order=name", headers=headers).status_code == 401
