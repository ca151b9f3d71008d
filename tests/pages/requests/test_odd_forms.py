"""Every field of every form, filled with what nobody means: an answer in words, never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest

from app.models import Assignment, Course
from tests.pages.conftest import Desk
from tests.pages.table_of_roles import NO_IDS, TABLE
from tests.support.cast import Person
from tests.support.forms import forms

ODD = {
    "nothing": "",
    "a NUL": "a\0b",
    "a huge number": "9" * 400,
    "digits of another script": "²٣",
    "not a number": "nan",
    "half a character": "\ud800",
    "10 kB": "x" * 10_000,
    "markup": "'\"><script>{{7*7}}%s\r\n\t",
    "a far time": "9999-12-31T23:59",
}
FORMS = (  # as `student`, `instructor`, `admin`: where forms are
    "/account",
    "/courses/new",
    "/accounts",
    "/courses/{course_id}/people",
    "/courses/{course_id}/assignments/new",
    "/assignments/{assignment_id}",
    "/assignments/{assignment_id}/edit",
    "/assignments/{assignment_id}/grades/{student_id}",
    "/courses/{course_id}/groups",
    "/assignments/{assignment_id}/extensions",
    "/courses/{course_id}/late-days",
    "/assignments/{assignment_id}/work",
    "/assignments/{assignment_id}/attempts",
    "/assignments/{assignment_id}/compare",
    "/submissions/{submission_id}",
)
NO_PAGES = ("/events", ".py", ".csv", ".json", ".txt", ".zip")
LOSES_THE_SIGN_IN = ("/sign-out", "/account/sign-out-everywhere")


@dataclass(frozen=True)
class Scene:
    people: dict[str, Person]
    places: dict[str, object]

    def forms(self, role: str) -> Iterator[tuple[str, str, dict[str, str]]]:
        """The forms that somebody with this role can see, and nobody with a lesser one."""
        seen = set()
        for each, place in product(self.people, FORMS):
            address = place.format(**self.places)
            for method, action, fields in forms(self.people[each].web, address):
                shape = (method, re.sub(r"\d+", "N", action))
                if shape not in seen and action not in LOSES_THE_SIGN_IN:
                    seen.add(shape)
                    if each == role:
                        yield method, action, fields
            if each == role and place == FORMS[-1]:
                return


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, course: Course, assignment: Assignment, desk: Desk
) -> Scene:
    people = {role: request.getfixturevalue(role) for role in ("student", "instructor", "admin")}
    made = desk.graded(people["student"], assignment)
    places = {
        "course_id": course.id, "assignment_id": assignment.id, "submission_id": made,
        "student_id": people["student"].user.id, **NO_IDS,
    }  # fmt: skip
    return Scene(people, places)


def said(answer: httpx.Response) -> str:
    """What is wrong with an answer, however odd the question was; empty when nothing is."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if answer.status_code >= 300 and answer.status_code < 400:
        return ""
    if answer.headers["content-type"] != "text/html; charset=utf-8":
        return f"is {answer.headers['content-type']}"
    return "" if "content-security-policy" in answer.headers else "has no policy"


def send(person: Person, method: str, action: str, fields: dict[str, str]) -> httpx.Response:
    encoded = urlencode(fields, errors="surrogatepass")
    if method == "GET":
        return person.web.get(f"{action}?{encoded}")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return person.web.post(action, content=encoded, headers=form)


@pytest.mark.parametrize(("role", "number"), [("student", 4), ("instructor", 6), ("admin", 4)])
def test_no_field_of_any_form_breaks_its_page(role: str, number: int, scene: Scene) -> None:
    person, wrong, found = scene.people[role], [], list(scene.forms(role))
    for method, action, fields in found:
        kinds = {field.split("-")[0]: field for field in fields}  # one exercise is as any other
        for field in kinds.values():
            for name, text in ODD.items():
                problem = said(send(person, method, action, fields | {field: text}))
                if problem:
                    wrong.append(f"{method} {action} with {name} for {field}: {problem}")
    assert len(found) >= number
    assert not wrong, "\n".join(wrong)
    for place in FORMS:
        assert not said(person.web.get(place.format(**scene.places)))


def test_no_query_breaks_a_page(scene: Scene) -> None:
    fields = ["sort", "search", "student", "from", "to", "start", "removed", "done", "next"]
    fields += ["q", "mark", "below", "assignment", "rows", "action", "before", "changed", "closed"]
    wrong = []
    for place in sorted({path.split("?")[0] for method, path in TABLE if method == "GET"}):
        if place.endswith(NO_PAGES) or place in LOSES_THE_SIGN_IN:
            continue
        address = place.format(**scene.places)
        for name, text in ODD.items():
            query = dict.fromkeys(fields, text[:500])
            problem = said(send(scene.people["admin"], "GET", address, query))
            wrong += [f"{address} with {name}: {problem}"] if problem else []
    assert not wrong, "\n".join(wrong)
