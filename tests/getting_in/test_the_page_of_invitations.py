"""Instructors list the links of their people, copy or download them, and make or withdraw some."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Course, User
from tests.support.cast import PASSWORD, Person
from tests.support.forms import press
from tests.support.links import enter, links_in, look

NEW = "a password of mine"


def test_the_pages_list_download_withdraw_and_make_links_anew(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    email = f"ana.{course.id}@new.example"
    instructor.web.post(people, data={"email": email, "name": "=Ana", "role": "student"})
    page = instructor.web.get(f"{people}/invitations")
    (link,) = links_in(page)
    assert page.headers["cache-control"] == "no-store"
    csv = instructor.web.get(f"{people}/invitations.csv")
    assert link in csv.text
    assert csv.headers["cache-control"] == "no-store"
    assert "'=Ana" in csv.text

    (user_id,) = db.scalars(select(User.id).where(User.email == email))
    press(instructor.web, f"{people}/invitations", f"{people}/{user_id}/invitation/withdraw")
    assert look(link).status_code == 410
    gone = instructor.web.get(f"{people}/invitations")
    assert (links_in(gone), "No link." in gone.text) == ([], True)
    press(instructor.web, f"{people}/invitations", f"{people}/{user_id}/invitation")
    (fresh,) = links_in(instructor.web.get(f"{people}/invitations"))
    assert fresh != link
    assert enter(fresh, NEW).status_code == 303

    empty = instructor.web.get(f"{people}/invitations").text
    assert "Everybody in this course has set a password" in empty
    asked = instructor.web.post(f"{people}/invitations", data={"email": student.email})
    assert asked.status_code == 303
    (lost,) = links_in(instructor.web.get(f"{people}/invitations"))
    assert student.user.name in look(lost).text
    assert PASSWORD not in look(lost).text
    nobody = instructor.web.post(f"{people}/invitations", data={"email": "no@where.example"})
    assert nobody.status_code == 404
    assert 'value="no@where.example"' in nobody.text


def test_all_who_need_a_link_get_one_at_a_press(
    db: Session, instructor: Person, course: Course, newcomer: User
) -> None:
    people = f"/courses/{course.id}/people/invitations"
    assert "Make 1 link" in instructor.web.get(people).text
    assert instructor.web.post(people).status_code == 303
    assert len(links_in(instructor.web.get(people))) == 1
    assert "Make 1 link" not in instructor.web.get(people).text
