"""What staff see first of a course and of an assignment: its state, each finding with just whom."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.infrastructure.clock import now
from app.models import Assignment, Course, Role
from tests.gradebook.conftest import Term
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person

LINK = re.compile(r'<a href="(/courses/\d+/gradebook\?[^"]*)">([^<]*)</a>')


def told(page: str) -> dict[str, str]:
    """The findings of a page: each sentence with where it leads."""
    listed = page.partition('class="findings"')[2].partition("</ul>")[0]
    return {said: html.unescape(address) for address, said in LINK.findall(listed)}


def students(term: Term, address: str) -> str:
    page = term.teacher.web.get(address).text
    names = re.findall(r'<th scope="row" title[^>]*>([^<]*)<', page)
    return " ".join(name[:3] for name in names)


def test_each_finding_of_a_course_leads_to_just_those_whom_it_is_about(term: Term) -> None:
    found = told(term.teacher.web.get(f"/courses/{term.course.id}").text)
    assert {said: students(term, address) for said, address in found.items()} == {
        "2 of 7 have handed in": "Ben Cem Dee Eve Fay",
        "1 student is missing": "Cem",
        "The work of 1 student is not graded yet, or could not be": "Fay",
        "1 student is stuck: five attempts or more, and the last three brought nothing": "Gus",
        "1 student has never handed in anything": "Cem",
        "3 students handed in since yesterday": "Ada Ben Gus",
    }


def test_each_finding_of_an_assignment_leads_to_just_those_whom_it_is_about(term: Term) -> None:
    page = term.teacher.web.get(f"/assignments/{term.past.id}").text
    found = told(page)
    assert {said: students(term, address) for said, address in found.items()} == {
        "5 of 6 have handed in": "Cem",
        "1 student is missing": "Cem",
        "The work of 1 student is not graded yet, or could not be": "Fay",
        "2 students have less than half of the points": "Ben Cem",
        "The work of 1 student is late": "Ben",
        "1 student handed in since yesterday": "Ben",
        "The grade of 1 student was changed by hand": "Dee",
    }
    assert "The median of 4 scores is 65 of 70." in page
    assert "Your score" not in page


def test_each_finding_has_a_small_picture_that_says_the_same(term: Term) -> None:
    page = term.teacher.web.get(f"/courses/{term.course.id}").text
    for said in told(page):
        assert f"<title>{said}</title>" in page


def test_the_list_of_assignments_says_how_many_are_in(term: Term) -> None:
    page = term.teacher.web.get(f"/courses/{term.course.id}").text
    assert "5 of 6 in" in page
    assert "2 of 7 in" in page


def test_what_students_cannot_see_says_so(term: Term) -> None:
    page = term.teacher.web.get(f"/assignments/{term.hidden.id}").text
    assert "Students cannot see it yet, so that it is in no sum." in page
    assert f'href="/assignments/{term.hidden.id}/edit">Publish it' in page


def test_a_student_is_told_nothing_of_the_others(term: Term) -> None:
    for path in (f"/courses/{term.course.id}", f"/assignments/{term.past.id}"):
        page = term.people["Ben"].web.get(path).text
        assert "How it stands" not in page
        assert "gradebook?" not in page


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ASSISTANT])
def test_an_empty_course_shows_its_next_step(cast: Cast, course: Course, role: Role) -> None:
    teacher = cast.person("Ines", course, role)
    leads = role is Role.INSTRUCTOR
    here = f"/courses/{course.id}"
    assert (
        f'href="{here}/assignments/new">Write the first one' in teacher.web.get(here).text
    ) is leads
    cast.assignment(course)
    page = teacher.web.get(here).text
    assert "Nobody takes part yet." in page
    assert (f'href="{here}/people">Add your students' in page) is leads


def test_where_nothing_is_to_be_done_that_is_said(
    cast: Cast, course: Course, instructor: Person, student: Person
) -> None:
    cast.assignment(course, published=False)
    said = instructor.web.get(f"/courses/{course.id}").text
    assert "1 student takes part. There is nothing to do" in said


def test_the_commonest_misconceptions_of_the_week_lead_to_who_has_them(
    db: Session, cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> None:
    for name, at in (("Ann", now()), ("Bob", now()), ("Cat", now() - timedelta(days=8))):
        made = attempt(db, assignment, cast.person(name, course), 0.5, at=at)
        made.results[0].report |= {"diagnosis": {"name": "gradients swapped", "hint": "Look."}}
        flag_modified(made.results[0], "report")
        db.commit()
    page = instructor.web.get(f"/courses/{course.id}").text
    link = re.search(
        r'href="([^"]*analytics/misconception[^"]*)">2 students: gradients swapped', page
    )
    assert link is not None
    shown = instructor.web.get(html.unescape(link[1]))
    assert shown.status_code == 200
    assert "gradients swapped" in shown.text


def test_the_api_tells_the_same_and_leads_to_the_same_students(term: Term) -> None:
    api = term.teacher.api
    state = api.get(f"/courses/{term.course.id}/findings").json()
    told_of_one = api.get(f"/assignments/{term.past.id}/findings").json()
    assert {one["kind"]: one["number"] for one in state["findings"]} == {
        "handed in": 2, "missing": 1, "not graded": 1, "stuck": 1, "never handed in": 1, "new": 3,
    }  # fmt: skip
    assert (state["appeals"], state["misconceptions"]) == (0, [])
    for one in [*state["findings"], *told_of_one]:
        rows = api.get(one["links"]["students"]).json()["students"]
        expected = one["of"] - one["number"] if one["kind"] == "handed in" else one["number"]
        assert len(rows) == expected
