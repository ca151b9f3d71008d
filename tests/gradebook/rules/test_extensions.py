"""A student has more time or attempts, for a reason; what they handed in follows at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press

DAY = timedelta(days=1)
CODE = {"code": "x = 1\n"}


@pytest.fixture
def past(cast: Cast, course: Course) -> Assignment:
    """Due an hour ago, closed a minute ago; a day costs 10 percent."""
    return cast.assignment(
        course,
        title="Past",
        due_at=now() - timedelta(hours=1),
        closes_at=now() - timedelta(minutes=1),
        late_amount=10.0,
        max_attempts=1,
    )


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def score(db: Session, assignment: Assignment, person: Person) -> float | None:
    db.rollback()
    return grades.of_person(db, assignment.course_id, person.user.id)[assignment.id].score


def test_who_has_more_time_may_hand_in_and_the_others_may_not(
    past: Assignment, student: Person, other_student: Person, instructor: Person
) -> None:
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    more = {"due_at": local(now() + 2 * DAY), "reason": "Was ill."}
    assert press(instructor.web, here, f"{here}/extension", **more).status_code == 303
    for person, status in ((student, 303), (other_student, 409)):
        answer = person.web.post(f"/assignments/{past.id}/submissions", data=CODE)
        assert answer.status_code == status
    said = words(student.web.get(here).text)
    assert "given by Ines Instructor" in said
    assert "“Was ill.”" in said
    for page in ("/", f"/courses/{past.course_id}", f"/assignments/{past.id}"):
        said = words(student.web.get(page).text)
        assert "extended" in said
        assert "in 2 days" in said
        assert "extended" not in words(other_student.web.get(page).text)


def test_nothing_is_missing_while_an_extension_runs(
    course: Course, past: Assignment, student: Person, other_student: Person, instructor: Person
) -> None:
    given = {"student": student.user.id, "due_at": (now() + DAY).isoformat(), "reason": "Ill."}
    made = instructor.api.post(f"/assignments/{past.id}/extensions", json=given)
    assert made.status_code == 201, made.text
    states = {
        person: person.api.get(f"/assignments/{past.id}/grades/{person.user.id}").json()["state"]
        for person in (student, other_student)
    }
    assert states == {student: "nothing yet", other_student: "missing"}
    assert "not due yet" in words(
        student.web.get(f"/courses/{course.id}/grades/{student.user.id}").text
    )
    (missing,) = re.findall(
        r'<th scope="row" title="([^"]*)"',
        instructor.web.get(f"/courses/{course.id}/gradebook?mark=missing").text,
    )
    assert missing == other_student.email
    lines = instructor.web.get(f"/courses/{course.id}/grades.json").json()
    assert {line["student"]["id"]: line["statuses"] for line in lines} == {
        student.user.id: ["not handed in"],
        other_student.user.id: ["missing"],
    }


def test_what_was_handed_in_before_is_measured_anew_and_again_when_it_is_taken_back(
    db: Session, past: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, past, student, 1.0, at=now() - timedelta(minutes=30))
    assert score(db, past, student) == 63
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    more = {"due_at": local(now() + DAY), "reason": "The line was down."}
    press(instructor.web, here, f"{here}/extension", **more)
    assert score(db, past, student) == 70
    page = instructor.web.get(here).text
    (action,) = re.findall(r'action="(/extensions/[0-9]+/take-back)"', page)
    assert press(instructor.web, here, action).status_code == 303
    assert score(db, past, student) == 63
    said = words(student.web.get(here).text)
    assert "Extension given “The line was down.”" in said
    assert "Extension taken back “Taken back: The line was down.”" in said


def test_more_attempts_are_more_for_one(
    past: Assignment, student: Person, other_student: Person, instructor: Person
) -> None:
    path = f"/assignments/{past.id}"
    match = {"If-Match": instructor.api.get(path).headers["etag"]}
    instructor.api.patch(path, json={"due_at": None, "closes_at": None, "late": {}}, headers=match)
    here = f"{path}/extensions"
    more = {"student": student.email, "attempts": "1", "reason": "Handed in for somebody else."}
    assert press(instructor.web, here, here, **more).status_code == 303
    taken = {
        person: [person.web.post(f"{path}/submissions", data=CODE).status_code for _ in range(3)]
        for person in (student, other_student)
    }
    assert taken == {student: [303, 303, 409], other_student: [303, 409, 409]}
    assert "1 more attempt" in words(instructor.web.get(here).text)


def test_the_second_of_two_sees_what_the_first_gave_and_loses_nothing(
    past: Assignment, student: Person, instructor: Person, assistant: Person
) -> None:
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    mine = filled(assistant.web, here, f"{here}/extension")
    mine |= {"due_at": local(now() + 3 * DAY), "reason": "Mine."}
    more = {"due_at": local(now() + DAY), "reason": "The first one."}
    assert press(instructor.web, here, f"{here}/extension", **more).status_code == 303
    refused = assistant.web.post(f"{here}/extension", data=mine)
    assert refused.status_code == 409
    assert "By now it says: The first one." in words(refused.text)
    assert "Mine." in refused.text
    again = assistant.api.post(
        f"/assignments/{past.id}/extensions",
        json={"student": student.user.id, "attempts": 1, "reason": "x"},
    )
    assert again.status_code == 409
    assert press(assistant.web, here, f"{here}/extension", reason="Both.").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": "x"}, "Give a later date, or more attempts."),
        ({"attempts": "1", "reason": " "}, "Say why"),
        ({"attempts": "1.5", "reason": "x"}, "counted whole"),
        ({"attempts": "2000", "reason": "x"}, "between 0 and 1000"),
        ({"due_at": "2020-01-01T00:00", "reason": "x"}, "an extension is later"),
        ({"closes_at": "2300-01-01", "reason": "x"}, "The year must be"),
        ({"due_at": "soon", "reason": "x"}, "Write the time like"),
        ({"attempts": "1", "reason": "x", "student": "nobody@cast.example"}, "No student of this"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    past: Assignment, student: Person, instructor: Person, typed: dict[str, str], said: str
) -> None:
    here = f"/assignments/{past.id}/extensions"
    refused = press(instructor.web, here, here, **({"student": student.email} | typed))
    assert refused.status_code == 422
    assert said in refused.text
    assert "Nobody has more time" in refused.text
    assert typed["reason"].strip() in refused.text
    beside = f"/assignments/{past.id}/grades/{student.user.id}"
    if "student" not in typed:
        refused = press(instructor.web, beside, f"{beside}/extension", **typed)
        assert refused.status_code == 422
        assert said in refused.text


def test_nobody_gives_themselves_more_time_nor_staff_anything(
    past: Assignment, student: Person, assistant: Person, instructor: Person
) -> None:
    given = {"attempts": 1, "reason": "x"}
    path = f"/assignments/{past.id}/extensions"
    for giver, who, status in (
        (student, student, 403),
        (assistant, assistant, 403),
        (instructor, assistant, 404),
    ):
        answer = giver.api.post(path, json=given | {"student": who.user.id})
        assert answer.status_code == status
    assert instructor.api.get(path).json() == []
