"""An LMS names courses, people and assignments by its own ids, wherever a path has ours."""

from __future__ import annotations

import uuid
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course, User
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Cast, Person
from tests.support.forms import press


@pytest.fixture
def external(db: Session, student: Person) -> str:
    """The student's external id."""
    found = f"S-{uuid.uuid4()} ü"
    db.get_one(User, student.user.id).external_id = found
    db.commit()
    return found


def test_a_course_and_a_person_are_found_by_their_own_ids(
    instructor: Person, student: Person, course: Course, external: str
) -> None:
    read = instructor.api.get
    by_code, by_id = f"/courses/sis_course_id:{course.code}", f"/courses/{course.id}"
    for path in ("", "/gradebook", "/people", "/groups", "/sections"):
        assert read(by_code + path).json() == read(by_id + path).json()
        assert read(by_code + path).status_code == 200
    assert read(f"{by_code}/people/sis_user_id:{external}").json()["id"] == student.user.id


def test_a_grade_is_changed_by_the_ids_of_the_lms(
    instructor: Person, assignment: Assignment, external: str
) -> None:
    at = f"/assignments/{assignment.id}/grades/sis_user_id:{external}"
    match = {"If-Match": instructor.api.get(at).headers["etag"]}
    changed = instructor.api.patch(at, json={"score": 7, "reason": "Oral."}, headers=match)
    assert changed.status_code == 200, changed.text
    assert changed.json()["score"] == 7
    overview = f"/courses/{assignment.course_id}/grades/sis_user_id:{external}"
    assert instructor.api.get(overview).status_code == 200


@pytest.mark.parametrize("odd", ["ö – 微分", "a#b", "a?b=c", "100%25"])
def test_pages_of_what_an_id_of_the_lms_names_lead_to_each_other(
    instructor: Person, student: Person, assignment: Assignment, odd: str
) -> None:
    named = f"{uuid.uuid4()} {odd}"
    assert _change(instructor, f"/assignments/{assignment.id}", named).status_code == 200
    for _ in range(2):
        upload = {"file": ("a.py", GOOD)}
        student.api.post(f"/assignments/{assignment.id}/submissions", files=upload)
    at = f"/assignments/sis_assignment_id:{quote(named, safe='')}/submissions"
    first = instructor.api.get(at, params={"per_page": 1})
    assert first.status_code == 200, first.text
    second = instructor.api.get(first.links["next"]["url"])
    assert second.status_code == 200, second.text
    assert {one["attempt"] for one in first.json() + second.json()} == {1, 2}


@pytest.fixture
def sheet(instructor: Person, assignment: Assignment) -> str:
    """Where the assignment is by its external id, which its instructor gave it."""
    found = f"A-{uuid.uuid4()} ö"
    assert _change(instructor, f"/assignments/{assignment.id}", found).status_code == 200
    return f"/assignments/sis_assignment_id:{found}"


def _change(who: Person, path: str, external_id: str | None) -> httpx.Response:
    match = {"If-Match": who.api.get(path).headers["etag"]}
    return who.api.patch(path, json={"external_id": external_id}, headers=match)


def test_an_assignment_is_found_handed_in_to_and_changed_by_its_external_id(
    instructor: Person, student: Person, assignment: Assignment, external: str, sheet: str
) -> None:
    by_id = f"/assignments/{assignment.id}"
    for path in ("", "/extensions", f"/grades/{student.user.id}", "/submissions"):
        found = instructor.api.get(sheet + path)
        assert (found.status_code, found.json()) == (200, instructor.api.get(by_id + path).json())
    files, data = {"file": ("a.py", GOOD)}, {"student": external}
    sent = instructor.api.post(f"{sheet}/submissions", files=files, data=data)
    assert sent.status_code == 202
    both = instructor.api.get(f"{sheet}/grades/sis_user_id:{external}")
    assert both.json()["student"]["id"] == student.user.id
    lines = instructor.api.get(f"/courses/{assignment.course_id}/grades?format=csv").text
    assert sheet.partition(":")[2] in lines


def test_no_two_assignments_have_one_external_id_in_any_course(
    instructor: Person, admin: Person, cast: Cast, sheet: str
) -> None:
    taken = sheet.partition(":")[2]
    other = f"/assignments/{cast.assignment(cast.course()).id}"
    refused = _change(admin, other, taken)
    assert refused.status_code == 422
    assert refused.json()["errors"]["external_id"].endswith(taken + ".")
    assert _change(admin, other, f"{taken}/").status_code == 422
    assert _change(instructor, sheet, taken).status_code == 200
    assert _change(instructor, sheet, None).json()["external_id"] is None
    assert _change(admin, other, taken).json()["external_id"] == taken


def test_a_copy_has_no_external_id(instructor: Person, assignment: Assignment, sheet: str) -> None:
    copied = instructor.api.post(f"{sheet}/copies", json={"weeks": 1})
    assert copied.json()["external_id"] is None
    at = f"/courses/{assignment.course_id}"
    course = instructor.api.post(f"{at}/copies", json={"code": f"copy-{uuid.uuid4()}"}).json()["id"]
    for one in instructor.api.get(f"/courses/{course}/assignments").json():
        assert one["external_id"] is None


def test_the_form_takes_an_external_id_and_says_where_it_is_taken(
    instructor: Person, assignment: Assignment, cast: Cast, course: Course, sheet: str
) -> None:
    taken = sheet.partition(":")[2]
    other = cast.assignment(course)
    edit = f"/assignments/{other.id}/edit"
    refused = press(instructor.web, edit, edit, external_id=taken)
    assert refused.status_code == 422
    assert "Another assignment has the external id" in refused.text
    own = f"B-{uuid.uuid4()}"
    assert press(instructor.web, edit, edit, external_id=f" {own} ").status_code == 303
    assert instructor.api.get(f"/assignments/{other.id}").json()["external_id"] == own
    assert own in instructor.web.get(edit).text


@pytest.mark.parametrize("which", ["sis_course_id:nowhere", "2147483647", "2147483648"])
def test_what_nobody_has_is_answered_as_what_one_may_not_know_of(
    instructor: Person, outsider: Person, course: Course, which: str
) -> None:
    hidden = outsider.api.get(f"/courses/sis_course_id:{course.code}")
    nothing = outsider.api.get(f"/courses/{which}")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.json()["detail"] == nothing.json()["detail"]


@pytest.mark.parametrize("broken", ["0", "-1", "abc", "1.5", str(10**12), "sis_course_id:", "1%00"])
def test_what_is_no_id_is_nothing_that_is_there(instructor: Person, broken: str) -> None:
    assert instructor.api.get(f"/courses/{broken}").status_code == 404
