"""Whatever changes a grade, a student's place, an assignment or a course is in the log.

The tables beside this know every route that changes anything: a new one must join one of them.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import api, pages
from app.models import Assignment, AuditEntry, Course, Role, Submission, Via
from app.scheduling import leases
from app.teaching import courses
from tests.gradebook.traces.none_left import LEAVE_NONE
from tests.gradebook.traces.scene import Scene
from tests.gradebook.traces.table import TRACED
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person

CHANGES = {"POST", "PATCH", "PUT", "DELETE"}


@pytest.fixture
def scene(
    db: Session,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    lasting_admin: Person,
) -> Scene:
    made = attempt(db, assignment, student, 0.5)
    return Scene(lasting_admin, instructor, student, course, assignment, made)


def newest(db: Session) -> AuditEntry | None:
    db.rollback()
    return db.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))


def test_the_tables_know_every_route_that_changes_anything() -> None:
    routers = [part.router for part in pages.PARTS] + [api.router]
    there = {
        (method, getattr(route, "path", ""))
        for router in routers
        for route in router.routes
        for method in CHANGES.intersection(getattr(route, "methods", ()))
    }
    assert there == set(TRACED) | set(LEAVE_NONE)
    assert not set(TRACED) & set(LEAVE_NONE)


@pytest.mark.parametrize(("method", "path"), TRACED, ids=[" ".join(route) for route in TRACED])
def test_each_of_them_says_who_did_what_and_how(
    db: Session, scene: Scene, method: str, path: str
) -> None:
    known = newest(db)
    answer = TRACED[method, path](scene)
    assert answer.status_code < 400, answer.text
    found = newest(db)
    assert found is not None
    assert known is None or found.id > known.id
    who = scene.admin if path in ("/courses/new", "/api/v1/courses") else scene.instructor
    own = (
        *("/appeals", "/reply", "/choose", "{assignment_id}/late-days"),
        *("/team", "/invitation", "/invitations", "/invitations/{user_id}"),
    )
    who = scene.student if path.endswith(own) else who
    assert found.actor_id == who.user.id
    assert found.via is (Via.API if path.startswith("/api/") else Via.PAGE)
    assert found.course_id is not None


def test_a_command_leaves_a_trace_that_names_no_person(
    db: Session, cast: Cast, course: Course
) -> None:
    person = cast.person("Mei")
    courses.enrol(db, course, person.user, Role.ASSISTANT)
    db.commit()
    found = newest(db)
    assert found is not None
    assert (found.via, found.actor_id, found.user_id) == (Via.COMMAND, None, person.user.id)
    assert found.after == {"role": "assistant"}


def test_another_score_after_grading_again_leaves_a_trace_and_the_same_one_none(
    db: Session, scene: Scene
) -> None:
    for score, number in ((35.0, 0), (20.0, 1)):
        submission = db.get_one(Submission, scene.submission.id, populate_existing=True)
        submission.status, submission.lease = "running", submission.id  # type: ignore[assignment]
        db.flush()
        report = {"exercises": [], "score": score, "max_score": 70, "notes": [], "remarks": []}
        held = submission.id, submission.id
        assert leases.settle(db, *held, report | {"grader_version": "2"})
        found = db.scalars(select(AuditEntry).where(AuditEntry.via == Via.GRADER)).all()
        of_it = [one for one in found if one.submission_id == submission.id]
        assert len(of_it) == number
    assert of_it[0].before == {"score": 35.0}
    assert of_it[0].after == {"score": 20.0, "graders": "2"}
    db.rollback()


def test_what_is_refused_leaves_no_trace(db: Session, scene: Scene) -> None:
    before = db.scalar(select(func.count()).select_from(AuditEntry))
    scene.press(scene.grade, scene.grade, score="1", reason="")
    scene.press(scene.people, scene.people, email="no address")
    db.rollback()
    assert db.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET reason = 'another'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_in_the_log(
    db: Session, scene: Scene, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="is never changed"):
        db.execute(text(statement))
    db.rollback()
