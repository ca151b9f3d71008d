"""Roster files as spreadsheets and registers write them, and what is wrong with some."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Course, Enrolment, Role, User
from app.teaching import courses
from tests.support.cast import Cast, Person
from tests.support.forms import Forms, press


@pytest.fixture
def roll(instructor: Person, course: Course) -> Roll:
    return Roll(instructor, course)


class Roll:
    """Previews and confirms roster files as one person; "%" in them makes addresses unique."""

    def __init__(self, person: Person, course: Course) -> None:
        self.person = person
        self.course = course

    @property
    def action(self) -> str:
        return f"/courses/{self.course.id}/people/import"

    def send(self, text: str, *, confirmed: bool = True) -> httpx.Response:
        """Preview a file; then press the button of the preview, where there is one."""
        text = text.replace("%", str(self.course.id))
        preview = self.person.web.post(
            self.action, files={"file": ("r.csv", text.encode())}, timeout=120
        )
        return self.confirm(preview) if confirmed and preview.status_code == 200 else preview

    def confirm(self, preview: httpx.Response) -> httpx.Response:
        """Press the button of a preview, as a browser does."""
        found = Forms(self.action, preview.text).found
        (sent,) = (fields for _, _, fields in found if "confirmed" in fields)
        sent["text"] = sent["text"].replace("\n", "\r\n")
        files = {name: (None, value) for name, value in sent.items()}
        return self.person.web.post(self.action, files=files, timeout=120)

    def enrolled(self, db: Session) -> dict[str, tuple[str, str, str | None]]:
        """By the part of the address before the course's number: role, name, external id."""
        db.rollback()
        rows = select(User, Enrolment.role).join(Enrolment, Enrolment.user_id == User.id)
        rows = rows.where(Enrolment.course_id == self.course.id, Enrolment.active)
        return {
            user.email.partition(str(self.course.id))[0]: (role.value, user.name, user.external_id)
            for user, role in db.execute(rows)
            if user.id != self.person.user.id
        }


def told(answer: httpx.Response) -> dict[int, str]:
    """What a refused file's page says, by line."""
    assert answer.status_code == 422, answer.text
    found = re.findall(r"<li>Line (\d+): (.*?)</li>", answer.text, re.DOTALL)
    return {int(number): html.unescape(words) for number, words in found}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("email,name,role\rana%@x.example,Ana,assistant\r", id="old Mac lines"),
        pytest.param("email,name,role\r\nana%@x.example,Ana,assistant\n", id="mixed lines"),
        pytest.param("\n\nemail,name,role\n\nana%@x.example,Ana,assistant", id="blank lines"),
        pytest.param(
            " Email , NAME, Role \nana%@x.example, Ana , Assistant", id="any case, blanks"
        ),
        pytest.param("E-mail;Name;Role\nana%@x.example;Ana;assistant\n", id="semicolons"),
        pytest.param("email\tname\trole\nana%@x.example\tAna\tASSISTANT\n", id="tabs"),
        pytest.param('\ufeffemail,name,role\nana%@x.example, "A\nna",assistant', id="quotes, BOM"),
        pytest.param("email,name,role\nana%@x.example,\u202e\u200bAna\u2069,assistant", id="bidi"),
    ],
)
def test_a_file_is_read_however_it_was_written(db: Session, roll: Roll, text: str) -> None:
    assert roll.send(text).status_code == 200
    role, name, _ = roll.enrolled(db)["ana"]
    assert (role, name.replace(" ", "")) == ("assistant", "Ana")


def test_who_has_no_visible_name_is_called_by_their_address(db: Session, roll: Roll) -> None:
    assert roll.send("email,name\nbo%@x.example,\u200b\u2060\n").status_code == 200
    assert roll.enrolled(db)["bo"][1] == f"bo{roll.course.id}"


def test_columns_that_are_not_used_are_named_before_anything_happens(roll: Roll) -> None:
    shown = roll.send("email,Matrikel,Group\nana%@x.example,17,B\n", confirmed=False)
    assert "Not used: the columns Matrikel, Group." in shown.text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("adress,name\na%@x.example,Ana\n", 1, "It names: adress, name."),
        ("", 1, "must name the columns"),
        ("email,Email\na%@x.example,b\n", 1, "a column twice: email"),
        ("email,name\n\nDoe, Jane,a%@x.example\n", 3, "needs quotation marks"),
        ("email,name\na%@x.example,Doe, Jane\n", 2, "3 cells"),
        ('email,name\na%@x.example,"Ana\nb%@x.example,Bo\n', 2, "quotation mark missing"),
        ("email,name\na%@x.example," + "A" * 140_000 + "\n", 2, "cannot be read as CSV"),
        ("email,name\na%@x.example," + "A" * 300 + "\n", 2, "200 is the most"),
        ("email,name\na%@x.example,A\x07na\n", 2, "no name has"),
        ("email,name\na%@x.example,Ana\nA%@X.example,Ana\n", 3, "on line 2 already"),
        ("email,external_id\na%@x.example,L1\nb%@x.example,L1\n", 3, "on line 2 already"),
        ("email,external_id\na%@x.example,b@x.example\n", 2, "is an e-mail address"),
        ("email,role\na%@x.example,king\n", 2, "use student, tutor, assistant or instructor"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nobody_is_added(
    db: Session, roll: Roll, text: str, line: int, words: str
) -> None:
    errors = told(roll.send(text))
    assert list(errors) == [line], errors
    assert words in errors[line]
    assert roll.enrolled(db) == {}


def test_an_external_id_is_kept_for_who_has_none_yet(
    db: Session, roll: Roll, student: Person
) -> None:
    known = f"email,external_id\n{student.email},L-{student.user.id}\n"
    assert roll.send(known).status_code == 200
    db.rollback()
    kept = db.scalar(select(User.external_id).where(User.id == student.user.id))
    assert kept == f"L-{student.user.id}"
    assert roll.send(known).status_code == 200


def test_only_an_administrator_gives_somebody_another_external_id(
    db: Session, roll: Roll, student: Person, admin: Person
) -> None:
    old, new = (f"email,external_id\n{student.email},{n}-{student.user.id}\n" for n in ("L", "M"))
    assert roll.send(old).status_code == 200
    assert "another external id" in told(roll.send(new))[2]
    assert Roll(admin, roll.course).send(new).status_code == 200


def test_an_instructor_sets_no_external_id_that_would_count_in_anothers_course(
    db: Session, roll: Roll, cast: Cast, admin: Person
) -> None:
    """An LMS of the other course would hand in for whoever was given the id."""
    theirs = cast.course("Another course")
    both = cast.person("Bela Both", theirs)
    text = f"email,external_id\n{both.email},L-{both.user.id}\n"
    refused = told(roll.send(text))[2]
    assert "takes part in a course that you do not teach" in refused
    assert "a site administrator can set it" in refused
    assert roll.enrolled(db) == {}
    assert roll.send(f"email,external_id\n{both.email},\n").status_code == 200

    assert Roll(admin, roll.course).send(text).status_code == 200


def test_who_teaches_all_of_somebodys_courses_sets_their_external_id(
    db: Session, roll: Roll, cast: Cast
) -> None:
    second = cast.course("A second course")
    both = cast.person("Bela Both", second)
    text = f"email,external_id\n{both.email},L-{both.user.id}\n"
    for role, status in ((Role.ASSISTANT, 422), (Role.INSTRUCTOR, 200)):
        courses.enrol(db, second, roll.person.user, role)
        db.commit()
        assert roll.send(text).status_code == status
    kept = db.scalar(select(User.external_id).where(User.id == both.user.id))
    assert kept == f"L-{both.user.id}"


def test_an_external_id_never_brings_in_another_person_than_the_address(
    db: Session, roll: Roll, cast: Cast, student: Person, other_student: Person
) -> None:
    mark = f"L-{student.user.id}"
    roll.send(f"email,external_id\n{student.email},{mark}\n")
    stranger = cast.person("Kofi Known")
    text = f"email,external_id\nnew%@x.example,{mark}\n"
    assert f"is Sam Student's, who has the address {student.email}" in told(roll.send(text))[2]
    text = f"email,external_id\n{stranger.email},{mark}\n"
    assert "belongs to an account with another" in told(roll.send(text))[2]
    assert stranger.user.id not in set(
        db.scalars(select(Enrolment.user_id).where(Enrolment.course_id == roll.course.id))
    )


def test_a_file_cannot_take_the_role_of_who_sends_it_or_of_the_last_instructor(
    db: Session, roll: Roll, admin: Person
) -> None:
    text = f"email,role\n{roll.person.email},student\nnew%@x.example,student\n"
    assert "your own role" in told(roll.send(text))[2]
    assert "last instructor" in told(Roll(admin, roll.course).send(text))[2]
    assert roll.enrolled(db) == {}
    assert roll.person.web.get(f"/courses/{roll.course.id}/people").status_code == 200


def test_a_file_as_large_as_a_university_is_read_and_confirmed(db: Session, roll: Roll) -> None:
    many, long = 3_000, "Zoë Łucja Ångström " * 7
    rows = [
        f"nr{n}.of{roll.course.id}@x.example,{long}{n},S{roll.course.id}-{n}" for n in range(many)
    ]
    preview = roll.send("\n".join(["email,name,external_id", *rows]), confirmed=False)
    assert f"would put {many} people into the course" in preview.text
    form = preview.text[preview.text.index('name="confirmed"') - 200 :]
    assert 'enctype="multipart/form-data"' in form[:200]  # by letters it would be three times this
    done = roll.confirm(preview)
    assert f"{many} people from the file are in the course" in done.text
    there = select(func.count()).where(
        Enrolment.course_id == roll.course.id, Enrolment.role == Role.STUDENT
    )
    assert db.scalar(there) == many


def test_a_file_without_roles_takes_none_away(
    db: Session, roll: Roll, cast: Cast, assistant: Person, student: Person
) -> None:
    """A register's list of addresses has the staff on it, too."""
    second = cast.person("Iva Instructor", roll.course, Role.INSTRUCTOR)
    people = (assistant, second, student)
    before = roll.enrolled(db)
    preview = roll.send("\n".join(["email", *(one.email for one in people)]), confirmed=False)
    assert "would put nobody into the course" in preview.text
    for said in ("assistant already", "instructor already", "student already"):
        assert said in preview.text
    assert roll.confirm(preview).status_code == 200
    assert roll.enrolled(db) == before


def test_a_preview_names_everybody_and_every_change_of_role(
    db: Session, roll: Roll, cast: Cast, assistant: Person, student: Person, other_student: Person
) -> None:
    people = f"/courses/{roll.course.id}/people"
    press(roll.person.web, people, f"{people}/{other_student.user.id}/remove")
    stranger = cast.person("Kofi Known")
    preview = roll.send(
        "email,name,role\n"
        f"{assistant.email},,student\n{student.email},Samuel,assistant\n"
        f"{other_student.email},,\n{stranger.email},,\nnew%@x.example,Nia New,\n",
        confirmed=False,
    )
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", preview.text))
    assert f"{assistant.user.name} {assistant.email}: assistant → student" in said
    assert f"{student.user.name} {student.email}: student → assistant" in said
    assert "the file has the name Samuel, which is not taken over" in said
    assert f"{other_student.user.name} {other_student.email}: back as student" in said
    assert f"Kofi Known {stranger.email}: student" in said
    assert f"Nia New new{roll.course.id}@x.example: student, new account" in said
    assert "would put 3 people into the course, 1 of them with a new account" in said
    assert roll.confirm(preview).status_code == 200
    after = {email: role for email, (role, _, _) in roll.enrolled(db).items()}
    assert sorted(after.values()) == ["assistant", "student", "student", "student", "student"]


def test_what_has_changed_since_the_preview_is_shown_before_it_is_done(
    db: Session, roll: Roll, student: Person
) -> None:
    people = f"/courses/{roll.course.id}/people"
    preview = roll.send(f"email,role\n{student.email},student\n", confirmed=False)
    role = f"{people}/{student.user.id}/role"
    assert press(roll.person.web, people, role, role="assistant").status_code == 303
    again = roll.confirm(preview)
    assert again.status_code == 409
    assert "Something has changed since you looked" in again.text
    assert "assistant → <strong>student</strong>" in again.text
    assert {role for role, _, _ in roll.enrolled(db).values()} == {"assistant"}
    assert roll.confirm(again).status_code == 200
    assert {role for role, _, _ in roll.enrolled(db).values()} == {"student"}
