"""Every route against every role: one table, which a new route must join."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.models import Assignment, Course, Role
from tests.api.handing_in.test_handing_in import GOOD
from tests.api.table_of_roles import BODIES, OF_PROGRAMS, OWN, ROLES, TABLE
from tests.support.cast import Cast, Person, cast_of
from tests.support.processes.stack import Stack
from tests.support.programs import Program
from tests.support.waiting import wait_for

pytestmark = pytest.mark.stack

IN_PIECES = ("text/event-stream", "application/zip")  # which are not there as a whole to be named


@dataclass(frozen=True)
class Scene:
    """A course with its people, a submission of `student`'s, and another course beside it."""

    stranger: httpx.Client
    people: dict[str, Person]
    course: Course
    assignment: Assignment
    submission_id: str
    program: Program

    def client(self, role: str) -> httpx.Client:
        if role == "program":
            return self.program.api
        return self.stranger if role == "nobody" else self.people[role].api

    def ask(self, role: str, method: str, template: str, **sent: Any) -> int:
        path = template.format(
            course_id=self.course.id,
            assignment_id=self.assignment.id,
            submission_id=self.submission_id,
            appeal_id=2**31 - 1,
            comment_id=2**31 - 1,
            regrade_id=2**31 - 1,
            extension_id=2**31 - 1,
            section_id=2**31 - 1,
            token_id=2**31 - 1,
            account_id=self.program.id,
            exercise="none of ours",
            export_id=UUID(int=0),
            webhook_id=UUID(int=0),
            delivery_id=2**31 - 1,
            team_id=2**31 - 1,
            user_id=self.people["student"].user.id,
        )
        if template in BODIES and method != "GET":
            sent.setdefault("json", BODIES[template])
        elif method == "POST":
            sent.setdefault("files", {"file": ("a.py", GOOD)})
        with self.client(role).stream(method, self.stranger.base_url.join(path), **sent) as answer:
            if answer.status_code >= 400:
                answer.read()
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["status"] == answer.status_code
            elif method == "GET" and not answer.headers["content-type"].startswith(IN_PIECES):
                assert answer.headers["etag"]
            if role != "nobody":
                assert answer.headers["ratelimit"].startswith('"api";r=')
                assert answer.headers["ratelimit-policy"].startswith('"api";q=')
            return answer.status_code


@pytest.fixture
def scene(stack: Stack) -> Iterator[Scene]:
    """A scene of this test's own."""
    with scene_of(stack) as made:
        yield made


@pytest.fixture(scope="module")
def unchanged(stack: Stack) -> Iterator[Scene]:
    """A scene for those who only look, and for what is refused to everybody."""
    with scene_of(stack) as made:
        yield made


@contextmanager
def scene_of(stack: Stack) -> Iterator[Scene]:
    with (
        cast_of(stack.url) as cast,
        httpx.Client(base_url=stack.url, trust_env=False, verify=False, timeout=30) as stranger,
    ):
        course = cast.course()
        assignment = cast.assignment(course)
        people = {role: somebody(cast, role, course) for role in ROLES[1:]}
        made = handed_in(people["student"], assignment)
        program = Program.of(people["instructor"], course)
        yield Scene(stranger, people, course, assignment, made, program)


def somebody(cast: Cast, role: str, course: Course) -> Person:
    if role == "outsider":
        return cast.person(role, cast.course("Another course"), Role.INSTRUCTOR)
    if role == "admin":
        return cast.person(role, is_admin=True)
    return cast.person(role, course, Role(role.removeprefix("other_")))


def handed_in(student: Person, assignment: Assignment) -> str:
    path = f"/assignments/{assignment.id}/submissions"
    made: str = student.api.post(path, files={"file": ("a.py", GOOD)}).json()["id"]
    wait_for(lambda: is_graded(student, made), "the verdict")
    return made


def is_graded(student: Person, submission_id: str) -> bool:
    return student.api.get(f"/submissions/{submission_id}").json()["status"] == "graded"


def test_the_table_has_a_row_for_every_route(stack: Stack) -> None:
    described = httpx.get(
        f"{stack.url}/api/openapi.json", trust_env=False, verify=False, timeout=30
    ).json()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert routes == set(TABLE)


@pytest.mark.parametrize(
    ("method", "path"), TABLE, ids=[f"{method} {path}" for method, path in TABLE]
)
def test_each_role_gets_what_the_table_says(
    method: str, path: str, request: pytest.FixtureRequest
) -> None:
    changes = method != "GET" and min(TABLE[method, path].values()) < 400
    scene: Scene = request.getfixturevalue("scene" if changes else "unchanged")
    got = {role: scene.ask(role, method, path) for role in ROLES}
    assert got == TABLE[method, path]
    expected = OF_PROGRAMS.get((method, path), TABLE[method, path]["instructor"])
    assert scene.ask("program", method, path) == expected


def test_only_who_teaches_hands_in_for_others(scene: Scene) -> None:
    path = "/api/v1/assignments/{assignment_id}/submissions"
    got = {
        role: scene.ask(role, "POST", path, data={"student": scene.people["student"].email})
        for role in ROLES
        if role != "nobody"
    }
    assert got == {
        "outsider": 404,
        "other_student": 403,
        "student": 403,
        "tutor": 403,
        "assistant": 403,
        "instructor": 202,
        "admin": 202,
    }


def test_lists_show_a_student_their_own_and_staff_everybodys(scene: Scene) -> None:
    scene.people["other_student"].api.post(
        f"/assignments/{scene.assignment.id}/submissions", files={"file": ("a.py", GOOD)}
    )
    path = f"/assignments/{scene.assignment.id}/submissions"

    def owners(role: str) -> set[str]:
        return {each["student"]["email"] for each in scene.people[role].api.get(path).json()}

    student, other = scene.people["student"].email, scene.people["other_student"].email
    assert owners("student") == {student}
    assert owners("other_student") == {other}
    assert owners("assistant") == owners("instructor") == owners("admin") == {student, other}


def test_a_student_cannot_list_anothers(unchanged: Scene) -> None:
    path = f"/assignments/{unchanged.assignment.id}/submissions"
    api, another = unchanged.people["student"].api, unchanged.people["other_student"].email
    assert api.get(path, params={"student": another}).status_code == 403
    assert api.get(path, params={"student": "nobody@cast.example"}).status_code == 403
    assert len(api.get(path, params={"student": unchanged.people["student"].email}).json()) == 1


def test_an_unpublished_assignment_is_not_there_for_students(scene: Scene, cast: Cast) -> None:
    hidden = cast.assignment(scene.course, published=False)
    for role, status in (("student", 404), ("assistant", 200), ("instructor", 200)):
        api = scene.people[role].api
        assert api.get(f"/assignments/{hidden.id}").status_code == status
        listed = api.get(f"/courses/{scene.course.id}/assignments").json()
        assert (hidden.id in [each["id"] for each in listed]) is (status == 200)


def test_a_hidden_assignment_and_one_that_is_not_there_look_alike_to_students(
    scene: Scene, cast: Cast
) -> None:
    hidden = cast.assignment(scene.course, published=False)
    student = scene.people["student"]
    clients = (student.api_with("submissions:write"), student.api_with("submissions:behalf"))
    for client in (*clients, student.api):
        for whom in ({}, {"student": scene.people["other_student"].email}):
            there, nowhere = (
                client.post(
                    f"/assignments/{number}/submissions", files={"file": ("a.py", GOOD)}, data=whom
                )
                for number in (hidden.id, 2**31 - 1)
            )
            assert there.status_code == nowhere.status_code == 404
            assert there.json()["detail"] == nowhere.json()["detail"]


def test_who_left_the_course_sees_of_it_what_they_handed_in(scene: Scene) -> None:
    from app.infrastructure import database
    from app.models import Enrolment

    with database.session() as session:
        student = scene.people["student"].user
        session.get_one(Enrolment, (scene.course.id, student.id)).active = False
        session.commit()
    for path, status in {
        OWN: 200,
        "/api/v1/assignments/{assignment_id}/submissions": 200,
        "/api/v1/assignments/{assignment_id}": 404,
        "/api/v1/courses/{course_id}/assignments": 404,
    }.items():
        assert scene.ask("student", "GET", path) == status
    assert scene.ask("student", "POST", "/api/v1/assignments/{assignment_id}/submissions") == 404
    assert scene.people["student"].api.get("/courses").json() == []


def test_a_browsers_cookie_opens_no_api_route(student: Person, stack: Stack) -> None:
    assert student.web.get("/").status_code == 200
    assert student.web.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "unknown",
    [pytest.param(str(uuid4()), id="a receipt"), "not-a-receipt", "0", "%00", "é"],
)
def test_an_unknown_submission_and_anothers_look_alike(unknown: str, other_student: Person) -> None:
    answer = other_student.api.get(f"/submissions/{unknown}")
    assert answer.status_code == 404
    assert answer.json()["title"] == "There is nothing here"
