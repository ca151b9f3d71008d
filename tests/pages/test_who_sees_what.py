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
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.stack import Stack

ROLES = (
    *("nobody", "outsider", "other_student", "student"),
    *("tutor", "assistant", "instructor", "admin"),
)
Statuses = dict[str, int]


def statuses(nobody: int = 303, **others: int) -> Statuses:
    """200 for all but those named; who is not signed in is sent to the sign-in page."""
    return dict.fromkeys(ROLES, 200) | {"nobody": nobody} | others


SIGNED_IN = statuses()
MEMBERS = statuses(outsider=404)
OWNER_AND_STAFF = MEMBERS | {"other_student": 404, "tutor": 404}  # `student` is in no section
THEIRS = MEMBERS | {"other_student": 403, "tutor": 403}
TEACHERS = MEMBERS | {"other_student": 403, "student": 403}
STAFF = TEACHERS | {"tutor": 403}
MANAGERS = STAFF | {"assistant": 403}
STRANGER = MEMBERS | dict.fromkeys(("assistant", "instructor", "admin"), 404)
STRANGER |= dict.fromkeys(("other_student", "student", "tutor"), 403)
ADMINS = statuses(**dict.fromkeys(ROLES[1:-1], 403))


def posted(read: Statuses, done: int = 303) -> Statuses:
    """The same for a form: who may is sent on (303), nobody is told to sign in (401)."""
    return {role: done if s == 200 else s for role, s in read.items()} | {"nobody": 401}


NOWHERE = "appeals/{nothing}/answer appeals/{nothing}/reply comments/{nothing}/withdraw"
NOWHERE += " extensions/{nothing}/take-back sections/{nothing}"
NOWHERE += " regrades/{nothing}/apply regrades/{nothing}/cancel"
SENT_ON = dict.fromkeys(ROLES, 303)  # to a page that has a row of its own
NOT_THERE = statuses(**dict.fromkeys(ROLES[1:], 404))
SUBMISSION = "/submissions/{submission_id}"  # of `student`
ASSIGNMENT = "/assignments/{assignment_id}"
GRADE = ASSIGNMENT + "/grades/{student_id}"
COURSE = "/courses/{course_id}"
PEOPLE = COURSE + "/people"
TABLE: dict[tuple[str, str], Statuses] = {
    ("GET", "/sign-in"): dict.fromkeys(ROLES, 303) | {"nobody": 200},
    ("POST", "/sign-in"): dict.fromkeys(ROLES, 401),
    ("POST", "/sign-out"): dict.fromkeys(ROLES, 303),
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/password"): posted(SIGNED_IN, 422),
    ("POST", "/account/tokens"): posted(SIGNED_IN, 422),
    ("POST", "/account/tokens/{nothing}/revoke"): posted(SIGNED_IN, 404),
    ("POST", "/account/sign-out-everywhere"): posted(SIGNED_IN),
    ("GET", "/"): dict.fromkeys(ROLES, 200),
    ("GET", "/try"): SENT_ON,
    ("POST", "/try"): dict.fromkeys(ROLES, 422),
    **{("GET", "/try/{nothing}" + part): dict.fromkeys(ROLES, 404) for part in ("", "/panel")},
    ("GET", "/courses/new"): ADMINS,
    ("POST", "/courses/new"): posted(ADMINS, 422),
    ("GET", COURSE): MEMBERS,
    ("GET", PEOPLE): MANAGERS,
    ("POST", PEOPLE): posted(MANAGERS, 422),
    ("GET", PEOPLE + "/import"): SENT_ON,
    ("POST", PEOPLE + "/import"): posted(MANAGERS, 422),
    ("POST", PEOPLE + "/{nothing}/role"): posted(MANAGERS, 404),
    ("POST", PEOPLE + "/{nothing}/remove"): posted(MANAGERS, 404),
    ("POST", PEOPLE + "/{nothing}/sections"): posted(MANAGERS, 404),
    ("POST", COURSE + "/sections"): posted(MANAGERS, 422),
    ("GET", COURSE + "/assignments/new"): MANAGERS,
    ("POST", COURSE + "/assignments/new"): posted(MANAGERS, 422),
    ("GET", ASSIGNMENT + "/edit"): MANAGERS,
    ("POST", ASSIGNMENT + "/edit"): posted(MANAGERS, 422),
    ("GET", ASSIGNMENT): MEMBERS,
    ("GET", ASSIGNMENT + "/submissions"): SENT_ON,
    ("POST", ASSIGNMENT + "/submissions"): posted(MEMBERS, 422),
    ("GET", ASSIGNMENT + "/work"): MEMBERS,
    ("GET", ASSIGNMENT + "/trial"): SENT_ON,
    ("POST", ASSIGNMENT + "/trial"): posted(MEMBERS, 422),
    ("GET", ASSIGNMENT + "/regrades"): STAFF,
    ("POST", ASSIGNMENT + "/regrades"): posted(MANAGERS),
    ("GET", "/regrades/{nothing}"): NOT_THERE,
    ("GET", "/regrades/{nothing}/panel"): NOT_THERE,
    ("GET", ASSIGNMENT + "/starter.py"): MEMBERS,
    ("GET", ASSIGNMENT + "/attempts"): MEMBERS,
    ("GET", ASSIGNMENT + "/compare"): MEMBERS,
    ("GET", ASSIGNMENT + "/compare?student={student_id}"): THEIRS,
    ("GET", ASSIGNMENT + "/attempts?student={student_id}"): THEIRS,
    ("GET", ASSIGNMENT + "/compare?student={stranger_id}"): STRANGER,
    ("GET", ASSIGNMENT + "/attempts?student={stranger_id}"): STRANGER,
    ("GET", SUBMISSION): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/panel"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/events"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/source.py"): OWNER_AND_STAFF,
    ("POST", SUBMISSION + "/hand-in"): posted(OWNER_AND_STAFF, 404) | {"student": 409},
    ("POST", SUBMISSION + "/choose"): posted(OWNER_AND_STAFF, 403) | {"student": 409},
    ("GET", GRADE): THEIRS,
    ("POST", GRADE): posted(STAFF, 409),
    ("POST", GRADE + "/undo"): posted(STAFF, 409),
    ("POST", GRADE + "/extension"): posted(STAFF, 409),
    ("GET", ASSIGNMENT + "/extensions"): TEACHERS,
    ("POST", ASSIGNMENT + "/extensions"): posted(TEACHERS, 422),
    ("GET", COURSE + "/grades/{student_id}"): THEIRS,
    ("GET", COURSE + "/late-days"): TEACHERS,
    ("POST", COURSE + "/late-days"): posted(MANAGERS),
    ("POST", ASSIGNMENT + "/late-days"): posted(MEMBERS),
    ("GET", COURSE + "/groups"): MANAGERS,
    ("POST", COURSE + "/groups"): posted(MANAGERS, 409),
    ("POST", GRADE + "/appeals"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "student": 422},
    ("POST", GRADE + "/comments"): posted(STAFF, 422),
    **{("POST", f"/{path}"): posted(SIGNED_IN, 404) for path in NOWHERE.split()},
    ("GET", COURSE + "/appeals"): TEACHERS,
    **{("GET", f"{COURSE}/log{kind}"): STAFF for kind in ("", ".csv")},
    **{("GET", "/receipts" + part): dict.fromkeys(ROLES, 200) for part in ("", "/keys.json")},
    ("POST", "/receipts"): dict.fromkeys(ROLES, 422),
    ("GET", SUBMISSION + "/receipt"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/receipt.txt"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/result-sheet.txt"): OWNER_AND_STAFF,
    ("GET", COURSE + "/gradebook"): TEACHERS,
    ("GET", COURSE + "/gradebook.csv"): TEACHERS,
    ("GET", COURSE + "/analytics"): STAFF,
    ("GET", COURSE + "/analytics.csv"): STAFF,
    ("GET", COURSE + "/analytics/misconception?exercise=sum&name=none"): STRANGER,
    ("GET", COURSE + "/analytics/projector?exercise=sum&name=none"): STRANGER,
    ("GET", ASSIGNMENT + "/analytics"): STAFF,
    ("GET", ASSIGNMENT + "/analytics.csv"): STAFF,
    ("GET", ASSIGNMENT + "/alike"): STAFF,
    ("GET", ASSIGNMENT + "/alike/{submission_id}/{submission_id}"): STAFF,
    ("GET", COURSE + "/exports"): STAFF,
    ("GET", COURSE + "/exports/preview"): SENT_ON,
    ("POST", COURSE + "/exports/preview"): posted(STAFF, 422),
    ("GET", COURSE + "/exports/filled"): SENT_ON,
    ("POST", COURSE + "/exports/filled"): posted(STAFF, 422),
    ("GET", COURSE + "/hand-ins.zip"): STAFF,
    **{("GET", f"{COURSE}/grades.{kind}"): TEACHERS for kind in ("csv", "json")},
    ("GET", "/guide"): dict.fromkeys(ROLES, 200),
    ("GET", "/graders"): statuses(**dict.fromkeys(ROLES[2:6], 403)),
    ("GET", "/accounts"): ADMINS,
    ("GET", "/accounts/log"): ADMINS,
    ("POST", "/accounts"): posted(ADMINS, 422),
    ("POST", "/accounts/{nothing}/password"): posted(ADMINS, 404),
    ("POST", "/accounts/{nothing}/active"): posted(ADMINS, 404),
}


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
            nothing=2**31 - 1,
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
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as stranger:
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
