"""Reading over REST: lists in pages, gradebooks as JSON and CSV, answers that did not change."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from app.models import Assignment, Course, Role
from tests.api.handing_in.test_handing_in import GOOD, graded, hand_in
from tests.support.cast import Cast, Person
from tests.support.processes.stack import Stack

DANGEROUS = '=HYPERLINK("http://evil.example")'


def pages(api: httpx.Client, path: str, size: int) -> list[list[Any]]:
    """All pages of a list, by following the Link headers."""
    found = []
    url: str | None = f"{path}?per_page={size}"
    while url:
        answer = api.get(url)
        assert answer.status_code == 200
        found.append(answer.json())
        url = answer.links.get("next", {}).get("url")
    return found


def test_submissions_come_newest_first_a_page_at_a_time(
    student: Person, assignment: Assignment
) -> None:
    made = [hand_in(student, assignment).json()["id"] for _ in range(5)]
    found = pages(student.api, f"/assignments/{assignment.id}/submissions", 2)
    assert [len(page) for page in found] == [2, 2, 1]
    assert [each["id"] for page in found for each in page] == made[::-1]
    assert [each["attempt"] for page in found for each in page] == [5, 4, 3, 2, 1]


def test_a_page_stays_where_it_is_when_newer_work_comes(
    student: Person, assignment: Assignment
) -> None:
    made = [hand_in(student, assignment).json()["id"] for _ in range(2)]
    first = student.api.get(f"/assignments/{assignment.id}/submissions?per_page=1")
    hand_in(student, assignment)
    second = student.api.get(first.links["next"]["url"])
    assert [each["id"] for each in first.json() + second.json()] == made[::-1]


def test_staff_narrow_the_list_to_one_student_and_pages_keep_that(
    student: Person, other_student: Person, instructor: Person, assignment: Assignment
) -> None:
    for person in (student, other_student, student):
        hand_in(person, assignment)
    path = f"/assignments/{assignment.id}/submissions"
    answer = instructor.api.get(path, params={"student": student.email, "per_page": 1})
    rest = instructor.api.get(answer.links["next"]["url"])
    owners = [each["student"]["email"] for each in answer.json() + rest.json()]
    assert owners == [student.email] * 2
    assert instructor.api.get(path, params={"student": "me"}).json() == []
    assert instructor.api.get(path, params={"student": "nobody@cast.example"}).status_code == 404


def test_courses_and_assignments_come_in_pages_too(
    cast: Cast, course: Course, student: Person
) -> None:
    made = [cast.assignment(course, title=f"Week {week}").id for week in range(3)]
    found = pages(student.api, f"/courses/{course.id}/assignments", 2)
    assert [[each["id"] for each in page] for page in found] == [made[:2], made[2:]]
    (own,) = student.api.get("/courses").json()
    assert (own["id"], own["role"]) == (course.id, "student")


@pytest.mark.parametrize("page", ["", "x", "AAAA", "W10", "WyJ4IiwgInkiXQ", "\0", "é", "9" * 301])
def test_a_page_that_was_never_given_out_is_told(
    page: str, student: Person, assignment: Assignment
) -> None:
    for path in (f"/assignments/{assignment.id}/submissions", "/courses"):
        answer = student.api.get(path, params={"page": page})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["page"]


@pytest.mark.parametrize("per_page", ["0", "101", "-1", "many", str(10**30)])
def test_a_page_of_no_sensible_size_is_told(per_page: str, student: Person) -> None:
    answer = student.api.get("/courses", params={"per_page": per_page})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["per_page"]


def test_an_assignment_says_what_it_is_worth_and_until_when(
    student: Person, assignment: Assignment
) -> None:
    found = student.api.get(f"/assignments/{assignment.id}").json()
    assert found["max_score"] == 70
    assert {each["slug"]: each["points"] for each in found["exercises"]} == assignment.points
    assert found["is_open"] is True
    assert found["links"]["submissions"].endswith(f"/assignments/{assignment.id}/submissions")


def test_the_gradebook_tells_each_students_counting_score(
    cast: Cast, course: Course, assignment: Assignment, student: Person, instructor: Person
) -> None:
    graded(student, hand_in(student, assignment, GOOD))
    graded(student, hand_in(student, assignment, b"x = 1\n"))
    idle = cast.person("Zoe Idle", course)
    book = instructor.api.get(f"/courses/{course.id}/gradebook").json()
    assert [column["id"] for column in book["assignments"]] == [assignment.id]
    assert book["max_total"] == 70
    rows = {row["student"]["email"]: row for row in book["students"]}
    (cell,) = rows[student.email]["scores"]
    assert (cell["score"], cell["attempts"], cell["pending"]) == (10, 2, 0)
    assert rows[student.email]["total"] == 10
    assert rows[idle.email]["scores"] == []
    assert instructor.email not in rows


def test_the_gradebook_comes_in_pages_of_students_and_as_csv_whole(
    cast: Cast, course: Course, instructor: Person
) -> None:
    everybody = {cast.person(f"Student {n}", course).email for n in range(5)}
    path = f"/courses/{course.id}/gradebook"
    sizes, seen, address = [], set(), f"{path}?per_page=2"
    while address:
        answer = instructor.api.get(address)
        emails = {row["student"]["email"] for row in answer.json()["students"]}
        sizes.append(len(emails))
        seen |= emails
        address = answer.links["next"]["url"] if "next" in answer.links else ""
    assert (sizes, seen) == ([2, 2, 1], everybody)
    whole = instructor.api.get(path, params={"format": "csv", "per_page": 2})
    assert len(list(csv.reader(io.StringIO(whole.text)))) == 2 + 5
    assert "next" not in whole.links


def test_the_gradebook_as_csv_holds_no_formula(
    cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> None:
    cast.person(DANGEROUS, course)
    path = f"/courses/{course.id}/gradebook"
    answer = instructor.api.get(path, params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert instructor.web.get(f"{path}.csv").content == answer.content
    titles, _points, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert titles == [
        "Student",
        "Email",
        "External ID",
        f"Backpropagation ({assignment.id})",
        "Total",
    ]
    assert row[0] == "'" + DANGEROUS


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv, application/json;q=0.5", "text/csv; charset=utf-8"),
        ("application/json, text/csv", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, application/json", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=much", "application/json"),
        ("*/*", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_the_gradebook_comes_in_the_form_that_is_preferred(
    accept: str, kind: str, course: Course, instructor: Person
) -> None:
    path = f"/courses/{course.id}/gradebook"
    answer = instructor.api.get(path, headers={"Accept": accept})
    assert (answer.headers["content-type"], answer.headers["vary"]) == (kind, "accept")
    forced = instructor.api.get(f"{path}?format=json", headers={"Accept": "text/csv"})
    assert forced.headers["content-type"] == "application/json"


def test_what_did_not_change_is_not_sent_again(
    student: Person, cast: Cast, course: Course, instructor: Person
) -> None:
    path = f"/courses/{course.id}/assignments"
    first = student.api.get(path)
    known = {"If-None-Match": first.headers["etag"]}
    again = student.api.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    weak = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    assert student.api.get(path, headers=weak).status_code == 304
    cast.assignment(course)
    assert student.api.get(path, headers=known).status_code == 200
    csv_path = f"/courses/{course.id}/gradebook?format=csv"
    etag = instructor.api.get(csv_path).headers["etag"]
    assert instructor.api.get(csv_path, headers={"If-None-Match": etag}).status_code == 304


def test_an_administrator_sees_courses_without_being_in_them(admin: Person, course: Course) -> None:
    roles = {
        each["id"]: each["role"] for page in pages(admin.api, "/courses", 100) for each in page
    }
    assert roles[course.id] is None


def test_instructors_are_pointed_to_the_gradebook_and_students_are_not(
    cast: Cast, course: Course, stack: Stack
) -> None:
    for role in Role:
        (seen,) = cast.person("Somebody", course, role).api.get("/courses").json()
        assert ("gradebook" in seen["links"]) is (role is not Role.STUDENT)
        assert seen["links"]["assignments"] == f"{stack.url}/api/v1/courses/{course.id}/assignments"
