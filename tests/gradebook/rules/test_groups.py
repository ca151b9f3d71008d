"""Groups of assignments: made and changed in one form, and what a total says of them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press


@pytest.fixture
def two(cast: Cast, course: Course) -> tuple[Assignment, Assignment]:
    """Homework of 70 points, a project of 10."""
    project = cast.assignment(course, title="Project", points={"sum": 10.0})
    return cast.assignment(course, title="Homework 1"), project


@pytest.fixture
def weighed(course: Course, instructor: Person, two: tuple[Assignment, Assignment]) -> str:
    """The page of groups, after Homework 60 and Project 40 were made."""
    here = f"/courses/{course.id}/groups"
    typed = {"title-0": "Homework", "weight-0": "60", "title-1": "Projects", "weight-1": "40"}
    typed |= {f"group-{two[0].id}": "0", f"group-{two[1].id}": "1"}
    assert press(instructor.web, here, here, **typed).status_code == 303
    return here


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_total_is_in_percent_and_says_how_it_comes_about(
    db: Session, course: Course, student: Person, instructor: Person, weighed: str,
    two: tuple[Assignment, Assignment],
) -> None:  # fmt: skip
    attempt(db, two[0], student, 0.5)
    attempt(db, two[1], student, 1.0)
    for person in (student, instructor):
        said = text_of(person.web.get(f"/courses/{course.id}/grades/{student.user.id}").text)
        assert "70 %" in said
        assert "35 of 70, 50 %; its weight is 60 % of the total, which makes 30 %." in said
        assert "10 of 10, 100 %; its weight is 40 % of the total, which makes 40 %." in said
    book = instructor.web.get(f"/courses/{course.id}/gradebook").text
    assert 'title="How it comes about">70</a>' in book
    csv = instructor.web.get(f"/courses/{course.id}/gradebook.csv").text.splitlines()
    assert csv[0].endswith("Total,Total in %")
    assert csv[-1].endswith(",45,70")
    shown = student.api.get(f"/courses/{course.id}/grades/{student.user.id}").json()
    assert (shown["share"], [part["weight"] for part in shown["parts"]]) == (0.7, [0.6, 0.4])


def test_a_group_is_renamed_changed_and_taken_away_and_assignments_stay(
    db: Session,
    course: Course,
    instructor: Person,
    weighed: str,
    two: tuple[Assignment, Assignment],
) -> None:
    changes = {"title-0": "Sheets", "dropped-0": "2", "title-1": "", f"group-{two[1].id}": ""}
    assert press(instructor.web, weighed, weighed, **changes).status_code == 303
    (only,) = instructor.api.get(weighed).json()["groups"]
    assert only == {"title": "Sheets", "weight": 60, "dropped": 2, "assignments": [two[0].id]}


def test_the_second_of_two_who_change_groups_is_told_and_loses_nothing(
    instructor: Person, admin: Person, weighed: str
) -> None:
    mine = filled(admin.web, weighed, weighed) | {"weight-0": "10"}
    press(instructor.web, weighed, weighed, **{"weight-0": "50"})
    refused = admin.web.post(weighed, data=mine)
    assert refused.status_code == 409
    assert "By now they are: Homework (50), Projects (40)." in refused.text
    assert 'value="10"' in refused.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title-0": ""}, "A group with assignments in it has no title."),
        ({"title-1": "homework"}, "Two groups have the same title."),
        ({"weight-0": "much"}, "The weight of Homework is no number that can be used."),
        ({"weight-0": "-1"}, "The weight of Homework lies between 0 and 1000."),
        ({"weight-0": "0", "weight-1": "0"}, "at least one group a weight above 0"),
        ({"dropped-0": "101"}, "lies between 0 and 100"),
        ({"title-0": "x" * 201}, "200 is the most"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    instructor: Person, weighed: str, typed: dict[str, str], said: str
) -> None:
    refused = press(instructor.web, weighed, weighed, **typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert all(f'value="{value}"' in refused.text for value in typed.values())
    assert [one["weight"] for one in instructor.api.get(weighed).json()["groups"]] == [60, 40]


def test_the_api_changes_them_for_what_was_read_and_refuses_strangers(
    cast: Cast, instructor: Person, weighed: str, two: tuple[Assignment, Assignment]
) -> None:
    read = instructor.api.get(weighed)
    match = {"If-Match": read.headers["etag"]}
    foreign = cast.assignment(cast.course("Another"))
    wrong = {"groups": [{"title": "A", "assignments": [foreign.id]}]}
    assert instructor.api.put(weighed, json=wrong, headers=match).status_code == 422
    twice = {"groups": [{"title": name, "assignments": [two[0].id]} for name in "AB"]}
    assert instructor.api.put(weighed, json=twice, headers=match).status_code == 422
    assert instructor.api.put(weighed, json={"groups": []}, headers=match).json() == {"groups": []}
    assert instructor.api.put(weighed, json={"groups": []}, headers=match).status_code == 412


def test_students_see_no_group_of_a_hidden_assignment_by_its_number(
    cast: Cast, course: Course, instructor: Person, student: Person
) -> None:
    hidden = cast.assignment(course, title="Exam", published=False)
    here = f"/courses/{course.id}/groups"
    press(instructor.web, here, here, **{"title-0": "All", f"group-{hidden.id}": "0"})
    assert student.api.get(here).json()["groups"][0]["assignments"] == []
    assert instructor.api.get(here).json()["groups"][0]["assignments"] == [hidden.id]
    mine = f"/courses/{course.id}/grades/{student.user.id}"
    assert "Exam" not in student.web.get(mine).text
