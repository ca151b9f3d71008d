"""Coming into a team and leaving it gives nobody late days that they have not spent, nor a look at
what is shown after the due date to somebody who can still hand in."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course
from app.teaching.teams import placing
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.matching import put
from tests.teams.conftest import Together


@pytest.fixture
def past(cast: Cast, course: Course, instructor: Person) -> Assignment:
    """Due an hour ago, and three late days in the course."""
    put(instructor.api, f"/courses/{course.id}/late-days", f"/courses/{course.id}", days=3)
    due = now() - timedelta(hours=1)
    return cast.assignment(course, team_size=2, due_at=due, late_amount=10.0, late_days=3)


def spend(person: Person, sheet: Assignment, days: int) -> httpx.Response:
    return put(person.api, f"/assignments/{sheet.id}/late-days", days=days)


def left(person: Person, sheet: Assignment) -> tuple[int, int]:
    held = person.api.get(f"/assignments/{sheet.id}/late-days").json()
    return held["spent"], held["left"]


def ask(person: Person, sheet: Assignment, other: Person) -> httpx.Response:
    wanted = {"student": other.email}
    return person.api.post(f"/assignments/{sheet.id}/team/invitations", json=wanted)


def be_in(person: Person, sheet: Assignment, team: int | None) -> httpx.Response:
    return put(person.api, f"/assignments/{sheet.id}/team", team=team)


def test_whoever_joins_spends_what_the_team_has_spent(
    past: Assignment, student: Person, other_student: Person
) -> None:
    assert spend(student, past, 2).status_code == 200
    team = ask(student, past, other_student).json()["team"]
    assert be_in(other_student, past, team).status_code == 200
    assert be_in(other_student, past, None).status_code == 200
    assert left(other_student, past) == (2, 1)


def test_whoever_has_too_few_days_left_does_not_join_nor_is_put_there(
    db: Session,
    cast: Cast,
    course: Course,
    past: Assignment,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    other = cast.assignment(course, due_at=now(), late_days=3)
    spend(other_student, other, 2)
    spend(student, past, 2)
    team = ask(student, past, other_student).json()["team"]
    refused = be_in(other_student, past, team)
    assert refused.status_code == 409
    assert f"{other_student.user.name} has not so many left" in refused.json()["detail"]
    title = student.api.get(f"/assignments/{past.id}/team").json()["title"]
    with pytest.raises(Conflict, match="not so many left"):
        placing.put(db, Actor(instructor.user), past.id, other_student.user.id, title)
    db.rollback()
    text = f"team,email\n{title},{other_student.email}\n"
    file = {"text": text, "dry_run": False}
    said = instructor.api.post(f"/assignments/{past.id}/teams/import", json=file).json()
    assert said["moves"] == []
    assert "not so many left" in said["errors"]["2"]
    assert left(other_student, past) == (0, 1)


def test_days_that_a_shared_attempt_needs_are_not_given_back_by_who_has_left(
    db: Session, past: Assignment, together: Together, student: Person, other_student: Person
) -> None:
    together(past, student, other_student)
    spend(student, past, 2)
    made = attempt(db, past, other_student, 1.0)
    assert not made.late
    assert be_in(student, past, None).status_code == 200
    for person in (student, other_student):
        refused = spend(person, past, 0)
        assert refused.status_code == 409
        assert "needs these late days" in refused.json()["detail"]
        assert spend(person, past, 1).status_code == 200
    db.refresh(made)
    assert not made.late


def test_days_of_a_team_that_is_still_together_are_given_back_and_its_attempt_is_late(
    db: Session, past: Assignment, together: Together, student: Person, other_student: Person
) -> None:
    together(past, student, other_student)
    spend(student, past, 2)
    made = attempt(db, past, other_student, 1.0)
    assert spend(student, past, 0).status_code == 200
    db.refresh(made)
    assert made.late
    assert left(other_student, past) == (0, 3)


def test_no_student_moves_once_somebody_concerned_may_see_what_is_shown_after_the_due_date(
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    due = now() - timedelta(hours=1)
    hides = cast.assignment(course, team_size=3, due_at=due, shown={"score": "after due"})
    later = {"due_at": (now() + timedelta(days=1)).isoformat(), "reason": "Ill."}
    given = later | {"student": other_student.user.id}
    assistant.api.post(f"/assignments/{hides.id}/extensions", json=given)
    third = cast.person("Mei Tanaka", course)
    together(hides, student, other_student)
    fourth = cast.person("Olu Adeyemi", course)
    together(hides, fourth, title="Blue")
    for refused in (be_in(student, hides, None), ask(other_student, hides, third)):
        assert refused.status_code == 409
        assert "what is shown after it can be seen" in refused.json()["detail"]
    assert be_in(fourth, hides, None).status_code == 409
    together(hides, third, title="Blue")


def test_before_the_due_date_and_where_nothing_waits_for_it_students_move(
    cast: Cast, course: Course, together: Together, student: Person, other_student: Person
) -> None:
    soon, past = now() + timedelta(hours=1), now() - timedelta(hours=1)
    hides = cast.assignment(course, team_size=2, due_at=soon, shown={"score": "after due"})
    tells = cast.assignment(course, team_size=2, due_at=past, shown={"score": "never"})
    for sheet in (hides, tells):
        team = ask(student, sheet, other_student).json()["team"]
        assert be_in(other_student, sheet, team).status_code == 200
        assert be_in(student, sheet, None).status_code == 200
