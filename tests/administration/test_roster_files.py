"""Roster files of Canvas, Moodle, OneRoster and registrars are taken as they are."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.infrastructure import database
from app.models import AuditEntry, Course, Enrolment, Role
from app.teaching import courses
from app.teaching.people import roster_files
from tests.pages.staff.test_rosters import Roll, told
from tests.support.cast import Cast, Person
from tests.support.forms import Forms

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section
Ana Alves,17,S-1%,ana%@x.example,Lab A
"""
CANVAS_SIS = """user_id,login_id,first_name,last_name,email,status
S-1%,ana%,Ana,Alves,ana%@x.example,active
"""
MOODLE = """First name,Last name,ID number,Institution,Department,Email address
Ana,Alves,S-1%,,,ana%@x.example
"""
ONE_ROSTER = """sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,email
S-1%,active,true,org,student,ana,Ana,Alves,ana%@x.example
"""


@pytest.fixture
def roll(instructor: Person, course: Course) -> Roll:
    return Roll(instructor, course)


def send(roll: Roll, text: str, **wish: str) -> httpx.Response:
    """The preview of a file."""
    data = {"text": text.replace("%", str(roll.course.id)), **wish}
    return roll.person.web.post(roll.action, data=data)


def press(roll: Roll, shown: httpx.Response, wanted: str) -> httpx.Response:
    """The button of a form that a page shows, the one with this field."""
    found = Forms(roll.action, shown.text).found
    fields = next(fields for _, _, fields in found if wanted in fields and "seen" not in fields)
    return roll.person.web.post(roll.action, data=fields)


@pytest.mark.parametrize(
    "text",
    [CANVAS, CANVAS_SIS, MOODLE, ONE_ROSTER, "sep=;\n" + CANVAS.replace(",", ";")],
    ids=["Canvas' gradebook", "Canvas SIS", "Moodle", "OneRoster", "said what parts cells"],
)
def test_each_names_its_columns_in_its_own_way(db: Session, roll: Roll, text: str) -> None:
    assert roll.send(text).status_code == 200
    assert roll.enrolled(db) == {"ana": ("student", "Ana Alves", f"S-1{roll.course.id}")}


def test_cells_that_a_spreadsheet_leaves_empty_at_the_end_are_passed_over(
    db: Session, roll: Roll
) -> None:
    text = "email,name,,\nana%@x.example,Ana,,\nbo%@x.example,Bo,,,,\n,,,,\n"
    assert roll.send(text).status_code == 200
    assert set(roll.enrolled(db)) == {"ana", "bo"}


def test_a_line_that_is_there_twice_counts_once_and_another_with_its_address_does_not(
    db: Session, roll: Roll
) -> None:
    assert roll.send("email,name\nana%@x.example,Ana\nana%@x.example,Ana\n").status_code == 200
    assert (
        "on line 2 already"
        in told(roll.send("email,name\nana%@x.example,Ana\nana%@x.example,Anna\n"))[3]
    )


def test_a_file_of_old_windows_is_read_and_its_reader_is_warned(db: Session, roll: Roll) -> None:
    content = f"email,name\nzoe{roll.course.id}@x.example,Zoë Müller\n".encode("cp1252")
    shown = roll.person.web.post(roll.action, files={"file": ("r.csv", content)})
    assert "read as Windows writes text" in shown.text
    assert "Zoë Müller" in shown.text


def test_what_a_spreadsheet_saves_as_unicode_is_read_and_what_is_no_text_is_not() -> None:
    assert roster_files.decoded("email\nzoë@x.example\n".encode("utf-16"))[0].endswith("example\n")
    for content in (b"PK\x03\x04 a workbook", b"\x00\xff\x00\xfe\x00"):
        with pytest.raises(Unprocessable, match="no text file"):
            roster_files.decoded(content)


@pytest.mark.parametrize(
    ("word", "role"),
    [("teacher", Role.INSTRUCTOR), ("TA", Role.ASSISTANT), ("Learner", Role.STUDENT)],
)
def test_roles_are_known_by_what_others_call_them(
    db: Session, roll: Roll, word: str, role: Role
) -> None:
    assert roll.send(f"email,role\nana%@x.example,{word}\n").status_code == 200
    assert roll.enrolled(db)["ana"][0] == role.value


def test_who_is_said_to_have_left_leaves_after_a_preview_and_is_put_back_with_all_grades(
    db: Session, roll: Roll, student: Person
) -> None:
    line = f"email,status\n{student.email},{{}}\n"
    shown = send(roll, line.format("deleted"))
    assert "Would be taken out of the course" in shown.text
    handle = student.email.partition("@")[0]
    assert student.email in {one.user.email for one in _there(db, roll.course)}
    assert roll.confirm(shown).status_code == 200
    assert student.email not in {one.user.email for one in _there(db, roll.course)}
    assert roll.confirm(send(roll, line.format("active"))).status_code == 200
    assert handle in " ".join(one.user.email for one in _there(db, roll.course))
    assert "no status" in told(send(roll, line.format("maybe")))[2]


def _there(db: Session, course: Course) -> list[Enrolment]:
    db.expire_all()
    rows = select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.active)
    return list(db.scalars(rows))


def test_the_good_lines_go_in_when_one_is_wrong_and_that_is_wished(db: Session, roll: Roll) -> None:
    text = "email,role\nana%@x.example,student\nbo%@x.example,king\n"
    refused = send(roll, text)
    assert list(told(refused)) == [3]
    assert roll.enrolled(db) == {}
    preview = press(roll, refused, "skip_wrong")
    assert preview.status_code == 200
    assert "1 line would be left out" in preview.text
    done = roll.confirm(preview)
    assert "1 line was left out" in done.text
    assert set(roll.enrolled(db)) == {"ana"}


def test_as_the_whole_list_it_takes_out_by_name_those_students_who_are_missing(
    db: Session, roll: Roll, student: Person, other_student: Person, assistant: Person
) -> None:
    shown = send(roll, f"email\n{student.email}\n", only_these="yes")
    assert "Would be taken out of the course" in shown.text
    assert other_student.user.name in shown.text
    assert roll.confirm(shown).status_code == 200
    emails = {one.user.email for one in _there(db, roll.course)}
    assert emails == {student.email, assistant.email, roll.person.email}


def test_another_courses_list_empties_no_course(db: Session, roll: Roll, student: Person) -> None:
    shown = send(roll, "email\nana%@x.example\n", only_these="yes")
    assert shown.status_code == 409
    assert "nobody who is in the course" in shown.text
    assert len(_there(db, roll.course)) == 2


def test_a_list_with_a_wrong_line_is_not_taken_as_whole(
    roll: Roll, student: Person, other_student: Person
) -> None:
    text = f"email\n{student.email}\nnobody\n"
    shown = send(roll, text, only_these="yes", skip_wrong="yes")
    assert list(told(shown)) == [3]
    assert "Leave it out" not in shown.text


def test_a_name_is_taken_over_where_that_is_wished_and_theirs_to_change(
    db: Session, roll: Roll, cast: Cast, student: Person, other_student: Person
) -> None:
    elsewhere = cast.course()
    with database.session() as session:
        courses.enrol(session, elsewhere, other_student.user, Role.STUDENT)
        session.commit()
    text = f"email,name\n{student.email},Samira Rivera\n{other_student.email},Toni B.\n"
    assert "which is not taken over" in send(roll, text).text
    shown = send(roll, text, names="yes")
    assert "called Samira Rivera from now on" in shown.text
    assert "the file has the name Toni B., which is not taken over" in shown.text
    assert roll.confirm(shown).status_code == 200
    names = {one.user.name for one in _there(db, roll.course)}
    assert "Samira Rivera" in names
    assert "Toni B." not in names


def test_a_line_without_an_address_is_about_who_has_its_external_id(
    db: Session, roll: Roll, student: Person
) -> None:
    known = f"L-{student.user.id}"
    assert roll.send(f"email,external_id\n{student.email},{known}\n").status_code == 200
    assert roll.send(f"user_id,role\n{known},assistant\n").status_code == 200
    roles = {one.user_id: one.role for one in _there(db, roll.course)}
    assert roles[student.user.id] is Role.ASSISTANT
    assert "Nobody here has the external id" in told(roll.send("user_id\nL-none\n"))[2]


def test_two_lines_about_one_person_in_other_words_are_told(
    db: Session, roll: Roll, student: Person
) -> None:
    known = f"L-{student.user.id}"
    assert roll.send(f"email,external_id\n{student.email},{known}\n").status_code == 200
    both = f"email,external_id,status\n{student.email},,active\n,{known},deleted\n"
    assert "is on line 2 already" in told(roll.send(both))[3]


def test_who_leaves_is_found_by_their_id_and_never_by_anothers_address(
    db: Session, roll: Roll, student: Person, other_student: Person
) -> None:
    known = f"L-{student.user.id}"
    assert roll.send(f"email,external_id\n{student.email},{known}\n").status_code == 200
    line = "email,external_id,status\n{},{},deleted\n"
    mixed = roll.send(line.format(other_student.email, known))
    assert "are of two people" in told(mixed)[2]
    moved = f"moved-{roll.course.id}@x.example"
    assert roll.send(line.format(moved, known)).status_code == 200
    there = {one.user_id for one in _there(db, roll.course)}
    assert student.user.id not in there
    assert other_student.user.id in there


def test_another_name_is_in_the_log_and_no_administrators_name_is_an_instructors_to_change(
    db: Session, cast: Cast, roll: Roll, student: Person
) -> None:
    root = cast.person("Rosa Root", roll.course, is_admin=True)
    text = f"email,name\n{student.email},Samira\n{root.email},Nobody\n"
    assert roll.confirm(send(roll, text, names="yes")).status_code == 200
    names = {one.user.name for one in _there(db, roll.course)}
    assert {"Samira", "Rosa Root"} <= names
    entry = db.scalars(
        select(AuditEntry).where(
            AuditEntry.user_id == student.user.id, AuditEntry.action == "account changed"
        )
    ).one()
    assert (entry.actor_id, entry.after) == (roll.person.user.id, {"name": "Samira"})


def test_a_gradebook_of_canvas_with_plain_logins_is_about_those_ids(
    db: Session, roll: Roll, student: Person
) -> None:
    known = f"L-{student.user.id}"
    assert roll.send(f"email,external_id\n{student.email},{known}\n").status_code == 200
    text = "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
    shown = send(roll, f"{text}Sam,17,{known},sam,Lab A\n", only_these="yes")
    assert shown.status_code == 200, told(shown)
    assert "student already" in shown.text


def test_onerosters_enrolments_come_after_its_users_and_put_people_into_classes(
    db: Session, roll: Roll
) -> None:
    users = "sourcedId,status,givenName,familyName,role,email\n"
    users += "u1-%,active,Ana,Ames,student,ana%@x.example\nu2-%,,Bo,Berg,teacher,bo%@x.example\n"
    assert roll.send(users).status_code == 200
    head = "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary\n"
    enrolments = head + "e1,active,Monday,s,u1-%,student,\ne2,active,Friday,s,u1-%,student,\n"
    enrolments += "e3,tobedeleted,Monday,s,u2-%,teacher,\n"
    shown = roll.send(enrolments, confirmed=False)
    assert "in Monday, Friday" in shown.text
    assert "Not used: the columns sourcedId, schoolSourcedId, primary." in shown.text
    assert roll.confirm(shown).status_code == 200
    assert roll.enrolled(db) == {"ana": ("student", "Ana Ames", f"u1-{roll.course.id}")}
    unknown = told(roll.send(head + "e4,active,Monday,s,nobody-%,student,\n", confirmed=False))
    assert "with which an account could be made" in unknown[2]


@pytest.mark.parametrize("is_first", [True, False])
def test_who_leaves_one_class_and_is_in_another_stays_in_that_one(
    db: Session, roll: Roll, is_first: bool
) -> None:
    lines = ["ana%@x.example,student,Monday,tobedeleted", "ana%@x.example,student,Friday,active"]
    file = "\n".join(["email,role,section,status", *(lines if is_first else lines[::-1]), ""])
    shown = roll.send(file, confirmed=False)
    assert "Friday" in shown.text
    assert "Monday" not in shown.text.partition("<textarea")[0]
    assert roll.confirm(shown).status_code == 200
    assert set(roll.enrolled(db)) == {"ana"}


def test_who_is_there_twice_with_other_sections_is_in_both_and_with_another_role_is_told(
    db: Session, roll: Roll
) -> None:
    file = "email,role,section\nana%@x.example,student,Monday\nana%@x.example,student,Friday\n"
    assert "in Monday, Friday" in roll.send(file, confirmed=False).text
    other = file + "ana%@x.example,tutor,Friday\n"
    assert "is on line 2 already" in told(roll.send(other, confirmed=False))[4]
