"""The demo has a class in its eighth week, the same one each time, which real graders grade."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.identity import accounts
from app.infrastructure import database
from app.models import (
    Assignment,
    Course,
    Enrolment,
    GivenExtension,
    Role,
    Submission,
    Team,
    TeamInvitation,
    User,
)
from app.scheduling.fair_shares import REGRADE
from app.teaching import courses
from cli.stack.demo import course as demo
from cli.stack.demo import students
from tests.support.cast import Person, cast_of
from tests.support.processes.stack import Stack


def made(db: Session, course: Course, known: list[User]) -> list[Submission]:
    """What the class handed in. Nothing is committed, so that nobody has to grade it."""
    sheet = select(Assignment).where(Assignment.course_id == course.id).order_by(Assignment.id)
    here, people = db.get_one(Course, course.id), [db.merge(one) for one in known]
    students.make(db, here, db.scalars(sheet.limit(1)).one(), people)
    return list(db.scalars(handed_in(course).order_by(*_IN_ORDER)))


def handed_in(course: Course) -> Select[Submission]:
    return select(Submission).join(Assignment).where(Assignment.course_id == course.id)


_IN_ORDER = (Submission.submitted_at, Submission.user_id)


@dataclass
class Scene:
    """A class as it was made, and forgotten again: what is here was read in between."""

    assignment: Assignment
    known: list[User]
    found: list[Submission]
    people: list[Enrolment]
    extensions: list[GivenExtension]
    asked: list[int]
    """The assignment of each invitation to a team."""
    made_twice: list[bytes]
    """The files that there were when it was made where it was already."""
    left: list[object]
    """What was still there of the course and of what was handed in, when it was forgotten."""
    made_again: list[bytes]
    """The files of the class that was made in another course afterwards."""


@pytest.fixture(scope="module")
def scene(stack: Stack) -> Iterator[Scene]:
    """One for all tests that only look."""
    with cast_of(stack.url) as cast:
        course, other = cast.course(), cast.course()
        assignment = cast.assignment(course)
        cast.assignment(other)
        with database.session() as db:
            known = [accounts.get(db, f"{role}@{demo.DOMAIN}") for role in demo.STUDENTS]
            for one in (course, other):
                _begin(db, one, known)
            seen = _seen(db, course, assignment, known)
            seen.left = _forgotten(db, course)
            seen.made_again = [one.source for one in made(db, other, known)]
            db.rollback()
        yield seen


def _begin(db: Session, course: Course, known: list[User]) -> None:
    """Have a course be the demo's, with those in it who sign in to it."""
    db.get_one(Course, course.id).title = demo.TITLE
    teacher = accounts.get(db, f"instructor@{demo.DOMAIN}")
    courses.enrol(db, db.get_one(Course, course.id), teacher, Role.INSTRUCTOR)
    for user in known:
        courses.enrol(db, db.get_one(Course, course.id), user, Role.STUDENT)


def _seen(db: Session, course: Course, assignment: Assignment, known: list[User]) -> Scene:
    found = made(db, course, known)
    here, inside = Assignment.course_id == course.id, Enrolment.course_id == course.id
    scene = Scene(
        assignment,
        known,
        found,
        list(db.scalars(select(Enrolment).where(inside, Enrolment.role != Role.INSTRUCTOR))),
        list(db.scalars(select(GivenExtension).join(Assignment).where(here))),
        list(
            db.scalars(select(Team.assignment_id).join(TeamInvitation).join(Assignment).where(here))
        ),
        [one.source for one in made(db, course, known)],
        [],
        [],
    )
    for one in found:
        _ = one.user, one.members, one.team, one.source  # loads them
    db.flush()
    db.expunge_all()
    return scene


def _forgotten(db: Session, course: Course) -> list[object]:
    demo.forget(db, course.code)
    gone = db.scalars(select(Course).where(Course.code == course.code))
    return [*gone, *db.scalars(handed_in(course))]


def test_forty_people_have_handed_in_hundreds_of_files_for_seven_assignments(scene: Scene) -> None:
    found, student = scene.found, scene.known[0]
    assert len(scene.people) == 40
    assert len(found) > 300
    assert len({one.assignment_id for one in found}) == 7
    assert {one.priority for one in found} == {REGRADE}  # whoever hands in meanwhile is first
    assert any(one.late for one in found)
    assert student.id in {one.user_id for one in found}
    assert student.id not in {
        one.user_id for one in found if one.assignment_id == scene.assignment.id
    }


def test_late_work_loses_points_but_for_whom_there_is_more_time(scene: Scene) -> None:
    found = scene.found
    (given,) = scene.extensions
    theirs = [one for one in found if (one.assignment_id, one.user_id) == _pair(given)]
    assert theirs
    assert not any(one.late for one in theirs)
    assert {one.late_share for one in found if one.late} <= {0.1, 0.2}
    assert any(one.late for one in found if one.assignment_id == given.assignment_id)


def _pair(given: GivenExtension) -> tuple[int, int | None]:
    return given.assignment_id, given.user_id


def test_somebody_is_stuck_and_two_share_a_file(scene: Scene) -> None:
    often = Counter((one.user.name, one.assignment_id) for one in scene.found)
    assert often.most_common(1)[0][0][0] == students.STUCK
    sharing = {one.user.name for one in scene.found if b"box by box" in one.source}
    assert sharing == set(students.COPIED)


def test_a_team_has_handed_in_and_another_waits_for_an_answer(scene: Scene) -> None:
    shared = [one for one in scene.found if one.team]
    assert {person.id for person in scene.known} in [
        {person.id for person in one.members} for one in shared
    ]
    assert {len(one.members) for one in shared} == {2}
    sheet = shared[0].assignment_id
    assert scene.asked.count(sheet) == 1


def test_every_file_is_python(scene: Scene) -> None:
    for one in scene.found:
        ast.parse(one.source)


def test_it_is_the_same_class_each_time_and_is_made_once(scene: Scene) -> None:
    first = [one.source for one in scene.found]
    assert scene.made_twice == first
    assert Counter(scene.made_again) == Counter(first)


def test_it_can_be_forgotten_whole_and_made_again(scene: Scene) -> None:
    assert scene.left == []
    assert Counter(scene.made_again) == Counter(one.source for one in scene.found)


def test_a_course_in_which_somebody_else_takes_part_is_not_forgotten(
    db: Session, course: Course, student: Person
) -> None:
    with pytest.raises(Conflict, match="may be a real one: nothing was changed"):
        demo.forget(db, course.code)
    db.rollback()
