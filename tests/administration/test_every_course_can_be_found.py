"""A site administrator finds each course from the front page, however many there are."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Role
from app.pages.courses import MOST_SHOWN
from app.teaching import courses
from tests.support.cast import Cast, Person


def listed(person: Person, search: str) -> list[int]:
    """The courses that the front page names, in its order."""
    text = person.web.get("/", params={"search": search}).text
    return [int(one) for one in re.findall(r'href="/courses/(\d+)">', text)]


def test_by_title_code_or_term_in_any_case(db: Session, cast: Cast, admin: Person) -> None:
    made = db.get_one(Course, cast.course("Ånalysis for found").id)
    made.code, made.term = "found-analysis", "Found term 31"
    db.commit()
    for words in ("ånalysis FOR found", "FOUND-analysis", " found term 31 "):
        assert listed(admin, words) == [made.id]
    assert (
        "No course has “found-nothing” in its title" in admin.web.get("/?search=found-nothing").text
    )


def test_those_that_one_teaches_come_first_and_with_their_assignments(
    db: Session, cast: Cast, assignment: Assignment, course: Course, admin: Person
) -> None:
    teaching = cast.course("Taught by an administrator")
    own = cast.assignment(teaching, title="Their own assignment")
    courses.enrol(db, teaching, admin.user, Role.INSTRUCTOR)
    db.commit()
    text = admin.web.get("/", params={"search": course.code}).text
    assert text.index(f'href="/assignments/{own.id}"') < text.index("All other courses")
    assert f'href="/courses/{course.id}"' in text
    assert f'href="/assignments/{assignment.id}"' not in text


def test_an_archived_one_comes_last_and_is_marked(db: Session, cast: Cast, admin: Person) -> None:
    old, new = cast.course("Archive found 1"), cast.course("Archive found 2")
    db.get_one(Course, old.id).archived_at = now()
    db.commit()
    assert listed(admin, "archive found") == [new.id, old.id]
    assert admin.web.get("/", params={"search": "archive found"}).text.count("· archived") == 1


def test_where_there_are_many_the_first_are_shown_and_the_rest_is_searched_for(
    db: Session, admin: Person
) -> None:
    for number in range(MOST_SHOWN):
        courses.add(db, f"many-found-{number}", f"Many found {number:03}")
    db.commit()
    assert len(listed(admin, "many-found-")) == MOST_SHOWN
    assert f'<p class="quiet">{MOST_SHOWN} courses' in admin.web.get("/?search=many-found-").text
    courses.add(db, "many-found-more", "Many found, one more")
    db.commit()
    assert len(listed(admin, "many-found-")) == MOST_SHOWN
    assert f"The first {MOST_SHOWN} courses" in admin.web.get("/?search=many-found-").text


def test_nobody_else_finds_a_course_that_is_not_theirs(
    cast: Cast, student: Person, instructor: Person, course: Course
) -> None:
    cast.course("Somebody else's")
    for person in (student, instructor):
        assert listed(person, "somebody else's") == [course.id]
        assert "All courses" not in person.web.get("/").text
