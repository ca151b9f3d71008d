"""A service account belongs to no person: it acts by tokens alone, and is nowhere among people."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.identity import accounts, authentication
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import ApiToken, Assignment, Course, Enrolment, ServiceAccount, User
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.processes.stack import Stack
from tests.support.programs import ALL, Program

NEEDED = {
    "read a course": (("courses:read",), 200),
    "change a course": (("courses:write",), 428),
    "read a submission": (("submissions:read",), 200),
    "hand in for a student": (("submissions:behalf",), 202),
    "read the gradebook": (("gradebook:read",), 200),
    "change a grade": (("gradebook:write", "submissions:read"), 428),
    "read invitations": (("links:write", "courses:write"), 200),
    "read its own tokens": (("tokens:write",), 200),
}
"""What a program does, the scopes that it needs for it, and what it is answered then."""


@pytest.fixture
def program(instructor: Person, course: Course) -> Program:
    return Program.of(instructor, course)


def _do(api: httpx.Client, what: str, sheet: Assignment, student: Person, work: str) -> int:
    at, here = f"/courses/{sheet.course_id}", f"/assignments/{sheet.id}"
    grade = f"{here}/grades/{student.user.id}"
    files, data = {"file": ("a.py", GOOD)}, {"student": student.email}
    answers = {
        "read a course": lambda: api.get(f"{at}/assignments"),
        "change a course": lambda: api.patch(here, json={"title": "New"}),
        "read a submission": lambda: api.get(work),
        "hand in for a student": lambda: api.post(f"{here}/submissions", files=files, data=data),
        "read the gradebook": lambda: api.get(f"{at}/gradebook"),
        "change a grade": lambda: api.patch(grade, json={"reason": "So it is."}),
        "read invitations": lambda: api.get(f"{at}/invitations"),
        "read its own tokens": lambda: api.get("/tokens"),
    }
    return answers[what]().status_code


def test_its_token_does_what_its_scopes_cover_and_nothing_else(
    program: Program, assignment: Assignment, student: Person, db: Session
) -> None:
    work = f"/submissions/{attempt(db, assignment, student, 0.5).id}"
    for what, (scopes, status) in NEEDED.items():
        api = program.api_with(*scopes)
        assert _do(api, what, assignment, student, work) == status, what
        for one in scopes:
            lacking = program.api_with(*(each for each in ALL if each != one))
            assert _do(lacking, what, assignment, student, work) == 403, (what, one)


def test_it_has_no_work_of_its_own(program: Program, assignment: Assignment) -> None:
    upload = {"file": ("a.py", GOOD)}
    for what in ("submissions", "trials"):
        answer = program.api.post(f"/assignments/{assignment.id}/{what}", files=upload)
        assert answer.status_code == 403
    wanted = {"name": "x", "scopes": ["submissions:write"]}
    answer = program.maker.api.post(f"{program.at}/tokens", json=wanted)
    assert answer.status_code == 422
    assert "no work of its own" in answer.json()["detail"]


def test_that_of_a_course_knows_no_other(
    program: Program, course: Course, outsider: Person, cast: Cast
) -> None:
    other = cast.course()
    sheet = cast.assignment(other)
    assert [one["id"] for one in program.api.get("/courses").json()] == [course.id]
    for path in (f"/courses/{other.id}", f"/assignments/{sheet.id}"):
        assert program.api.get(path).status_code == 404
    assert program.api.post("/courses", json={"code": "c", "title": "C"}).status_code == 403
    for path in (program.at, f"{program.at}/tokens", f"/courses/{course.id}/service-accounts"):
        assert outsider.api.get(path).status_code == 404


def test_that_of_the_site_makes_courses_and_reaches_all(
    admin: Person, instructor: Person, course: Course
) -> None:
    site = Program.of(admin, None, f"Moodle {course.code}")
    new = {"code": f"by-{course.code}", "title": "Made by a program"}
    made = site.api.post("/courses", json=new)
    assert made.status_code == 201
    assert made.json()["role"] is None
    assert {course.id, made.json()["id"]} <= _ids(site.api, "/courses")
    link = f"/courses/{course.id}/people/{instructor.user.id}/invitation"
    assert site.api.put(link, json={}).status_code == 403  # unlike an administrator
    assert instructor.api.get(site.at).status_code == 404
    assert instructor.api.get("/service-accounts").status_code == 403
    assert site.id in _ids(admin.api, "/service-accounts")


def _ids(api: httpx.Client, path: str) -> set[int]:
    """The numbers of all in a list, page by page."""
    found, path = set(), f"{path}?per_page=100"
    while path:
        answer = api.get(path)
        found |= {one["id"] for one in answer.json()}
        path = answer.links.get("next", {}).get("url", "")
    return found


@pytest.mark.parametrize("how", ["expired", "revoked", "closed"])
def test_a_token_that_has_ended_opens_nothing(program: Program, db: Session, how: str) -> None:
    api = program.api
    assert api.get("/me").status_code == 200
    if how == "expired":
        past = now() - timedelta(seconds=1)
        db.execute(update(ApiToken).where(ApiToken.user_id == program.id).values(expires_at=past))
        db.commit()
    elif how == "revoked":
        (token,) = program.maker.api.get(f"{program.at}/tokens").json()
        assert program.maker.api.delete(f"{program.at}/tokens/{token['id']}").status_code == 204
    else:
        assert program.set_active(False).json()["active"] is False
    assert api.get("/me").status_code == 401
    if how == "closed":
        wanted = {"name": "x", "scopes": ["courses:read"]}
        assert program.maker.api.post(f"{program.at}/tokens", json=wanted).status_code == 409
        assert program.set_active(True).status_code == 200
        assert api.get("/me").status_code == 200


def test_it_goes_on_when_who_made_it_is_gone(program: Program, db: Session) -> None:
    api = program.api
    db.execute(delete(Enrolment).where(Enrolment.user_id == program.maker.user.id))
    accounts.deactivate(db, db.get_one(User, program.maker.user.id))
    db.commit()
    assert api.get("/courses").status_code == 200
    assert len(api.get("/courses").json()) == 1


def test_it_gets_nothing_that_whoever_makes_its_token_lacks(program: Program) -> None:
    narrow = program.maker.api_with("tokens:write", "courses:write")
    wanted = {"name": "x", "scopes": ["gradebook:read"]}
    assert narrow.post(f"{program.at}/tokens", json=wanted).status_code == 403
    wanted["scopes"] = ["courses:write"]
    made = narrow.post(f"{program.at}/tokens", json=wanted)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    program.token(*ALL)
    wider = max(one["id"] for one in narrow.get(f"{program.at}/tokens").json())
    assert narrow.delete(f"{program.at}/tokens/{wider}").status_code == 403


def test_what_a_token_made_for_it_ends_when_that_is_revoked(program: Program) -> None:
    maker = program.maker
    leaked = maker.api_with("tokens:write", "courses:write", "courses:read")
    wanted = {"name": "x", "scopes": ["courses:read"]}
    made = leaked.post(f"{program.at}/tokens", json=wanted).json()["token"]
    own = max(one["id"] for one in leaked.get("/tokens").json() if one["name"] == "test")
    assert leaked.delete(f"/tokens/{own}").status_code == 204
    assert maker.client_of(made).get("/me").status_code == 401


def test_it_looks_after_its_own_tokens_and_no_account(program: Program, course: Course) -> None:
    wanted = {"name": "next", "scopes": ["courses:read"]}
    assert program.api.post("/tokens", json=wanted | {"course_id": course.id}).status_code == 201
    assert program.api.post(f"{program.at}/tokens", json=wanted).status_code == 403
    more = program.api.post(f"/courses/{course.id}/service-accounts", json={"name": "Two"})
    assert more.status_code == 403
    assert "A person looks after" in more.json()["detail"]


def test_it_is_nowhere_among_people(
    program: Program, course: Course, assignment: Assignment, student: Person, admin: Person
) -> None:
    name = "Moodle of the whole department"
    program = Program.of(program.maker, course, name)
    data = {"student": student.email}
    sent = program.api.post(
        f"/assignments/{assignment.id}/submissions", files={"file": ("a.py", GOOD)}, data=data
    )
    assert sent.status_code == 202
    at = f"/courses/{course.id}"
    pages = [
        "people",
        "gradebook",
        "gradebook.csv",
        "grades.csv",
        "analytics",
        "people/invitations",
    ]
    for page in pages:
        shown = program.maker.web.get(f"{at}/{page}")
        assert shown.status_code == 200
        assert student.user.name in shown.text or page in ("analytics", "people/invitations")
        assert name not in shown.text
    assert name not in admin.web.get("/accounts", params={"search": "Moodle"}).text
    people = program.maker.api.get(f"{at}/people").json()
    assert program.id not in {one["id"] for one in people}
    for path in (f"{at}/people/{program.id}", f"{at}/grades/{program.id}"):
        assert program.maker.api.get(path).status_code == 404
    assert admin.web.post(f"/accounts/{program.id}/link").status_code == 404


def test_nobody_can_be_taken_for_it_or_sign_in_as_it(
    program: Program, course: Course, stack: Stack, db: Session
) -> None:
    account = db.get_one(ServiceAccount, program.id)
    assert (account.email, account.password_hash, account.external_id) == (None, None, None)
    for typed in (account.name, "None"):
        form = {"email": typed, "password": ""}
        answer = httpx.post(f"{stack.url}/sign-in", data=form, trust_env=False)
        assert answer.status_code in (401, 422)
    people = f"/courses/{course.id}/people"
    added = program.maker.api.post(people, json={"email": account.name, "role": "instructor"})
    assert added.status_code == 422
    web = httpx.get(
        f"{stack.url}/account", headers={"Authorization": f"Bearer {program.token(*ALL)}"},
        trust_env=False,
    )  # fmt: skip
    assert web.status_code == 303


def test_the_log_names_it_as_who_did_something(
    program: Program, course: Course, assignment: Assignment, student: Person
) -> None:
    grade = f"/assignments/{assignment.id}/grades/{student.user.id}"
    match = {"If-Match": program.api.get(grade).headers["etag"]}
    change = {"score": 60, "reason": "The second typo was ours."}
    changed = program.api.patch(grade, json=change, headers=match)
    assert changed.status_code == 200
    assert changed.json()["by_hand"]["by"] == {
        "id": program.id,
        "name": "Moodle",
        "email": None,
        "external_id": None,
    }
    entries = program.maker.api.get(f"/courses/{course.id}/log").json()
    assert [one["by"]["name"] for one in entries if one["action"] == "grade changed"] == ["Moodle"]
    made = [one for one in entries if one["action"] in ("account made", "token made")]
    assert [one["student"]["id"] for one in made] == [program.id] * len(made)
    log = program.maker.web.get(f"/courses/{course.id}/log").text
    assert "service account" in log
    assert program.maker.web.get(f"/courses/{course.id}/log.csv").status_code == 200
    assert "Moodle" in program.maker.web.get(grade).text


def test_a_name_is_taken_once_while_it_is_open(program: Program, course: Course) -> None:
    at = f"/courses/{course.id}/service-accounts"
    assert program.maker.api.post(at, json={"name": "moodle"}).status_code == 409
    program.set_active(False)
    assert program.maker.api.post(at, json={"name": "moodle"}).status_code == 201
    answer = program.set_active(True)
    assert answer.status_code == 409
    assert program.maker.api.get(program.at).json()["active"] is False


def test_a_course_that_is_deleted_closes_its_own(
    cast: Cast, admin: Person, course: Course, db: Session
) -> None:
    empty = cast.course()
    program = Program.of(admin, empty)
    match = {"If-Match": admin.api.get(f"/courses/{empty.id}").headers["etag"]}
    assert admin.api.delete(f"/courses/{empty.id}", headers=match).status_code == 204
    left = db.get_one(ServiceAccount, program.id)
    assert (left.active, left.course_id, left.is_admin) == (False, None, False)


def test_all_of_a_course_share_one_rate_and_more_of_them_get_no_more(
    program: Program, course: Course
) -> None:
    from app.identity import authentication

    other = Program.of(program.maker, course, "Another")
    with database.session() as session:
        keys = {
            authentication.actor_of_token(session, one.token("courses:read")).key
            for one in (program, other)
        }
    assert len(keys) == 1


def test_what_somebodys_token_made_for_it_ends_with_all_tokens_of_theirs(
    program: Program, course: Course, db: Session
) -> None:
    by_token = program.api_with("courses:read")
    assert by_token.get(f"/courses/{course.id}").status_code == 200
    authentication.revoke_tokens(db, db.get_one(User, program.maker.user.id))
    db.commit()
    assert by_token.get(f"/courses/{course.id}").status_code == 401
