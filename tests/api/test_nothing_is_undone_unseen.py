"""Whoever changes what is there says for which version: nobody's change is undone unseen."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from app import api
from app.models import Assignment, Course
from tests.gradebook.traces.scene import Scene
from tests.gradebook.traces.table import TRACED
from tests.support.attempts import attempt
from tests.support.cast import Person

PLACE = "/api/v1/courses/{course_id}/people/{user_id}/invitation"
UNDOES_NOTHING = {("PUT", PLACE)}  # it has no body: the link that is open is given again
CHANGES = [route for route in TRACED if route[0] in ("PUT", "PATCH")]


@pytest.fixture
def scene(
    db: Session,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    admin: Person,
) -> Scene:
    made = attempt(db, assignment, student, 0.5)
    return Scene(admin, instructor, student, course, assignment, made)


def test_the_table_knows_every_route_that_changes_what_is_there() -> None:
    there = {
        (method, getattr(route, "path", ""))
        for route in api.router.routes
        for method in {*getattr(route, "methods", ())} & {"PUT", "PATCH"}
    }
    assert there == {*CHANGES} | UNDOES_NOTHING


@pytest.mark.parametrize(("method", "path"), CHANGES, ids=[" ".join(route) for route in CHANGES])
def test_a_change_is_made_for_the_version_that_was_read(
    scene: Scene, method: str, path: str
) -> None:
    done = TRACED[method, path](scene)
    assert done.is_success, done.text
    sent = done.request
    headers = {name: sent.headers[name] for name in ("authorization", "content-type")}

    def again(**match: str) -> int:
        with httpx.Client(trust_env=False, verify=False, timeout=30) as client:
            answer = client.request(method, sent.url, content=sent.read(), headers=headers | match)
        return answer.status_code

    assert again() == 428
    assert again(**{"if-match": '"of another version"'}) == 412
    assert again(**{"if-match": sent.headers["if-match"]}) == 412
    assert again(**{"if-match": done.headers["etag"]}) not in (412, 428)
