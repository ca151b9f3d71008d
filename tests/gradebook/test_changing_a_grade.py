"""A grade is changed by hand with a reason; what was computed stays, and there is a way back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press


def page_of(assignment: Assignment, person: Person) -> str:
    return f"/assignments/{assignment.id}/grades/{person.user.id}"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def half(db: Session, assignment: Assignment, student: Person) -> str:
    """The page of Sam's grade, who has half of all points."""
    attempt(db, assignment, student, 0.5)
    return page_of(assignment, student)


def score_of(db: Session, assignment: Assignment, person: Person) -> float | None:
    db.rollback()
    return grades.of_person(db, assignment.course_id, person.user.id)[assignment.id].score


def test_both_scores_are_shown_to_staff_and_student_with_who_and_why(
    instructor: Person, student: Person, half: str
) -> None:
    answer = press(instructor.web, half, half, score="60", reason="A typing error of ours.")
    assert answer.status_code == 303
    for person in (instructor, student):
        said = text_of(person.web.get(half).text)
        assert "60 of 70" in said
        assert "Changed by hand by Ines Instructor" in said
        assert "“A typing error of ours.”" in said
        assert "Computed from the attempt that counts: 35 of 70" in said


def test_one_exercise_is_changed_and_the_others_follow_what_is_computed(
    db: Session, instructor: Person, student: Person, assignment: Assignment, half: str
) -> None:
    press(instructor.web, half, half, **{"exercise-sum": "10", "reason": "Right after all."})
    assert score_of(db, assignment, student) == 40
    attempt(db, assignment, student, 0.9)
    assert score_of(db, assignment, student) == pytest.approx(64)


def test_it_can_be_taken_back_at_once_and_later(
    db: Session, instructor: Person, student: Person, assignment: Assignment, half: str
) -> None:
    undo = f"{half}/undo"
    first = press(instructor.web, half, half, score="60", reason="First.").headers["location"]
    assert "Undo" in instructor.web.get(first).text
    press(instructor.web, half, half, score="0", reason="Second.")
    assert score_of(db, assignment, student) == 0

    back = filled(instructor.web, half, undo)  # the newest change comes first
    assert instructor.web.post(undo, data=back).status_code == 303
    assert score_of(db, assignment, student) == 60
    said = text_of(instructor.web.get(half).text)
    assert "“First.”" in said.split("What was changed")[0]
    assert "“Taken back: Second.”" in said

    entry = first.partition("changed=")[2]
    seen = filled(instructor.web, half, undo)["seen"]
    assert instructor.web.post(undo, data={"entry": entry, "seen": seen}).status_code == 303
    assert score_of(db, assignment, student) == 35
    assert "Changed by hand" not in text_of(instructor.web.get(half).text)


def test_the_second_of_two_is_told_and_loses_nothing(
    db: Session, instructor: Person, assistant: Person, student: Person,
    assignment: Assignment, half: str,
) -> None:  # fmt: skip
    mine = filled(assistant.web, half, half) | {"score": "70", "reason": "Very good."}
    press(instructor.web, half, half, score="60", reason="A typing error of ours.")
    refused = assistant.web.post(half, data=mine)
    assert refused.status_code == 409
    said = text_of(refused.text)
    assert "Somebody else has changed the grade of Sam Student meanwhile" in said
    assert "By now it is 60, as changed by Ines Instructor: A typing error of ours." in said
    assert 'value="70"' in refused.text
    assert "Very good." in refused.text
    assert score_of(db, assignment, student) == 60
    assert press(assistant.web, half, half, score="70", reason="Very good.").status_code == 303


def test_excused_work_is_in_no_sum_and_a_waived_date_is_not_late(
    db: Session, cast: Cast, course: Course, instructor: Person, student: Person
) -> None:
    past = cast.assignment(course, title="Past", due_at=now() - timedelta(days=1))
    attempt(db, past, student, 0.5)
    here = page_of(past, student)
    assert "late" in text_of(instructor.web.get(here).text)
    press(instructor.web, here, here, on_time="on", reason="Was ill.")
    assert ">late<" not in instructor.web.get(here).text
    rows = instructor.api.get(f"/courses/{course.id}/gradebook").json()["students"]
    assert rows[0]["total"] == 35
    press(instructor.web, here, here, excused="on", reason="Was ill for long.")
    (row,) = instructor.api.get(f"/courses/{course.id}/gradebook").json()["students"]
    assert row["total"] == 0
    assert row["scores"][0]["excused"]
    assert (
        'title="excused: in no sum"' in instructor.web.get(f"/courses/{course.id}/gradebook").text
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"score": "60", "reason": " "}, "Say why"),
        ({"score": "71", "reason": "x"}, "The score lies between 0 and 70."),
        ({"score": "nan", "reason": "x"}, "is not a number of points"),
        ({"score": "5", "exercise-sum": "1", "reason": "x"}, "not both"),
        ({"exercise-sum": "11", "reason": "x"}, "Sum lies between 0 and 10."),
        ({"exercise-nothing": "1", "reason": "x"}, "has no exercise"),
        ({"reason": "x"}, "This is how the grade is already."),
        ({"score": "5", "reason": "x" * 2001}, "2000 is the most"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    db: Session, instructor: Person, student: Person, assignment: Assignment, half: str,
    typed: dict[str, str], said: str,
) -> None:  # fmt: skip
    refused = press(instructor.web, half, half, **typed)
    assert refused.status_code == 422
    assert said in text_of(refused.text)
    assert all(value.strip() in refused.text for value in typed.values())
    assert score_of(db, assignment, student) == 35


def test_nobody_changes_their_own_grade_or_that_of_a_stranger(
    instructor: Person, outsider: Person, student: Person, assignment: Assignment
) -> None:
    data = {"score": "1", "reason": "x"}
    assert instructor.web.post(page_of(assignment, instructor), data=data).status_code == 403
    assert instructor.web.post(page_of(assignment, outsider), data=data).status_code == 404
    assert student.web.post(page_of(assignment, student), data=data).status_code == 403


def test_the_api_makes_the_same_change_for_what_was_read(
    db: Session, instructor: Person, student: Person, assignment: Assignment, half: str
) -> None:
    read = instructor.api.get(half)
    assert (read.json()["score"], read.json()["state"]) == (35, "scored")
    change = {"score": 60, "reason": "A typing error of ours."}
    assert instructor.api.patch(half, json=change).status_code == 428
    attempt(db, assignment, student, 0.4)  # a new verdict makes no change by hand stale
    match = {"If-Match": read.headers["etag"]}
    changed = instructor.api.patch(half, json=change, headers=match)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["score"], changed.json()["computed"]) == (60, 35)
    assert changed.json()["by_hand"]["by"]["name"] == "Ines Instructor"
    assert instructor.api.patch(half, json=change, headers=match).status_code == 412

    log = instructor.api.get(f"/courses/{assignment.course_id}/log").json()
    assert (log[0]["action"], log[0]["via"]) == ("grade changed", "api")
    match = {"If-Match": changed.headers["etag"]}
    back = instructor.api.post(f"{half}/undo", json={"entry": log[0]["id"]}, headers=match)
    assert back.json()["score"] == 35
    mine = student.api.get(half).json()
    assert mine["by_hand"]["score"] is None


def test_a_token_that_may_only_read_changes_nothing(
    instructor: Person, assignment: Assignment, half: str
) -> None:
    reader = instructor.api_with("submissions:read", "gradebook:read")
    match = {"If-Match": reader.get(half).headers["etag"]}
    answer = reader.patch(half, json={"score": 1, "reason": "x"}, headers=match)
    assert answer.status_code == 403
