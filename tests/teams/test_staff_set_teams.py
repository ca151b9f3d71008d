"""Staff put students into teams, one by one or by a file of which the good lines are taken."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, AuditEntry, Course
from tests.support.cast import Cast, Person
from tests.support.forms import Forms, press
from tests.teams.conftest import Together


def teams(staff: Person, sheet: Assignment) -> dict[str, list[str]]:
    found = staff.api.get(f"/assignments/{sheet.id}/teams").json()
    return {one["title"]: [who["email"] for who in one["members"]] for one in found["teams"]}


def test_one_student_is_put_in_moved_and_taken_out_on_the_page(
    db: Session, sheet: Assignment, student: Person, assistant: Person
) -> None:
    here = f"/assignments/{sheet.id}/teams"
    assistant.web.post(here, data={"student": student.email, "team": "Red"})
    assert teams(assistant, sheet) == {"Red": [student.email]}
    assistant.web.post(here, data={"student": student.email, "team": "  blue "})
    assert teams(assistant, sheet) == {"blue": [student.email]}
    (out,) = (
        fields
        for _, _, fields in Forms(here, assistant.web.get(here).text).found
        if "user" in fields
    )
    assert assistant.web.post(here, data=out).status_code == 303
    assert teams(assistant, sheet) == {}
    rows = select(AuditEntry).where(AuditEntry.assignment_id == sheet.id).order_by(AuditEntry.id)
    changes = [
        (one.before, one.after) for one in db.scalars(rows) if one.user_id == student.user.id
    ]
    assert changes == [
        ({"team": None}, {"team": "Red"}),
        ({"team": "Red"}, {"team": "blue"}),
        ({"team": "blue"}, {"team": None}),
    ]


def test_what_was_seen_and_is_no_more_is_not_changed(
    sheet: Assignment, together: Together, student: Person, assistant: Person
) -> None:
    here = f"/assignments/{sheet.id}/teams"
    together(sheet, student, title="Red")
    page = assistant.web.get(here).text
    (out,) = (fields for _, _, fields in Forms(here, page).found if "user" in fields)
    together(sheet, student, title="Blue")
    refused = assistant.web.post(here, data=out)
    assert refused.status_code == 409
    assert "By now it is Blue." in refused.text
    assert teams(assistant, sheet) == {"Blue": [student.email]}


def test_a_file_is_shown_first_and_its_good_lines_go_in(
    sheet: Assignment, student: Person, other_student: Person, assistant: Person
) -> None:
    here = f"/assignments/{sheet.id}/teams/import"
    text = (
        f"Team;E-mail\nRed;{student.email}\nred;{other_student.email}\n"
        f"Blue;nobody@cast.example\nBlue;{student.email}\n"
    )
    shown = assistant.web.post(here, data={"text": text})
    assert shown.status_code == 200
    assert "2 lines cannot be used; the others can" in shown.text
    assert "Line 4: No student of this course has" in shown.text
    assert "is on line 2 already, and nobody is in two teams." in shown.text
    assert teams(assistant, sheet) == {}
    (fields,) = (one for _, _, one in Forms(here, shown.text).found if "confirmed" in one)
    assert assistant.web.post(here, data=fields).status_code == 303
    assert teams(assistant, sheet) == {"Red": sorted([student.email, other_student.email])}
    again = assistant.api.post(f"/assignments/{sheet.id}/teams/import", json={"text": text}).json()
    assert again["same"] == 2
    assert again["moves"] == []
    assert sorted(again["errors"]) == ["4", "5"]


def test_a_dry_run_changes_nothing_and_an_empty_team_is_none(
    sheet: Assignment, together: Together, student: Person, assistant: Person
) -> None:
    together(sheet, student)
    here, text = f"/assignments/{sheet.id}/teams/import", f"team,email\n,{student.email}\n"
    told = assistant.api.post(here, json={"text": text}).json()
    assert [(one["before"], one["after"]) for one in told["moves"]] == [("Red", None)]
    assert teams(assistant, sheet) == {"Red": [student.email]}
    assistant.api.post(here, json={"text": text, "dry_run": False})
    assert teams(assistant, sheet) == {}


def test_a_file_that_would_do_something_else_by_now_than_was_seen_does_nothing(
    sheet: Assignment,
    together: Together,
    student: Person,
    assistant: Person,
) -> None:
    here, text = f"/assignments/{sheet.id}/teams/import", f"team,email\nRed,{student.email}\n"
    shown = assistant.web.post(here, data={"text": text})
    (fields,) = (one for _, _, one in Forms(here, shown.text).found if "confirmed" in one)
    seen = assistant.api.post(here, json={"text": text}).json()["version"]
    together(sheet, student, title="Blue")
    for refused in (
        assistant.web.post(here, data=fields),
        assistant.api.post(here, json={"text": text, "dry_run": False, "version": seen}),
    ):
        assert refused.status_code == 409
        assert "Something has changed since you looked" in refused.text
    assert teams(assistant, sheet) == {"Blue": [student.email]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,email\nx,y\n", "must name the columns team and email"),
        ("", "must name the columns team and email"),
        ('team,email\n"x,y\n', "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_is_not_lost(
    text: str, told: str, sheet: Assignment, assistant: Person
) -> None:
    answer = assistant.web.post(f"/assignments/{sheet.id}/teams/import", data={"text": text})
    assert answer.status_code in (409, 422)
    assert told in answer.text
    assert text.split("\n")[0].split(",")[0] in answer.text


def test_the_size_does_not_bind_staff_and_the_list_says_so(
    cast: Cast, course: Course, together: Together, student: Person, assistant: Person
) -> None:
    sheet = cast.assignment(course, team_size=2)
    others = [cast.person(f"Student {number}", course) for number in range(2)]
    together(sheet, student, *others)
    assert "3 of 2" in assistant.web.get(f"/assignments/{sheet.id}/teams").text


def test_a_tutor_sees_the_teams_of_their_students_and_changes_none(
    sheet: Assignment, together: Together, student: Person, tutor: Person
) -> None:
    together(sheet, student)
    assert teams(tutor, sheet) == {}
    refused = tutor.api.put(
        f"/assignments/{sheet.id}/teams/members/{student.user.id}", json={"team": "Blue"}
    )
    assert refused.status_code == 403


def test_where_everybody_hands_in_alone_nobody_is_put_into_a_team(
    assignment: Assignment, student: Person, assistant: Person
) -> None:
    refused = assistant.web.post(
        f"/assignments/{assignment.id}/teams", data={"student": student.email, "team": "Red"}
    )
    assert refused.status_code == 409
    assert "Let teams hand in first" in refused.text


def test_teams_go_along_with_a_copy_where_that_is_wished(
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    together(sheet, student)
    together(sheet, other_student, title="Blue")
    page = f"/assignments/{sheet.id}/copy"
    made = press(instructor.web, page, page, teams="on").headers["location"].split("/")[2]
    copied = instructor.api.get(f"/assignments/{made}/teams").json()["teams"]
    assert {one["title"]: [who["id"] for who in one["members"]] for one in copied} == {
        "Red": [student.user.id],
        "Blue": [other_student.user.id],
    }
    assert teams(instructor, sheet) == {"Red": [student.email], "Blue": [other_student.email]}


def test_in_an_archived_course_teams_stay_as_they_are(
    course: Course, sheet: Assignment, together: Together, student: Person, instructor: Person
) -> None:
    together(sheet, student)
    etag = instructor.api.get(f"/courses/{course.id}").headers["etag"]
    instructor.api.patch(
        f"/courses/{course.id}", json={"archived": True}, headers={"If-Match": etag}
    )
    here = f"/assignments/{sheet.id}"
    assert "Leave the team" not in student.web.get(f"{here}/team").text
    assert student.web.post(f"{here}/team", data={"leave": "yes"}).status_code == 409
    assert "Take out" not in instructor.web.get(f"{here}/teams").text
    assert teams(instructor, sheet) == {"Red": [student.email]}


def test_settings_of_teams_are_made_and_copied_and_nobody_goes_along(
    sheet: Assignment, together: Together, student: Person, instructor: Person
) -> None:
    together(sheet, student)
    copy = instructor.api.post(f"/assignments/{sheet.id}/copies", json={"weeks": 1}).json()
    assert copy["team_size"] == 3
    found = instructor.api.get(f"/assignments/{copy['id']}/teams").json()
    assert found["teams"] == []
    refused = instructor.api.delete(
        f"/assignments/{sheet.id}",
        headers={"If-Match": instructor.api.get(f"/assignments/{sheet.id}").headers["etag"]},
    )
    assert refused.status_code == 409
