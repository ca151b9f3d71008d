"""Every page against every role: one table, which a new page must join."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest

from app import pages
from app.models import Assignment, Course
from tests.pages.conftest import Desk
from tests.pages.table_of_roles import ASSIGNMENT, GRADE, NO_IDS, ROLES, SUBMISSION, TABLE
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.processes.stack import Stack


@dataclass(frozen=True)
class Scene:
    """A course with its people, a graded submission of `student`'s, a course beside it."""

    stranger: httpx.Client
    people: dict[str, Person]
    course: Course
    assignment: Assignment
    submission_id: str

    def client(self, role: str) -> httpx.Client:
        return self.stranger if role == "nobody" else self.people[role].web

    def ask(self, role: str, method: str, template: str) -> int:
        path = template.format(
            course_id=self.course.id,
            assignment_id=self.assignment.id,
            submission_id=self.submission_id,
            student_id=self.people["student"].user.id,
            stranger_id=self.people["outsider"].user.id,
            **NO_IDS,
        )
        data = {"role": "student"} if method == "POST" else None
        with self.client(role).stream(method, path, data=data) as answer:
            return answer.status_code


@pytest.fixture
def scene(
    stack: Stack,
    cast: Cast,
    course: Course,
    assignment: Assignment,
    desk: Desk,
    request: pytest.FixtureRequest,
) -> Iterator[Scene]:
    people = {role: request.getfixturevalue(role) for role in ROLES[1:]}
    made = desk.graded(people["student"], assignment)
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False, verify=False) as stranger:
        yield Scene(stranger, people, course, assignment, made)


def test_every_page_answers_every_role_as_the_table_says(scene: Scene) -> None:
    wrong = []
    ends_sign_ins = ("/sign-out", "/account/sign-out-everywhere")
    for (method, template), expected in sorted(
        TABLE.items(), key=lambda line: line[0][1] in ends_sign_ins
    ):
        for role in ROLES:
            if template in ends_sign_ins:
                scene.client(role).cookies.clear()
                if role != "nobody":
                    del scene.people[role].__dict__["cookie"]
                    scene.client(role).cookies.update(scene.people[role].cookie)
            got = scene.ask(role, method, template)
            if got != expected[role]:
                wrong.append(f"{method} {template} as {role}: {got}, not {expected[role]}")
    assert not wrong, "\n".join(wrong)


def test_the_table_knows_every_page() -> None:
    known = {(method, _shape(template.split("?")[0])) for method, template in TABLE}
    there = {
        (method, _shape(route.path))
        for part in pages.PARTS
        for route in part.router.routes
        for method in getattr(route, "methods", ())
        if method != "HEAD"
    }
    assert there == known


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_an_unpublished_assignment_is_for_those_who_teach(scene: Scene, cast: Cast) -> None:
    hidden = cast.assignment(scene.course, title="Hidden sheet", published=False).id
    seen = {
        role: scene.client(role).get(f"/assignments/{hidden}").status_code for role in ROLES[1:]
    }
    students = ("outsider", "other_student", "student")
    assert seen == dict.fromkeys(ROLES[1:], 200) | dict.fromkeys(students, 404)
    for role, is_listed in (("student", False), ("assistant", True), ("instructor", True)):
        course = scene.client(role).get(f"/courses/{scene.course.id}").text
        assert ("Hidden sheet" in course) is is_listed


def test_no_page_of_a_hidden_assignment_tells_students_that_it_is_there(
    scene: Scene, cast: Cast
) -> None:
    hidden = replace(scene, assignment=cast.assignment(scene.course, published=False))
    absent = replace(scene, assignment=Assignment(id=2**31 - 1))
    pages_of_it = [line for line in TABLE if line[1].startswith(ASSIGNMENT)]
    told = {line: hidden.ask("student", *line) for line in pages_of_it}
    assert told == {line: absent.ask("student", *line) for line in pages_of_it}
    assert set(told.values()) == {303, 404}


def test_the_staff_of_a_course_cannot_look_up_accounts_beyond_it(scene: Scene) -> None:
    stranger = scene.people["outsider"]
    sheet, whose = f"/assignments/{scene.assignment.id}", f"student={stranger.user.id}"
    for role in ("assistant", "instructor", "admin"):
        for path in ("attempts", "compare"):
            answer = scene.client(role).get(f"{sheet}/{path}?{whose}")
            assert stranger.email not in answer.text
            assert stranger.user.name not in answer.text


def test_what_somebody_handed_in_who_was_removed_is_shown_to_them_and_staff(scene: Scene) -> None:
    student = scene.people["student"]
    people = f"/courses/{scene.course.id}/people"
    gone = press(scene.client("instructor"), people, f"{people}/{student.user.id}/remove")
    attempts = f"/assignments/{scene.assignment.id}/attempts?student={student.user.id}"
    assert student.email in scene.client("assistant").get(attempts).text
    pages = [line for line in TABLE if line[0] == "GET" and "{" in line[1]]
    seen = {path for method, path in pages if scene.ask("student", method, path) == 200}
    kept = ("panel", "events", "source.py", "receipt", "receipt.txt", "result-sheet.txt")
    own = {SUBMISSION, *(f"{SUBMISSION}/{part}" for part in kept)}
    own |= {GRADE}
    work = {ASSIGNMENT + "/attempts", ASSIGNMENT + "/compare"}
    assert seen == own | work | {page + "?student={student_id}" for page in work}
    front = scene.client("student").get("/").text
    assert f'href="/assignments/{scene.assignment.id}/attempts"' in front
    assert f'href="/courses/{scene.course.id}"' not in front

    back = f"{people}/{student.user.id}/role"
    assert press(scene.client("instructor"), gone.headers["location"], back).status_code == 303
    assert scene.client("student").get(f"/courses/{scene.course.id}").status_code == 200


def test_no_link_of_what_somebody_sees_who_was_removed_leads_nowhere(scene: Scene) -> None:
    student = scene.people["student"]
    people = f"/courses/{scene.course.id}/people"
    press(scene.client("instructor"), people, f"{people}/{student.user.id}/remove")
    client = scene.client("student")
    for page in ("/", f"/submissions/{scene.submission_id}"):
        for link in set(re.findall(r'href="(/(?!static)[^"#]*)', client.get(page).text)):
            assert client.get(html.unescape(link)).status_code == 200, f"{page} leads to {link}"
