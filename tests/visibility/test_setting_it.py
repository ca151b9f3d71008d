"""What is shown when is set by form and by API, copied, released and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.gradebook import shown
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, AuditEntry, Course
from tests.gradebook.test_the_table import questions
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press

LATER = {"robustness": "after release", "score": "after release"}


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    """An assignment whose score waits for its release."""
    return cast.assignment(course, shown=LATER, meanwhile="none", points={"sum": 10.0})


def test_the_form_says_what_is_set_and_sets_it(
    instructor: Person, assignment: Assignment, db: Session
) -> None:
    at = f"/assignments/{assignment.id}/edit"
    assert (
        "Students see all checks, hints and numbers and the whole score at once"
        in instructor.web.get(at).text
    )
    wanted = {"shown-robustness": "after release", "shown-score": "never", "meanwhile": "none"}
    assert press(instructor.web, at, at, **wanted).status_code == 303
    found = db.get_one(Assignment, assignment.id, populate_existing=True)
    assert found.shown == {"robustness": "after release", "score": "never"}
    assert "edge cases after release; the whole score never; until then" in (
        instructor.web.get(at).text
    )
    assert filled(instructor.web, at, at) | wanted == filled(instructor.web, at, at)


def test_the_form_says_that_the_score_tells_of_what_is_never_shown(
    instructor: Person, assignment: Assignment
) -> None:
    at = f"/assignments/{assignment.id}/edit"
    press(instructor.web, at, at, **{"shown-robustness": "never"})
    said = "edge cases never; the whole score tells the points of edge cases"
    assert said in instructor.web.get(at).text
    press(instructor.web, at, at, **{"shown-robustness": "never", "shown-score": "never"})
    assert "the whole score tells the points of edge cases" not in instructor.web.get(at).text


def test_after_the_due_date_needs_one_and_nothing_typed_is_lost(
    instructor: Person, assignment: Assignment
) -> None:
    at = f"/assignments/{assignment.id}/edit"
    answer = press(instructor.web, at, at, **{"shown-feedback": "after due", "title": "Kept"})
    assert answer.status_code == 422
    assert "Give it a due date: without one nothing is shown after it." in answer.text
    assert 'value="Kept"' in answer.text


def test_the_api_has_the_same_fields(instructor: Person, assignment: Assignment) -> None:
    path = f"/assignments/{assignment.id}"
    first = instructor.api.get(path)
    usual = first.json()["visibility"]
    assert set(usual.pop("checks").values()) == {"at once"}
    others = {"feedback": "at once", "score": "at once", "meanwhile": "part"}
    assert usual == others | {"in_steps": False}
    wanted = {"checks": {"robustness": "never"}, "score": "after release"}
    match = {"If-Match": first.headers["etag"]}
    changed = instructor.api.patch(path, json={"visibility": wanted}, headers=match).json()
    assert changed["visibility"]["checks"]["robustness"] == "never"
    assert changed["visibility"]["score"] == "after release"
    wrong = {"visibility": {"checks": {"robustness": "some day"}}}
    assert instructor.api.patch(path, json=wrong, headers=match).status_code == 422


def test_a_copy_has_the_rules_and_is_not_released(
    instructor: Person, sheet: Assignment, db: Session
) -> None:
    instructor.api.post(f"/assignments/{sheet.id}/release")
    made = instructor.api.post(f"/assignments/{sheet.id}/copies", json={}).json()
    copy = db.get_one(Assignment, made["id"])
    assert (copy.shown, copy.meanwhile, copy.released_at) == (LATER, "none", None)


def test_releasing_shows_it_and_taking_back_hides_it_again_with_who_and_when_in_the_log(
    instructor: Person, student: Person, sheet: Assignment, db: Session
) -> None:
    made = attempt(db, sheet, student, 0.5)

    def score() -> float | None:
        found: float | None = student.api.get(f"/submissions/{made.id}").json()["score"]
        return found

    at = f"/assignments/{sheet.id}"
    assert score() is None
    press(instructor.web, at, f"{at}/release")
    assert score() == 5.0
    press(instructor.web, at, f"{at}/release/take-back")
    assert score() is None
    said = db.query(AuditEntry).filter_by(assignment_id=sheet.id).order_by(AuditEntry.id)
    assert [(one.action, one.actor_id) for one in said][1:] == [
        ("results released", instructor.user.id),
        ("release taken back", instructor.user.id),
    ]


def test_releasing_makes_no_form_that_is_open_stale(instructor: Person, sheet: Assignment) -> None:
    at = f"/assignments/{sheet.id}/edit"
    sent = filled(instructor.web, at, at) | {"title": "Another"}
    instructor.api.post(f"/assignments/{sheet.id}/release")
    assert instructor.web.post(at, data=sent).status_code == 303


def test_done_twice_it_is_done_once(instructor: Person, sheet: Assignment) -> None:
    path = f"/assignments/{sheet.id}/release"
    first, second = (instructor.api.post(path).json()["released_at"] for _ in range(2))
    assert first == second
    assert [instructor.api.delete(path).json()["released_at"] for _ in range(2)] == [None, None]


def test_nothing_is_released_where_nothing_waits_for_it(
    instructor: Person, assignment: Assignment
) -> None:
    answer = instructor.api.post(f"/assignments/{assignment.id}/release")
    assert answer.status_code == 409
    assert "so nothing was changed" in answer.json()["detail"]


def test_who_has_an_extension_sees_after_their_own_due_date(
    db: Session, cast: Cast, course: Course, instructor: Person, student: Person
) -> None:
    due = now() - timedelta(hours=1)
    sheet = cast.assignment(course, due_at=due, shown={"score": "after due"}, points={"sum": 10.0})
    made = attempt(db, sheet, student, 1.0, at=due - timedelta(hours=1))
    look = f"/submissions/{made.id}"
    assert student.api.get(look).json()["score_shown"] == "whole"
    later = {"student": student.user.id, "due_at": (now() + timedelta(days=1)).isoformat()}
    instructor.api.post(f"/assignments/{sheet.id}/extensions", json=later | {"reason": "Ill."})
    assert student.api.get(look).json()["score_shown"] == "part"


def test_before_they_hand_in_students_read_what_they_will_see(
    student: Person, cast: Cast, course: Course
) -> None:
    shown = {"robustness": "never", "score": "after release"}
    sheet = cast.assignment(course, shown=shown)
    page = student.web.get(f"/assignments/{sheet.id}").text
    assert "Edge cases: not shown." in page
    assert "The whole score: shown once the results are released." in page
    assert "Until then the score has the checks that are shown." in page


def test_no_more_questions_are_asked_where_nothing_is_hidden_and_three_more_where_anything_is(
    db: Session, student: Person, assignment: Assignment, cast: Cast, course: Course
) -> None:
    who = Actor(student.user), student.user.id, course.id
    numbers = []
    for rules in ({}, {"shown": LATER}):
        sheets = [cast.assignment(course, **rules) for _ in range(3)]
        for sheet in sheets:
            attempt(db, sheet, student, 0.5)
        known = [db.get_one(Assignment, one.id) for one in sheets]
        for one in known:
            db.refresh(one)
        with questions() as asked:
            shown.of_person(db, *who, known, windows={})
        numbers.append(len(asked))
    assert numbers[1] - numbers[0] == 3  # whether they teach, their attempts, the parts
