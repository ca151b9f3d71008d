"""Whatever changes a grade, a student's place, an assignment or a course is in the log.

The tables below know every route that changes anything: a new one must join one of them.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import api, pages
from app.models import Assignment, AuditEntry, Course, Role, Submission, Via
from app.scheduling import leases
from tests.gradebook.scene import Scene
from tests.gradebook.without_a_trace import LEAVE_NONE
from tests.pages.staff.test_making_assignments import FORM
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press

CHANGES = {"POST", "PATCH", "PUT", "DELETE"}


Change = Callable[[Scene], httpx.Response]
GRADE = "/assignments/{assignment_id}/grades/{user_id}"
TRACED: dict[tuple[str, str], Change] = {
    ("POST", "/courses/new"): lambda s: press(
        s.admin.web, "/courses/new", "/courses/new", code=f"new-{s.course.id}", title="New"
    ),
    ("POST", "/courses/{course_id}/settings"): lambda s: s.press(
        f"{s.at}/settings", f"{s.at}/settings", term="Winter"
    ),
    ("POST", "/courses/{course_id}/archive"): lambda s: s.press(
        f"{s.at}/settings", f"{s.at}/archive"
    ),
    ("POST", "/courses/{course_id}/reopen"): Scene.archive_and_reopen,
    ("POST", "/courses/{course_id}/delete"): Scene.delete_the_copy,
    ("POST", "/courses/{course_id}/copy"): lambda s: s.press(
        f"{s.at}/copy", f"{s.at}/copy", code=f"copy-{s.course.id}"
    ),
    ("POST", "/assignments/{assignment_id}/copy"): lambda s: s.press(*(f"{s.sheet}/copy",) * 2),
    ("POST", "/assignments/{assignment_id}/delete"): Scene.delete_the_copied_sheet,
    ("POST", "/api/v1/courses"): lambda s: s.admin.api.post(
        "/courses", json={"code": f"new-{s.course.id}", "title": "New"}
    ),
    ("PATCH", "/api/v1/courses/{course_id}"): lambda s: s.patch(s.at, term="Winter"),
    ("DELETE", "/api/v1/courses/{course_id}"): lambda s: s.delete(s.copy_course()),
    ("POST", "/api/v1/courses/{course_id}/copies"): lambda s: s.instructor.api.post(
        f"{s.at}/copies", json={"code": f"copy-{s.course.id}"}
    ),
    ("POST", "/api/v1/courses/{course_id}/assignments"): lambda s: s.instructor.api.post(
        f"{s.at}/assignments",
        json={"title": "New", "exercises": [{"slug": "sum", "points": 1}]},
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/copies"): lambda s: s.instructor.api.post(
        f"{s.sheet}/copies", json={}
    ),
    ("DELETE", "/api/v1/assignments/{assignment_id}"): lambda s: s.delete(s.copy_sheet()),
    ("POST", "/api/v1/courses/{course_id}/people"): lambda s: s.instructor.api.post(
        s.people, json={"email": s.admin.email, "role": "assistant"}
    ),
    ("PATCH", "/api/v1/courses/{course_id}/people/{user_id}"): lambda s: s.patch(
        f"{s.people}/{s.student.user.id}", role="assistant"
    ),
    ("POST", "/api/v1/courses/{course_id}/roster"): lambda s: s.instructor.api.post(
        f"{s.at}/roster", json={"text": f"email\n{s.admin.email}\n", "dry_run": False}
    ),
    ("POST", "/courses/{course_id}/people"): Scene.add_person,
    ("POST", "/courses/{course_id}/people/import"): Scene.import_people,
    ("POST", "/courses/{course_id}/people/{user_id}/role"): lambda s: s.press(
        s.people, f"{s.people}/{s.student.user.id}/role", role="assistant"
    ),
    ("POST", "/courses/{course_id}/people/{user_id}/remove"): lambda s: s.press(
        s.people, f"{s.people}/{s.student.user.id}/remove"
    ),
    ("POST", "/courses/{course_id}/late-days"): lambda s: s.press(
        f"/courses/{s.course.id}/late-days", f"/courses/{s.course.id}/late-days", days="3"
    ),
    ("PUT", "/api/v1/courses/{course_id}/late-days"): Scene.late_days,
    ("POST", "/assignments/{assignment_id}/late-days"): Scene.spend,
    ("PUT", "/api/v1/assignments/{assignment_id}/late-days"): Scene.spend_by_api,
    ("POST", "/courses/{course_id}/people/{user_id}/sections"): Scene.put,
    ("PUT", "/api/v1/courses/{course_id}/people/{user_id}/sections"): Scene.put_by_api,
    ("POST", "/courses/{course_id}/sections"): lambda s: s.instructor.web.post(
        f"/courses/{s.course.id}/sections", data={"title": "Monday"}
    ),
    ("POST", "/api/v1/courses/{course_id}/sections"): lambda s: s.instructor.api.post(
        f"/courses/{s.course.id}/sections", json={"title": "Monday"}
    ),
    ("POST", "/sections/{section_id}"): lambda s: s.instructor.web.post(
        f"/sections/{s.section()}", data={"remove": "yes"}
    ),
    ("PATCH", "/api/v1/sections/{section_id}"): lambda s: s.instructor.api.patch(
        f"/sections/{s.section()}", json={"title": "Tuesday"}
    ),
    ("DELETE", "/api/v1/sections/{section_id}"): lambda s: s.instructor.api.delete(
        f"/sections/{s.section()}"
    ),
    ("POST", "/courses/{course_id}/assignments/new"): lambda s: s.instructor.web.post(
        f"/courses/{s.course.id}/assignments/new", data=FORM
    ),
    ("POST", "/assignments/{assignment_id}/edit"): lambda s: s.press(
        f"/assignments/{s.assignment.id}/edit", f"/assignments/{s.assignment.id}/edit", title="New"
    ),
    ("POST", "/courses/{course_id}/exports"): lambda s: s.instructor.web.post(
        f"{s.at}/exports", data={"what": "hand-ins"}
    ),
    ("POST", "/exports/{export_id}/delete"): lambda s: s.instructor.web.post(
        f"{s.export()}/delete"
    ),
    ("POST", "/api/v1/courses/{course_id}/exports"): Scene.ask_for_export,
    ("DELETE", "/api/v1/exports/{export_id}"): lambda s: s.instructor.api.delete(s.export()),
    ("POST", "/assignments/{assignment_id}/release"): lambda s: s.release(s.instructor.web),
    ("POST", "/assignments/{assignment_id}/release/take-back"): Scene.take_back,
    ("POST", "/api/v1/assignments/{assignment_id}/release"): lambda s: s.release(s.instructor.api),
    ("DELETE", "/api/v1/assignments/{assignment_id}/release"): Scene.take_back_by_api,
    ("POST", "/assignments/{assignment_id}/regrades"): Scene.grade_again,
    ("POST", "/regrades/{regrade_id}/apply"): lambda s: s.press(
        (here := s.preview()), f"{here}/apply", reason="So it is."
    ),
    ("POST", "/regrades/{regrade_id}/cancel"): lambda s: s.instructor.web.post(
        f"{s.preview()}/cancel"
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/regrades"): Scene.grade_again_by_api,
    ("POST", "/api/v1/regrades/{regrade_id}/apply"): lambda s: s.instructor.api.post(
        f"{s.preview()}/apply", json={"reason": "So it is."}
    ),
    ("POST", "/api/v1/regrades/{regrade_id}/cancel"): lambda s: s.instructor.api.post(
        f"{s.preview()}/cancel"
    ),
    ("POST", "/submissions/{submission_id}/choose"): lambda s: s.choose(s.student.web),
    ("POST", "/api/v1/submissions/{submission_id}/choose"): lambda s: s.choose(s.student.api),
    ("POST", GRADE + "/extension"): Scene.extend,
    ("POST", "/assignments/{assignment_id}/extensions"): Scene.extend_in_the_list,
    ("POST", "/extensions/{extension_id}/take-back"): lambda s: s.instructor.web.post(
        f"/extensions/{s.extend_by_api().json()['id']}/take-back"
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/extensions"): Scene.extend_by_api,
    ("DELETE", "/api/v1/extensions/{extension_id}"): lambda s: s.instructor.api.delete(
        f"/extensions/{s.extend_by_api().json()['id']}"
    ),
    ("POST", GRADE + "/appeals"): Scene.ask,
    ("POST", "/appeals/{appeal_id}/reply"): lambda s: s.student.web.post(
        f"{s.appeal()}/reply", data={"withdraw": "yes"}
    ),
    ("POST", "/appeals/{appeal_id}/answer"): lambda s: s.instructor.web.post(
        f"{s.appeal()}/answer", data={"text": "It is right as it is."}
    ),
    ("POST", GRADE + "/comments"): lambda s: s.press(
        s.grade, f"{s.grade}/comments", text="Well done."
    ),
    ("POST", "/comments/{comment_id}/withdraw"): lambda s: s.instructor.web.post(
        f"/comments/{s.comment_by_api().json()['id']}/withdraw"
    ),
    ("POST", "/api/v1" + GRADE + "/appeals"): Scene.ask_by_api,
    ("POST", "/api/v1/appeals/{appeal_id}/reply"): lambda s: s.student.api.post(
        f"{s.appeal()}/reply", json={"text": "It is line 3."}
    ),
    ("POST", "/api/v1/appeals/{appeal_id}/answer"): lambda s: s.instructor.api.post(
        f"{s.appeal()}/answer", json={"text": "It is right as it is."}
    ),
    ("POST", "/api/v1" + GRADE + "/comments"): Scene.comment_by_api,
    ("DELETE", "/api/v1/comments/{comment_id}"): lambda s: s.instructor.api.delete(
        f"/comments/{s.comment_by_api().json()['id']}"
    ),
    ("POST", "/courses/{course_id}/groups"): Scene.weigh,
    ("PUT", "/api/v1/courses/{course_id}/groups"): Scene.weigh_by_api,
    ("POST", GRADE): Scene.change_grade,
    ("POST", GRADE + "/undo"): Scene.undo,
    ("PATCH", "/api/v1/assignments/{assignment_id}"): lambda s: s.patch(s.sheet, title="New"),
    ("PATCH", "/api/v1" + GRADE): lambda s: s.patch(s.grade, score=1, reason="So it is."),
    ("POST", "/api/v1" + GRADE + "/undo"): Scene.undo_by_api,
}


@pytest.fixture
def scene(
    db: Session,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    admin: Person,
) -> Scene:
    made = attempt(db, assignment, student, 0.5)
    return Scene(admin, instructor, student, course, assignment, made)


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
    own = ("/appeals", "/reply", "/choose", "{assignment_id}/late-days")
    who = scene.student if path.endswith(own) else who
    assert found.actor_id == who.user.id
    assert found.via is (Via.API if path.startswith("/api/") else Via.PAGE)
    assert found.course_id is not None


def test_a_command_leaves_a_trace_that_names_no_person(
    db: Session, cast: Cast, course: Course
) -> None:
    person = cast.person("Mei", course, Role.ASSISTANT)
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
