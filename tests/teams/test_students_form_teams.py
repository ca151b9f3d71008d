"""Students ask each other by address; whoever is asked joins or declines, until the last moment."""

from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course
from app.teaching import courses
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled
from tests.support.matching import put
from tests.teams.conftest import Together


def ask(who: Person, sheet: Assignment, whom: str) -> httpx.Response:
    return who.api.post(f"/assignments/{sheet.id}/team/invitations", json={"student": whom})


def own(who: Person, sheet: Assignment) -> dict[str, object]:
    found: dict[str, object] = who.api.get(f"/assignments/{sheet.id}/team").json()
    return found


def names(who: Person, sheet: Assignment) -> list[str]:
    return [one["name"] for one in own(who, sheet)["members"]]  # type: ignore[attr-defined]


def join(who: Person, sheet: Assignment, team: object) -> httpx.Response:
    return put(who.api, f"/assignments/{sheet.id}/team", team=team)


def test_the_pages_lead_from_an_invitation_to_a_team_and_out_of_it(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    here = f"/assignments/{sheet.id}"
    assert "you hand in alone" in student.web.get(here).text
    assert filled(student.web, f"{here}/team", f"{here}/team") == {"who": ""}
    assert student.web.post(f"{here}/team", data={"who": other_student.email}).status_code == 303
    assert f"{student.user.name} asks you to join Team 1" in other_student.web.get(here).text
    assert "a team asks you to join" in other_student.web.get("/").text
    team = own(student, sheet)["team"]
    other_student.web.post(f"{here}/team", data={"accept": str(team)})
    both = sorted([student.user.name, other_student.user.name])
    assert names(student, sheet) == names(other_student, sheet) == both
    assert "It counts for all 2 of Team 1." in student.web.get(here).text
    other_student.web.post(f"{here}/team", data={"leave": "yes"})
    assert names(student, sheet) == [student.user.name]


def test_whoever_asks_learns_no_more_than_the_address_until_it_is_accepted(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    ask(student, sheet, other_student.email)
    page = student.web.get(f"/assignments/{sheet.id}/team").text
    assert other_student.email in page
    assert other_student.user.name not in page


def test_an_invitation_can_be_declined_and_taken_back(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    here = f"/assignments/{sheet.id}"
    ask(student, sheet, other_student.email)
    team = own(student, sheet)["team"]
    assert other_student.api.delete(f"{here}/teams/{team}/invitation").status_code == 204
    assert own(student, sheet)["asked"] == []
    assert join(other_student, sheet, team).status_code == 404
    ask(student, sheet, other_student.email)
    gone = student.api.delete(f"{here}/team/invitations/{other_student.user.id}")
    assert gone.status_code == 204
    assert own(other_student, sheet)["invitations"] == []
    assert join(other_student, sheet, team).status_code == 404


def test_who_is_asked_counts_for_the_size_and_a_full_team_takes_nobody(
    cast: Cast, course: Course, sheet: Assignment, student: Person, other_student: Person
) -> None:
    third, fourth = (cast.person(name, course) for name in ("Mei Tanaka", "Noah Clark"))
    for one in (other_student, third):
        assert ask(student, sheet, one.email).status_code == 201
    refused = ask(student, sheet, fourth.email)
    assert refused.status_code == 409
    assert "3 members here at most" in refused.json()["detail"]
    team = own(student, sheet)["team"]
    for one in (other_student, third):
        assert join(one, sheet, team).status_code == 200
    assert len(names(student, sheet)) == 3


def test_nobody_joins_a_second_team_without_leaving_the_first(
    sheet: Assignment, together: Together, cast: Cast, course: Course, student: Person
) -> None:
    second, third = (cast.person(name, course) for name in ("Mei Tanaka", "Noah Clark"))
    together(sheet, second, third)
    ask(student, sheet, second.email)
    team = own(student, sheet)["team"]
    refused = join(second, sheet, team)
    assert refused.status_code == 409
    assert "nobody is in two teams" in refused.json()["detail"]
    join(second, sheet, None)
    assert join(second, sheet, team).status_code == 200
    assert names(third, sheet) == [third.user.name]


def test_two_who_ask_each_other_end_in_one_team(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    ask(student, sheet, other_student.email)
    ask(other_student, sheet, student.email)
    theirs = own(other_student, sheet)["team"]
    assert join(student, sheet, theirs).status_code == 200
    assert own(student, sheet)["team"] == own(other_student, sheet)["team"] == theirs
    assert own(other_student, sheet)["invitations"] == []


def test_an_address_that_cannot_be_asked_is_told_with_what_was_typed(
    sheet: Assignment, student: Person, outsider: Person, instructor: Person
) -> None:
    here = f"/assignments/{sheet.id}/team"
    for whom in (outsider.email, instructor.email, "nobody@cast.example", ""):
        answer = student.web.post(here, data={"who": whom})
        assert answer.status_code == 422
        assert "No student of this course has the e-mail address" in answer.text
        assert f'value="{whom}"' in answer.text
    assert "your own address" in student.web.post(here, data={"who": student.email}).text
    assert own(student, sheet)["team"] is None


def test_after_the_last_moment_or_where_staff_set_them_students_change_nothing(
    cast: Cast, course: Course, student: Person, other_student: Person, together: Together
) -> None:
    over = cast.assignment(course, team_size=2, teams_until=now() - timedelta(minutes=1))
    set_ = cast.assignment(course, team_size=2, students_form_teams=False)
    closed = cast.assignment(course, team_size=2, closes_at=now() - timedelta(minutes=1))
    alone = cast.assignment(course)
    for sheet in (over, set_, closed):
        together(sheet, student)
        for answer in (ask(student, sheet, other_student.email), join(student, sheet, None)):
            assert answer.status_code == 409
        page = student.web.get(f"/assignments/{sheet.id}/team").text
        assert "Leave the team" not in page
        assert "If yours is wrong, ask" in page
    assert "alone" in ask(student, alone, other_student.email).json()["detail"]


def test_those_who_teach_are_in_no_team(sheet: Assignment, instructor: Person) -> None:
    refused = ask(instructor, sheet, "somebody@cast.example")
    assert refused.status_code == 403
    assert "Teams are of students" in refused.json()["detail"]


def test_who_leaves_keeps_what_was_handed_in(
    db: Session, sheet: Assignment, together: Together, student: Person, other_student: Person
) -> None:
    together(sheet, student, other_student)
    made = attempt(db, sheet, student, 0.5)
    join(other_student, sheet, None)
    join(student, sheet, None)
    for person in (student, other_student):
        (listed,) = person.api.get(f"/assignments/{sheet.id}/submissions").json()
        assert listed["id"] == str(made.id)
        assert listed["team"]["title"] == "Red"


def test_what_is_done_again_changes_nothing_and_does_not_seem_to_fail(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    ask(student, sheet, other_student.email)
    team = own(student, sheet)["team"]
    assert [join(other_student, sheet, team).status_code for _ in range(2)] == [200, 200]
    assert len(names(student, sheet)) == 2
    assert [join(other_student, sheet, None).status_code for _ in range(2)] == [200, 200]
    assert names(student, sheet) == [student.user.name]


def test_the_page_says_so_where_an_invitation_is_there_no_more(
    sheet: Assignment, student: Person, other_student: Person
) -> None:
    here = f"/assignments/{sheet.id}/team"
    ask(student, sheet, other_student.email)
    team = str(own(student, sheet)["team"])
    student.api.delete(f"{here}/invitations/{other_student.user.id}")
    for button in ("accept", "decline"):
        answer = other_student.web.post(here, data={button: team})
        assert answer.status_code == 404
        assert "There is no such invitation" in answer.text
        assert "You hand in alone" in answer.text


def test_the_place_of_somebody_who_has_left_the_course_is_kept_for_them(
    db: Session,
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    sheet = cast.assignment(course, team_size=2)
    third = cast.person("Mei Tanaka", course)
    ask(student, sheet, third.email)
    team = own(student, sheet)["team"]
    together(sheet, other_student, title=str(own(student, sheet)["title"]))
    courses.leave(db, course.id, other_student.user.id)
    db.commit()
    assert "is full by now" in join(third, sheet, team).json()["detail"]
    fourth = cast.person("Noah Clark", course)
    assert ask(student, sheet, fourth.email).status_code == 409
