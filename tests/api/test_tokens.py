"""Bearer tokens: how far each reaches, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.identity import accounts, authentication
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import ApiToken, Assignment, Course, Role, User
from tests.api.handing_in.test_handing_in import GOOD
from tests.support.cast import Cast, Person
from tests.support.processes.stack import Stack

NEEDED = {
    "/courses": "courses:read",
    "/courses/{course}/assignments": "courses:read",
    "/courses/{course}/gradebook": "gradebook:read",
    "/courses/{course}/log": "gradebook:read",
    "/courses/{course}/groups": "courses:read",
    "/assignments/{assignment}": "courses:read",
    "/submissions/{submission}": "submissions:read",
    "/submissions/{submission}/events": "submissions:read",
}


@pytest.fixture
def submission_id(student: Person, assignment: Assignment) -> str:
    receipt = student.api.post(
        f"/assignments/{assignment.id}/submissions", files={"file": ("a.py", GOOD)}
    )
    return str(receipt.json()["id"])


def status(api: httpx.Client, path: str) -> int:
    with api.stream("GET", path) as answer:
        return answer.status_code


@pytest.mark.parametrize(("template", "scope"), NEEDED.items())
def test_each_read_needs_its_scope_and_no_other(
    template: str, scope: str, instructor: Person, assignment: Assignment, submission_id: str
) -> None:
    path = template.format(
        course=assignment.course_id, assignment=assignment.id, submission=submission_id
    )
    others = [each for each in authentication.SCOPES if each != scope]
    assert status(instructor.api_with(scope), path) == 200
    refusal = instructor.api_with(*others).get(path)
    assert refusal.status_code == 403
    assert scope in refusal.json()["detail"]


def test_the_list_of_submissions_needs_both_its_scopes(
    instructor: Person, assignment: Assignment
) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    assert status(instructor.api_with("courses:read", "submissions:read"), path) == 200
    assert status(instructor.api_with("courses:read"), path) == 403
    assert status(instructor.api_with("submissions:read"), path) == 403


def test_handing_in_needs_its_scope(
    instructor: Person, student: Person, assignment: Assignment
) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    files = {"file": ("a.py", GOOD)}
    reads = student.api_with("courses:read", "submissions:read")
    assert reads.post(path, files=files).status_code == 403
    own_only = instructor.api_with("submissions:write")
    data = {"student": student.email}
    assert own_only.post(path, files=files, data=data).status_code == 403
    assert own_only.post(path, files=files).status_code == 202


def test_who_holds_a_token_can_ask_how_far_it_reaches(student: Person, course: Course) -> None:
    api = student.api_with("courses:read", "submissions:read", course_id=course.id)
    found = api.get("/me").json()
    assert found["email"] == student.email
    assert found["scopes"] == ["courses:read", "submissions:read"]
    assert found["course_id"] == course.id


def test_a_token_for_one_course_knows_no_other(
    cast: Cast, instructor: Person, assignment: Assignment
) -> None:
    from app.teaching import courses

    other = cast.course("Another of theirs")
    with database.session() as session:
        courses.enrol(
            session, session.merge(other), session.merge(instructor.user), Role.INSTRUCTOR
        )
        session.commit()
    theirs = cast.assignment(other)
    api = instructor.api_with(*authentication.SCOPES, course_id=assignment.course_id)
    assert [course["id"] for course in api.get("/courses").json()] == [assignment.course_id]
    assert status(api, f"/assignments/{assignment.id}") == 200
    assert status(api, f"/assignments/{theirs.id}") == 404
    assert status(api, f"/courses/{other.id}/gradebook") == 404
    answer = api.post(f"/assignments/{theirs.id}/submissions", files={"file": ("a.py", GOOD)})
    assert answer.status_code == 404


def test_a_token_bound_to_a_course_binds_an_administrator_too(
    admin: Person, outsider: Person, assignment: Assignment, cast: Cast
) -> None:
    api = admin.api_with(*authentication.SCOPES, course_id=assignment.course_id)
    other = cast.course()
    assert status(api, f"/courses/{other.id}/gradebook") == 404


def _ended(person: Person, **changes: object) -> httpx.Response:
    api = person.api
    assert api.get("/me").status_code == 200
    with database.session() as session:
        for token in authentication.tokens_of(session, person.user):
            for name, value in changes.items():
                setattr(session.get_one(ApiToken, token.id), name, value)
        session.commit()
    return api.get("/me")


def test_an_expired_token_is_told_so(student: Person) -> None:
    answer = _ended(student, expires_at=now() - timedelta(seconds=1))
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_a_revoked_token_is_told_so(student: Person) -> None:
    answer = _ended(student, revoked_at=now())
    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]


def test_a_closed_account_has_no_working_tokens(student: Person) -> None:
    api = student.api
    assert api.get("/me").status_code == 200
    with database.session() as session:
        accounts.deactivate(session, session.get_one(User, student.user.id))
        session.commit()
    assert api.get("/me").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer cr_pat_" + "x" * 43,
        "Bearer \xff\xfe",
        "Bearer " + "x" * 8000,
        "Basic dXNlcjpwYXNz",
        "cr_pat_alone",
    ],
)
def test_without_a_good_token_one_is_asked_for(header: str | None, stack: Stack) -> None:
    headers = {} if header is None else {b"Authorization": header.encode("latin-1")}
    answer = httpx.get(f"{stack.url}/api/v1/me", headers=headers, trust_env=False, verify=False)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_is_kept_as_a_digest_only(student: Person) -> None:
    secret = student.token("courses:read")
    with database.session() as session:
        kept = [
            str(value)
            for token in authentication.tokens_of(session, student.user)
            for value in vars(token).values()
        ]
    assert not any(secret in value for value in kept)
