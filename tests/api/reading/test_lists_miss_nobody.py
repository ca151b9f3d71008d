"""What is read a page at a time misses nobody, whatever changes between two pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Enrolment, User
from tests.support.attempts import attempt
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


def numbers(api: httpx.Client, path: str, between: Callable[[], object], **asked: str) -> list[int]:
    """What is on all pages of one item, where something changes after the first."""
    answer = api.get(path, params={"per_page": "1", **asked})
    seen = [one["id"] for one in answer.json()]
    between()
    while "next" in answer.links:
        answer = api.get(answer.links["next"]["url"])
        seen += [one["id"] for one in answer.json()]
    return seen


def test_appeals_of_which_one_is_withdrawn_meanwhile(
    db: Session, course: Course, assignment: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, assignment, student, 0.5)
    path = f"/assignments/{assignment.id}/grades/{student.user.id}/appeals"
    made = [
        student.api.post(path, json={"exercise": slug, "text": "Why?"}).json()["id"]
        for slug in list(assignment.points)[:3]
    ]

    def withdraw(number: int) -> None:
        sent = {"text": "", "withdraw": True}
        assert student.api.post(f"/appeals/{number}/reply", json=sent).status_code == 200

    listed = f"/courses/{course.id}/appeals"
    assert numbers(instructor.api, listed, lambda: withdraw(made[0])) == made
    withdraw(made[1])
    assert numbers(instructor.api, listed, lambda: None) == made[2:]
    closed = numbers(instructor.api, listed, lambda: withdraw(made[2]), closed="true")
    assert closed == [made[1], made[0]]


def test_regrades_newest_first_of_which_another_is_made_meanwhile(
    db: Session, assignment: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, assignment, student, 0.5)
    path = f"/assignments/{assignment.id}/regrades"

    def make(**asked: object) -> int:
        answer = instructor.api.post(path, json=asked)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    made = [make(), make(attempts="counting")]
    seen = numbers(instructor.api, path, lambda: make(students=[student.user.id]))
    assert seen == made[::-1]


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
