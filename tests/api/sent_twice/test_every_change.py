"""Whatever changes something is done once, however often it is sent with the same key.

The tables know every route of the API that changes anything: a new one must join one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import api
from app.models import (
    ApiToken,
    Appeal,
    Assignment,
    AuditEntry,
    Comment,
    Course,
    Enrolment,
    Export,
    GivenExtension,
    HintLook,
    KeptAnswer,
    Kind,
    Mail,
    PasswordLink,
    Regrade,
    Section,
    ServiceAccount,
    Submission,
    Team,
    TeamInvitation,
    WebhookEndpoint,
)
from tests.api.handing_in.test_handing_in import GOOD
from tests.gradebook.traces.none_left import LEAVE_NONE, NOTHING
from tests.gradebook.traces.scene import Scene
from tests.gradebook.traces.table import TRACED
from tests.gradebook.traces.webhooks import NEW
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.waiting import wait_for
from tests.visibility.reports import exercise

Change = Callable[[Session, Scene], httpx.Response]
MADE = (
    *(ApiToken, Appeal, Assignment, AuditEntry, Comment, Course, Enrolment, Export),
    *(GivenExtension, HintLook, Mail, PasswordLink, Regrade, Section, Team, TeamInvitation),
    *(KeptAnswer, ServiceAccount, WebhookEndpoint),
)


def hand_in(_db: Session, scene: Scene) -> httpx.Response:
    sent = {"file": ("a.py", GOOD)}
    return scene.student.api.post(f"{scene.sheet}/submissions", files=sent)


def hand_in_several(_db: Session, scene: Scene) -> httpx.Response:
    files = [{"assignment": scene.assignment.id, "text": text} for text in ("x = 1", "", "x = 2")]
    return scene.student.api.post("/submissions", json={"submissions": files})


def try_file(_db: Session, scene: Scene) -> httpx.Response:
    return scene.student.api.post(f"{scene.sheet}/trials", files={"file": ("a.py", GOOD)})


def hand_in_trial(db: Session, scene: Scene) -> httpx.Response:
    trial = f"/submissions/{try_file(db, scene).json()['id']}"
    look = scene.student.api.get
    wait_for(lambda: look(trial).json()["status"] == "graded", "the trial")
    return scene.student.api.post(f"{trial}/hand-in")


def look_at_hint(db: Session, scene: Scene) -> httpx.Response:
    scene.patch(scene.sheet, visibility={"in_steps": True})
    db.expire_all()
    wrong = exercise("sum", {("gradient", "gradient-x")})
    made = attempt(db, scene.assignment, scene.student, 0.5, reports={"sum": wrong})
    path = f"/submissions/{made.id}/exercises/sum/looks"
    return scene.student.api.post(path, json={"step": "family"})


def give_link(_db: Session, scene: Scene) -> httpx.Response:
    return scene.instructor.api.put(f"{scene.people}/{scene.student.user.id}/invitation")


def withdraw_link(db: Session, scene: Scene) -> httpx.Response:
    give_link(db, scene)
    return scene.instructor.api.delete(f"{scene.people}/{scene.student.user.id}/invitation")


def make_token(_db: Session, scene: Scene) -> httpx.Response:
    return scene.instructor.api.post("/tokens", json={"name": "one", "scopes": ["courses:read"]})


def revoke_token(db: Session, scene: Scene) -> httpx.Response:
    return scene.instructor.api.delete(f"/tokens/{make_token(db, scene).json()['id']}")


UNTRACED: dict[tuple[str, str], Change] = {
    ("POST", "/api/v1/assignments/{assignment_id}/submissions"): hand_in,
    ("POST", "/api/v1/submissions"): hand_in_several,
    ("POST", "/api/v1/assignments/{assignment_id}/trials"): try_file,
    ("POST", "/api/v1/submissions/{submission_id}/hand-in"): hand_in_trial,
    ("POST", "/api/v1/submissions/{submission_id}/exercises/{exercise}/looks"): look_at_hint,
    ("POST", "/api/v1/courses/{course_id}/invitations"): lambda _, s: s.instructor.api.post(
        f"{s.at}/invitations"
    ),
    ("PUT", "/api/v1/courses/{course_id}/people/{user_id}/invitation"): give_link,
    ("DELETE", "/api/v1/courses/{course_id}/people/{user_id}/invitation"): withdraw_link,
    ("POST", "/api/v1/service-accounts"): lambda _, s: s.admin.api.post(
        "/service-accounts", json={"name": uuid4().hex}
    ),
    ("POST", "/api/v1/webhooks"): lambda _, s: s.admin.api.post("/webhooks", json=NEW),
    ("POST", "/api/v1/tokens"): make_token,
    ("DELETE", "/api/v1/tokens/{token_id}"): revoke_token,
}
CHANGES: dict[tuple[str, str], Change] = UNTRACED | {
    route: lambda _, scene, change=change: change(scene)
    for route, change in TRACED.items()
    if route[1].startswith("/api/")
}


@pytest.fixture
def scene(
    db: Session,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    lasting_admin: Person,
) -> Scene:
    for person in (student, instructor, lasting_admin):
        person.api.event_hooks = {"request": [give_key], "response": []}
    made = attempt(db, assignment, student, 0.5)
    return Scene(lasting_admin, instructor, student, course, assignment, made)


def give_key(request: httpx.Request) -> None:
    if request.method != "GET":
        request.headers["idempotency-key"] = uuid4().hex


def numbers(db: Session) -> list[int]:
    """How much there is of all that a request can make."""
    db.rollback()
    tables = [select(func.count()).select_from(kind).scalar_subquery() for kind in MADE]
    handed_in = Submission.kind.in_((Kind.ATTEMPT, Kind.TRIAL))
    files = select(func.count()).where(handed_in).scalar_subquery()
    return list(db.execute(select(files, *tables)).one())


def test_the_tables_know_every_route_that_changes_anything() -> None:
    there = {
        (method, getattr(route, "path", ""))
        for route in api.router.routes
        for method in {*getattr(route, "methods", ())} - {"GET", "HEAD"}
    }
    asks = {route for route, why in LEAVE_NONE.items() if why == NOTHING}
    assert set(CHANGES) == there - asks


@pytest.mark.parametrize(("method", "path"), CHANGES, ids=[" ".join(route) for route in CHANGES])
def test_what_is_sent_again_with_its_key_is_answered_alike_and_does_nothing(
    db: Session, scene: Scene, method: str, path: str
) -> None:
    first = CHANGES[method, path](db, scene)
    assert first.is_success, first.text
    assert "idempotency-replayed" not in first.headers
    there = numbers(db)
    with httpx.Client(trust_env=False, verify=False, timeout=30) as client:
        again = client.send(first.request)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("location") == first.headers.get("location")
    assert again.headers.get("etag") == first.headers.get("etag")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert again.headers["idempotency-replayed"] == "true"
    assert numbers(db) == there
