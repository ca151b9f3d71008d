"""Members of a team know each other by name: no address or school's id goes from one to another.
A tutor reads nothing of a student of other sections."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Role, StoredGrade
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.matching import put
from tests.teams.conftest import Together


@pytest.fixture
def apart(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> Person:
    """The tutor of the other student's section, in which the student, of the same team, is not."""
    together(sheet, student, other_student)
    tutor = cast.person("Timo Tutor", course, Role.TUTOR)
    path = f"/courses/{course.id}"
    instructor.api.post(f"{path}/sections", json={"title": "Monday"})
    for person in (tutor, other_student):
        at = f"{path}/people/{person.user.id}"
        answer = put(instructor.api, f"{at}/sections", at, sections=["Monday"])
        assert answer.status_code == 200, answer.text
    return tutor


def test_a_mate_is_told_no_address_and_no_external_id(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    together(sheet, student, other_student)
    made = attempt(db, sheet, student, 0.5)
    here = f"/submissions/{made.id}"
    told = [other_student.api.get(path).text for path in (here, f"{here}/receipt")]
    told.append(other_student.api.get(f"/assignments/{sheet.id}/submissions").text)
    told += [other_student.web.get(path).text for path in (here, f"{here}/receipt")]
    for text in told:
        assert student.user.name in text
        assert student.email not in text
    for person in (student, assistant):
        assert person.api.get(here).json()["student"]["email"] == student.email
    receipt = json.loads(student.api.get(f"{here}/receipt").text)["statement"]
    assert receipt["student"] == {"id": student.user.id, "name": student.user.name}


def test_nobody_is_found_by_an_external_id(
    db: Session, sheet: Assignment, student: Person, other_student: Person
) -> None:
    db.merge(other_student.user).external_id = f"sis-{other_student.user.id}"
    db.commit()
    for whom, status in ((f"sis-{other_student.user.id}", 422), (other_student.email, 201)):
        path = f"/assignments/{sheet.id}/team/invitations"
        assert student.api.post(path, json={"student": whom}).status_code == status


def test_a_tutor_reads_on_a_result_sheet_nothing_of_a_student_of_another_section(
    db: Session,
    sheet: Assignment,
    apart: Person,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    made = attempt(db, sheet, student, 0.5)
    grade = f"/assignments/{sheet.id}/grades/{student.user.id}"
    etag = {"If-Match": assistant.api.get(grade).headers["etag"]}
    by_hand = {"score": 3, "reason": "A matter of the heart."}
    assert assistant.api.patch(grade, json=by_hand, headers=etag).status_code == 200
    sheet_of = f"/submissions/{made.id}/result-sheet"
    told = apart.api.get(sheet_of).json()["statement"]
    assert told["student"]["id"] == other_student.user.id
    assert told["by_hand"] is None
    assert assistant.api.get(sheet_of).json()["statement"]["by_hand"]["score"] == 3


def test_a_tutor_grants_an_appeal_for_a_whole_team_and_leaves_what_was_set_by_hand(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    apart: Person,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    third = cast.person("Mei Tanaka", course)
    together(sheet, third)
    attempt(db, sheet, student, 0.5)
    kept = f"/assignments/{sheet.id}/grades/{third.user.id}"
    etag = {"If-Match": assistant.api.get(kept).headers["etag"]}
    by_hand = {"exercises": {"sum": 2}, "reason": "Talked about it."}
    assert assistant.api.patch(kept, json=by_hand, headers=etag).status_code == 200
    grade = f"/assignments/{sheet.id}/grades/{other_student.user.id}"
    asked = {"exercise": "sum", "text": "Is it not right?"}
    appeal = other_student.api.post(f"{grade}/appeals", json=asked).json()
    etag = {"If-Match": apart.api.get(grade).headers["etag"]}
    said = {"text": "It is.", "points": 10}
    done = apart.api.post(f"/appeals/{appeal['id']}/answer", json=said, headers=etag)
    assert done.status_code == 200, done.text
    for person, points in ((student, 10.0), (other_student, 10.0), (third, 2.0)):
        key = (sheet.id, person.user.id)
        assert db.get_one(StoredGrade, key, populate_existing=True).given_by_exercise == {
            "sum": points
        }
