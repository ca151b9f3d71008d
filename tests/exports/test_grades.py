"""Grades leave a course as a list of everything, which says why there is no number."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import timedelta

import httpx
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.exports import grades
from app.exports.grades import Line
from app.gradebook import book as gradebook
from app.gradebook.grades import NOTHING, Grade
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.pages.conftest import Desk, desk
from tests.support.cast import Cast, Person

__all__ = ["desk"]


def table(answer: httpx.Response, between: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=between))


def test_there_is_a_line_for_each_student_and_exercise(
    student: Person, other_student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    desk.graded(student, assignment)
    found = table(instructor.web.get(f"/courses/{assignment.course_id}/grades.csv"))
    own = [row for row in found if row["Email"] == student.email]
    assert [row["Exercise"] for row in own] == ["", *assignment.points]
    assert [row["Score"] for row in own] == ["70", *["10"] * 7]
    assert {row["Status"] for row in own} == {"graded"}
    others = [row for row in found if row["Email"] == other_student.email]
    assert {(row["Score"], row["Status"]) for row in others} == {("", "not handed in")}


def test_the_other_habit_has_semicolons_between_and_commas_in_numbers(
    student: Person, instructor: Person, course: Course, cast: Cast, desk: Desk
) -> None:
    half = cast.assignment(course, points={"sigmoid": 2.5})
    desk.graded(student, half)
    at = f"/courses/{course.id}/grades.csv"
    found = table(instructor.web.get(at, params={"habit": "comma"}), ";")
    assert [row["Score"] for row in found] == ["2,5", "2,5"]
    by_api = instructor.api.get(
        f"/courses/{course.id}/grades", params={"format": "csv", "habit": "comma"}
    )
    assert table(by_api, ";") == found


def test_page_and_api_tell_the_same_as_json(
    student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    desk.graded(student, assignment)
    at = f"/courses/{assignment.course_id}/grades"
    by_page = instructor.web.get(f"{at}.json").json()
    by_api = instructor.api.get(at).json()
    assert len(by_page) == len(by_api) == 8
    for one, other in zip(by_page, by_api, strict=True):
        assert one["student"] == other["student"]
        for name in ("exercise", "score", "max_score", "statuses", "attempts"):
            assert one[name] == other[name]


def test_a_course_without_anybody_gives_files_without_lines(
    instructor: Person, course: Course
) -> None:
    assert instructor.web.get(f"/courses/{course.id}/grades.json").json() == []
    assert table(instructor.web.get(f"/courses/{course.id}/grades.csv")) == []


def test_a_status_says_what_an_empty_cell_could_not() -> None:
    sheet, moment = Assignment(due_at=now() - timedelta(hours=1)), now()
    said = {
        "missing": NOTHING,
        "being graded": Grade(attempts=1, pending=1),
        "late, being graded": Grade(attempts=1, pending=1, late=True),
        "being graded, graded": Grade(attempts=1, pending=1, score=3.0),
        "graded": Grade(attempts=1, score=0.0),
        "not graded, our fault": Grade(attempts=1),
        "changed by hand, graded": Grade(score=3.0, changed=True),
        "excused": Grade(excused=True),
        "excused, late, graded": Grade(attempts=1, score=3.0, excused=True, late=True),
    }
    for words, one in said.items():
        assert ", ".join(grades.statuses(one, sheet, moment)) == words
    assert grades.statuses(NOTHING, Assignment(due_at=None), moment) == ("not handed in",)


def test_what_was_changed_by_hand_counts_and_what_was_computed_stands_beside_it(
    student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    desk.graded(student, assignment)
    grade = f"/assignments/{assignment.id}/grades/{student.user.id}"
    for change, expected in (
        ({"exercises": {"sigmoid": 2.5}}, {"": ("62.5", "70"), "sigmoid": ("2.5", "10")}),
        ({"score": 1, "exercises": {}}, {"": ("1", "70"), "sigmoid": ("10", "10")}),
    ):
        seen = instructor.api.get(grade).headers["etag"]
        changed = instructor.api.patch(
            grade, json={**change, "reason": "So it is."}, headers={"if-match": seen}
        )
        assert changed.status_code == 200, changed.text
        found = table(instructor.web.get(f"/courses/{assignment.course_id}/grades.csv"))
        rows = {row["Exercise"]: row for row in found if row["Email"] == student.email}
        for slug, numbers in expected.items():
            assert (rows[slug]["Score"], rows[slug]["Computed"]) == numbers
        assert {row["Status"] for row in rows.values()} == {"changed by hand, graded"}


def test_who_has_left_is_in_it_where_that_is_asked_for(
    student: Person, instructor: Person, assignment: Assignment, db: Session
) -> None:
    at = f"/courses/{assignment.course_id}"
    seen = instructor.web.get(f"{at}/people").text
    version = re.search(rf'/{student.user.id}/remove".*?name="seen" value="(\w+)"', seen, re.S)
    assert version is not None
    instructor.web.post(f"{at}/people/{student.user.id}/remove", data={"seen": version[1]})
    assert table(instructor.web.get(f"{at}/grades.csv")) == []
    found = table(instructor.web.get(f"{at}/grades.csv?dropped=true"))
    assert {row["Status"] for row in found} == {"not handed in, left the course"}


def test_the_number_of_queries_does_not_grow_with_students(
    db: Session, cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> None:
    def counted() -> tuple[int, list[Line]]:
        asked = Counter[str]()

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            asked[statement] += 1

        engine = db.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            db.expire_all()
            book = gradebook.of_course(db, Actor(instructor.user), course.id)
            found = list(grades.lines(db, book, book.rows, by_exercise=True))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return sum(asked.values()), found

    cast.person("Ada", course)
    few, _ = counted()
    for name in ("Ben", "Cem", "Dee", "Eve", "Fay"):
        cast.person(name, course)
    many, found = counted()
    assert len(found) == 6 * 8
    assert many == few
