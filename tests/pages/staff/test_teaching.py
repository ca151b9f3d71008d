"""Running a course: its people, and the accounts behind them."""

from __future__ import annotations

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import versions
from app.models import Course, Enrolment, Role, User
from tests.support.cast import Cast, Person
from tests.support.forms import Forms, press
from tests.support.links import enter, links_in
from tests.support.processes.stack import Stack


def can_sign_in(stack: Stack, email: str, password: str) -> bool:
    form = {"email": email, "password": password}
    return httpx.post(f"{stack.url}/sign-in", data=form, trust_env=False).status_code == 303


def roster(db: Session, course: Course) -> set[str]:
    db.rollback()
    rows = select(User.email).join(Enrolment).where(Enrolment.course_id == course.id)
    return set(db.scalars(rows.where(Enrolment.active)))


def test_a_new_student_has_an_invitation_that_is_shown_and_works(
    stack: Stack, instructor: Person, course: Course
) -> None:
    email = f"mei.{course.id}@new.example"
    answer = instructor.web.post(
        f"/courses/{course.id}/people", data={"email": email, "name": "Mei", "role": "student"}
    )
    (link,) = links_in(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert links_in(instructor.web.get(f"/courses/{course.id}/people")) == []
    assert enter(link, "a long password").status_code == 303
    assert can_sign_in(stack, email, "a long password")


def test_who_has_an_account_keeps_their_password(
    stack: Stack, cast: Cast, instructor: Person, course: Course
) -> None:
    known = cast.person("Kofi Known")
    answer = instructor.web.post(
        f"/courses/{course.id}/people", data={"email": known.email, "role": "assistant"}
    )
    assert answer.status_code == 200
    assert links_in(answer) == []
    assert can_sign_in(stack, known.email, known.password)
    assert known.web.get(f"/courses/{course.id}/gradebook").status_code == 200


def test_what_is_no_email_address_is_kept_and_asked_about(
    instructor: Person, course: Course
) -> None:
    answer = instructor.web.post(
        f"/courses/{course.id}/people", data={"email": "mei at home", "name": "Mei"}
    )
    assert answer.status_code == 422
    assert 'value="mei at home"' in answer.text
    assert "is not an e-mail address" in answer.text


def confirming(preview: httpx.Response) -> dict[str, str]:
    """What the button of a preview sends."""
    found = Forms("", preview.text).found
    return next(fields for _, _, fields in found if "confirmed" in fields)


def test_a_roster_file_is_shown_before_it_does_anything(
    stack: Stack, db: Session, instructor: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    ana, bo = f"ana.{course.id}@csv.example", f"bo.{course.id}@csv.example"
    csv = f"email,name,role\n{ana},Ana,student\n{bo},Bo,\n"
    before = roster(db, course)
    preview = instructor.web.post(f"{people}/import", files={"file": ("r.csv", csv)})
    assert "would put 2 people into the course" in preview.text
    assert "2 of them with a new account" in preview.text
    assert roster(db, course) == before

    done = instructor.web.post(f"{people}/import", data=confirming(preview))
    assert "2 people from the file are in the course" in done.text
    assert roster(db, course) - before == {ana, bo}
    assert "2 people have no password yet" in done.text
    links = links_in(instructor.web.get(f"{people}/invitations"))
    assert [enter(link, "a long password").status_code for link in links] == [303, 303]
    assert can_sign_in(stack, ana, "a long password")


def test_a_roster_file_with_a_bad_line_adds_nobody_and_names_the_line(
    db: Session, instructor: Person, course: Course
) -> None:
    before = roster(db, course)
    csv = f"email,role\nok.{course.id}@csv.example,student\nnonsense,student\nx@y.example,king\n"
    answer = instructor.web.post(
        f"/courses/{course.id}/people/import", data={"text": csv, "confirmed": "yes"}
    )
    assert answer.status_code == 422
    assert "Line 3:" in answer.text
    assert "Line 4:" in answer.text
    assert "nonsense,student" in answer.text
    assert roster(db, course) == before


def test_a_roster_that_is_no_text_says_how_to_export_it(instructor: Person, course: Course) -> None:
    answer = instructor.web.post(
        f"/courses/{course.id}/people/import", files={"file": ("r.xlsx", b"PK\x03\x04\xff\xfe")}
    )
    assert answer.status_code == 422
    assert "CSV UTF-8" in answer.text


def test_removing_somebody_can_be_undone(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    gone = press(instructor.web, people, f"{people}/{student.user.id}/remove")
    assert student.email not in roster(db, course)
    page = instructor.web.get(gone.headers["location"])
    assert "Undo" in page.text
    assert "Their work and grades are kept" in page.text
    press(instructor.web, gone.headers["location"], f"{people}/{student.user.id}/role")
    assert student.email in roster(db, course)


def test_an_instructor_keeps_their_own_role(
    db: Session, instructor: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people/{instructor.user.id}"
    seen = {"seen": versions.of(db.get_one(Enrolment, (course.id, instructor.user.id)))}
    for action in ("remove", "role"):
        answer = instructor.web.post(f"{people}/{action}", data=seen | {"role": "student"})
        assert answer.status_code == 409
        assert "your own role" in answer.text


def test_adding_oneself_as_a_student_takes_no_role_away(instructor: Person, course: Course) -> None:
    people = f"/courses/{course.id}/people"
    answer = instructor.web.post(people, data={"email": instructor.email, "role": "student"})
    assert answer.status_code == 409
    assert "is in the course already, as instructor" in answer.text
    assert instructor.web.get(people).status_code == 200


def test_the_last_instructor_stays(
    cast: Cast, admin: Person, instructor: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    last = f"{people}/{instructor.user.id}"
    for action in ("remove", "role"):
        answer = press(admin.web, people, f"{last}/{action}", role="assistant")
        assert answer.status_code == 409
        assert "last instructor" in answer.text
    cast.person("Iva Instructor", course, Role.INSTRUCTOR)
    assert press(admin.web, people, f"{last}/remove").status_code == 303


def test_who_was_removed_is_listed_and_can_be_put_back(
    instructor: Person, student: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    press(instructor.web, people, f"{people}/{student.user.id}/remove")
    page = instructor.web.get(people).text
    assert "1 person removed" in page
    assert page.count("Put back") == 1
    back = f"{people}/{student.user.id}/role"
    assert f'action="{back}"' in page
    press(instructor.web, people, back)
    assert "Put back" not in instructor.web.get(people).text


def test_somebody_is_added_by_address_and_never_by_an_external_id_that_looks_like_one(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    future = f"future.{course.id}@uni.example"
    squatting = f"email,external_id\n{student.email},{future}\n"
    refused = instructor.web.post(
        f"/courses/{course.id}/people/import", data={"text": squatting, "confirmed": "yes"}
    )
    assert refused.status_code == 422
    answer = instructor.web.post(f"/courses/{course.id}/people", data={"email": future})
    assert answer.status_code == 200
    assert future in roster(db, course)


def test_an_administrator_makes_finds_and_closes_accounts(
    stack: Stack, db: Session, admin: Person, cast: Cast
) -> None:
    email = f"new.{admin.user.id}@site.example"
    answer = admin.web.post("/accounts", data={"email": email, "name": "Newly Made"})
    (link,) = links_in(answer)
    assert enter(link, "a long password").status_code == 303
    assert email in admin.web.get(f"/accounts?search={email[:12]}").text
    assert "has “nobody like that”" in admin.web.get("/accounts?search=nobody+like+that").text

    user = db.scalar(select(User).where(User.email == email))
    assert user is not None
    here, account = f"/accounts?search={email[:12]}", f"/accounts/{user.id}"
    press(admin.web, here, f"{account}/active")
    assert not can_sign_in(stack, email, "a long password")
    press(admin.web, here, f"{account}/active")
    (fresh,) = links_in(press(admin.web, here, f"{account}/link"))
    assert can_sign_in(stack, email, "a long password")
    assert enter(fresh, "another password").status_code == 303
    assert not can_sign_in(stack, email, "a long password")
    assert can_sign_in(stack, email, "another password")


def test_an_account_that_others_got_into_is_shut_at_once(
    stack: Stack, admin: Person, student: Person
) -> None:
    """Whoever knew the old password may have made tokens, too."""
    headers = {"Authorization": f"Bearer {student.token('courses:read')}"}
    address = f"{stack.url}/api/v1/courses"
    assert httpx.get(address, headers=headers, trust_env=False).status_code == 200
    assert student.web.get("/account").status_code == 200
    here = f"/accounts?search={student.email}"
    shown = press(admin.web, here, f"/accounts/{student.user.id}/link", shut_out="true")
    assert "1 API token of this account has ended" in shown.text
    assert httpx.get(address, headers=headers, trust_env=False).status_code == 401
    assert student.web.get("/account").status_code == 303
    assert not can_sign_in(stack, student.email, student.password)
    assert [enter(link, "a new password").status_code for link in links_in(shown)] == [303]


def test_an_administrator_cannot_lock_themselves_out(db: Session, admin: Person) -> None:
    seen = versions.of(db.get_one(User, admin.user.id))
    form = {"active": "false", "seen": seen}
    answer = admin.web.post(f"/accounts/{admin.user.id}/active", data=form)
    assert answer.status_code == 409
    assert "cannot close your own account" in answer.text


def test_a_course_needs_a_code_of_its_own_and_a_zone_that_exists(
    admin: Person, course: Course
) -> None:
    taken = admin.web.post("/courses/new", data={"title": "Again", "code": course.code})
    assert taken.status_code == 409
    assert 'value="Again"' in taken.text
    nowhere = {"title": "Again", "code": "again", "timezone": "Mars/Base"}
    assert admin.web.post("/courses/new", data=nowhere).status_code == 422
