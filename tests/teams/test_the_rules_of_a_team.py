"""Attempts, extensions and late days are those of the team: it hands in by one set of rules."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.matching import put
from tests.teams.conftest import Together

FILE = {"file": ("mine.py", b"x = 1\n")}


def test_attempts_of_one_member_are_used_for_all(
    cast: Cast,
    course: Course,
    db: Session,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    sheet = cast.assignment(course, team_size=2, max_attempts=2)
    attempt(db, sheet, student, 0.2)
    together(sheet, student, other_student)
    second = attempt(db, sheet, other_student, 0.4)
    assert second.attempt == 2
    for person in (student, other_student):
        refused = person.api.post(f"/assignments/{sheet.id}/submissions", files=FILE)
        assert refused.status_code == 409
        assert "All attempts (2) are used" in refused.json()["detail"]


def test_a_team_has_the_best_of_its_members_extensions_and_its_own(
    db: Session,
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    due = now() - timedelta(hours=5)
    sheet = cast.assignment(course, team_size=2, due_at=due, late_amount=10.0)
    team = together(sheet, student, other_student)
    late = attempt(db, sheet, student, 1.0)
    assert late.late

    def give(**whom: int) -> int:
        later = {"due_at": (now() + timedelta(days=1)).isoformat(), "reason": "Ill."}
        answer = assistant.api.post(f"/assignments/{sheet.id}/extensions", json=later | whom)
        assert answer.status_code == 201
        return int(answer.json()["id"])

    def is_late() -> bool:
        db.refresh(late)
        return bool(late.late)

    for whom in ({"student": other_student.user.id}, {"team": team.id}):
        given = give(**whom)
        assert not is_late()
        for person in (student, other_student):
            assert "extended" in person.web.get(f"/assignments/{sheet.id}").text
            row = person.web.get(f"/courses/{course.id}").text
            assert "missing" not in row
        assistant.api.delete(f"/extensions/{given}")
        assert is_late()
    page = student.web.get(f"/assignments/{sheet.id}/grades/{student.user.id}").text
    assert "Ill." not in page


def test_a_members_reason_for_more_time_is_not_told_to_the_others(
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    sheet = cast.assignment(course, team_size=2, due_at=now() + timedelta(days=1))
    together(sheet, student, other_student)
    given = {
        "student": other_student.user.id,
        "due_at": (now() + timedelta(days=2)).isoformat(),
        "reason": "A matter of the heart.",
    }
    assert assistant.api.post(f"/assignments/{sheet.id}/extensions", json=given).status_code == 201
    for person, is_told in ((student, False), (other_student, True)):
        page = person.web.get(f"/assignments/{sheet.id}/grades/{person.user.id}").text
        assert ("A matter of the heart." in page) is is_told


def test_late_days_are_spent_by_each_member(
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    put(instructor.api, f"/courses/{course.id}/late-days", f"/courses/{course.id}", days=1)
    due = now() + timedelta(hours=5)
    first = cast.assignment(course, due_at=due, late_days=1)
    sheet = cast.assignment(course, team_size=2, due_at=due, late_days=1)
    together(sheet, student, other_student)
    here = f"/assignments/{sheet.id}/late-days"
    assert put(student.api, here, days=1).json() == {"spent": 1, "left": 0, "most": 1}
    assert other_student.api.get(here).json() == {"spent": 1, "left": 0, "most": 1}
    assert put(other_student.api, here, days=0).json()["left"] == 1
    put(other_student.api, f"/assignments/{first.id}/late-days", days=1)
    refused = put(student.api, here, days=1)
    assert refused.status_code == 409
    assert "Somebody in your team has 0 late days left" in refused.json()["detail"]


def test_a_team_is_given_more_time_on_the_page_and_it_is_taken_back_there(
    cast: Cast, course: Course, together: Together, student: Person, assistant: Person
) -> None:
    sheet = cast.assignment(course, team_size=2, due_at=now() + timedelta(days=1))
    team = together(sheet, student)
    here = f"/assignments/{sheet.id}/extensions"
    later = f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    more = {"many": f"team-{team.id}", "due_at": later, "reason": "The room was closed."}
    assert press(assistant.web, here, here, **more).status_code == 303
    own = student.web.get(f"/assignments/{sheet.id}/grades/{student.user.id}").text
    assert "Extension of Red" in own
    assert "The room was closed." in own
    (given,) = assistant.api.get(here).json()
    assert given["team"] == team.id
    back = f"/extensions/{given['id']}/take-back"
    assert press(assistant.web, here, back).headers["location"] == here
    assert assistant.api.get(here).json() == []
