"""What is read a page at a time misses nobody, whatever changes between two pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Enrolment, User
from tests.support.cast import Cast, Person

Change = Callable[[Session, Course, list[int]], None]


def rename(db: Session, _course: Course, people: list[int]) -> None:
    db.execute(update(User).where(User.id == people[3]).values(name="Aaron First"))


def remove(db: Session, course: Course, people: list[int]) -> None:
    chosen = (Enrolment.course_id == course.id) & Enrolment.user_id.in_(people[:2])
    db.execute(update(Enrolment).where(chosen).values(active=False))


@pytest.mark.parametrize("change", [rename, remove])
def test_the_gradebook(
    db: Session, cast: Cast, course: Course, instructor: Person, change: Change
) -> None:
    people = [cast.person(f"Mia {n}", course).user.id for n in range(5)]
    first = instructor.api.get(f"/courses/{course.id}/gradebook", params={"per_page": 2})
    change(db, course, people)
    db.commit()
    seen = [row["student"]["id"] for row in first.json()["students"]]
    address = first.links["next"]["url"]
    while address:
        answer = instructor.api.get(address)
        seen += [row["student"]["id"] for row in answer.json()["students"]]
        address = answer.links.get("next", {}).get("url", "")
    assert seen == people


def test_assignments_of_which_one_gets_another_due_date(
    db: Session, cast: Cast, course: Course, instructor: Person
) -> None:
    made = [cast.assignment(course, due_at=now() + timedelta(days=n)).id for n in range(3)]
    first = instructor.api.get(f"/courses/{course.id}/assignments", params={"per_page": 2})
    sooner = now() + timedelta(hours=-1)
    db.execute(update(Assignment).where(Assignment.id == made[2]).values(due_at=sooner))
    db.commit()
    second = instructor.api.get(first.links["next"]["url"])
    assert [one["id"] for one in first.json() + second.json()] == made


def test_courses_of_which_one_gets_another_title(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    made = [course.id]
    for n in range(2):
        other = cast.course(f"Later {n}")
        db.add(Enrolment(course_id=other.id, user_id=student.user.id, role="student"))
        made.append(other.id)
    db.commit()
    first = student.api.get("/courses", params={"per_page": 2})
    db.execute(update(Course).where(Course.id == made[2]).values(title="A beginning"))
    db.commit()
    second = student.api.get(first.links["next"]["url"])
    assert [one["id"] for one in first.json() + second.json()] == made
