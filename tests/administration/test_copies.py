"""A copy has what was asked and when, moved on by weeks, and nothing of what anybody did."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Assignment, AssignmentGroup, Course, Enrolment, Role, Submission
from app.teaching import assignments
from app.teaching.drafts import Draft
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 10, 19, 23, 59, 30, tzinfo=BERLIN)  # in summer time; half a year later, too
LATE = {"late_amount": 10.0, "late_cap": 50.0, "grace_minutes": 15, "counts": "latest"}


@pytest.fixture
def berlin(db: Session, course: Course) -> Course:
    found = db.get_one(Course, course.id)
    found.timezone = "Europe/Berlin"
    db.commit()
    return found


def of(db: Session, course_id: int) -> list[Assignment]:
    db.expire_all()
    return assignments.all_of(db, course_id)


def test_a_copy_keeps_the_clocks_time_over_a_change_to_winter(
    db: Session, cast: Cast, berlin: Course, instructor: Person
) -> None:
    sheet = cast.assignment(berlin, title="Week 1", due_at=DUE, **LATE)
    at = f"/assignments/{sheet.id}/copy"
    answer = press(instructor.web, at, at, weeks="1")
    assert answer.status_code == 303
    first, copy = of(db, berlin.id)
    assert answer.headers["location"] == f"/assignments/{copy.id}/edit"
    assert copy.due_at == datetime(2026, 10, 26, 23, 59, 30, tzinfo=BERLIN)
    assert (copy.title, copy.published) == ("Week 1 (2)", False)
    own = {"title", "due_at", "published", "points", "order"}
    facts = [Draft.of(one).facts() for one in (first, copy)]
    assert {k: v for k, v in facts[0].items() if k not in own} == {
        k: v for k, v in facts[1].items() if k not in own
    }
    assert first.points == copy.points


def test_its_form_sent_twice_makes_one(
    db: Session, cast: Cast, berlin: Course, instructor: Person
) -> None:
    at = f"/assignments/{cast.assignment(berlin).id}/copy"
    for _ in range(2):
        assert instructor.web.post(at, data={"key": "a key", "weeks": "1"}).status_code == 303
    assert len(of(db, berlin.id)) == 2


def test_what_is_no_number_of_weeks_is_said_and_makes_none(
    db: Session, cast: Cast, berlin: Course, instructor: Person
) -> None:
    at = f"/assignments/{cast.assignment(berlin).id}/copy"
    for weeks in ("soon", "-1", "521"):
        answer = press(instructor.web, at, at, weeks=weeks)
        assert answer.status_code == 422
        assert "eeks" in answer.text
    assert len(of(db, berlin.id)) == 1


def test_next_terms_course_has_all_assignments_their_groups_and_the_staff(
    db: Session,
    cast: Cast,
    berlin: Course,
    student: Person,
    assistant: Person,
    instructor: Person,
) -> None:
    sheet = cast.assignment(berlin, title="Week 1", due_at=DUE, **LATE)
    attempt(db, sheet, student, 1.0)
    group = AssignmentGroup(course_id=berlin.id, position=0, title="Sheets", weight=2, dropped=1)
    db.add(group)
    db.flush()
    db.get_one(Assignment, sheet.id).group_id = group.id
    db.commit()
    at = f"/courses/{berlin.id}/copy"
    typed = {"code": f"next-{berlin.id}", "term": "Summer 2027", "weeks": "26", "staff": "on"}
    answer = press(instructor.web, at, at, **typed)
    assert answer.status_code == 303, answer.text
    made = int(answer.headers["location"].rpartition("/")[2])
    (copy,) = of(db, made)
    assert copy.due_at is not None
    assert copy.due_at.astimezone(BERLIN).isoformat() == "2027-04-19T23:59:30+02:00"
    assert copy.published is False
    copied = db.get_one(AssignmentGroup, copy.group_id)
    assert (copied.course_id, copied.title, copied.weight, copied.dropped) == (
        made,
        "Sheets",
        2.0,
        1,
    )
    rows = select(Enrolment.user_id, Enrolment.role).where(Enrolment.course_id == made)
    roles = {row.user_id: row.role for row in db.execute(rows)}
    assert roles == {
        instructor.user.id: Role.INSTRUCTOR,
        assistant.user.id: Role.ASSISTANT,
    }
    work = select(func.count()).where(Submission.assignment_id == copy.id)
    assert db.scalar(work) == 0


def test_a_program_copies_an_archived_course_without_its_staff(
    db: Session, berlin: Course, assignment: Assignment, assistant: Person, instructor: Person
) -> None:
    db.get_one(Course, berlin.id).archived_at = datetime.now(UTC)
    db.commit()
    wanted = {"code": f"again-{berlin.id}", "weeks": 52, "with_staff": False}
    made = instructor.api.post(f"/courses/{berlin.id}/copies", json=wanted)
    assert made.status_code == 201, made.text
    assert (made.json()["title"], made.json()["archived_at"]) == (berlin.title, None)
    assert made.json()["role"] == "instructor"
    assert len(of(db, made.json()["id"])) == 1
    assert assistant.api.get(f"/courses/{made.json()['id']}").status_code == 404


def test_a_token_for_one_course_makes_no_other(berlin: Course, instructor: Person) -> None:
    bound = instructor.api_with("courses:read", "courses:write", course_id=berlin.id)
    wanted = {"code": f"bound-{berlin.id}"}
    assert bound.post(f"/courses/{berlin.id}/copies", json=wanted).status_code == 403


def test_an_assistant_copies_nothing(
    berlin: Course, assignment: Assignment, assistant: Person
) -> None:
    for at in (f"/courses/{berlin.id}/copy", f"/assignments/{assignment.id}/copy"):
        assert assistant.web.get(at).status_code == 403
        assert assistant.web.post(at).status_code == 403
