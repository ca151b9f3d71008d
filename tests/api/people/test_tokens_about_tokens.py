"""A token lists, makes and revokes its holder's tokens, and makes none that reaches further."""

from __future__ import annotations

import pytest

from app.identity import authentication
from app.infrastructure import database
from app.models import Course, Role, User
from app.teaching import courses
from tests.support.cast import Cast, Person

OWN = ("courses:read", "gradebook:read", "tokens:write")


def test_a_token_is_made_used_listed_and_revoked(instructor: Person, student: Person) -> None:
    api = instructor.api_with(*OWN)
    made = api.post("/tokens", json={"name": "nightly", "scopes": ["gradebook:read"], "days": 30})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    token = made.json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert api.get("/me", headers=bearer).json()["scopes"] == ["gradebook:read"]

    listed = {one["id"]: one for one in api.get("/tokens").json()}
    mine = listed[made.json()["id"]]
    assert mine["last_used_at"] is not None
    assert (mine["name"], mine["hint"], "token" in mine) == ("nightly", token[-4:], False)
    assert api.delete(f"/tokens/{mine['id']}").status_code == 204
    assert api.get("/me", headers=bearer).status_code == 401
    assert api.delete(f"/tokens/{mine['id']}").status_code == 404

    other = student.api_with("tokens:write").get("/tokens").json()
    assert api.delete(f"/tokens/{other[0]['id']}").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"scopes": ["gradebook:read", "gradebook:write"]}, 403),
        ({"scopes": ["of none"]}, 422),
        ({"scopes": []}, 422),
        ({"name": " ", "scopes": ["courses:read"]}, 422),
        ({"scopes": ["courses:read"], "days": 0}, 422),
        ({"scopes": ["courses:read"], "course_id": 2**31 - 1}, 404),
    ],
)
def test_what_reaches_further_or_cannot_be_is_not_made(
    instructor: Person, wanted: dict[str, object], status: int
) -> None:
    api = instructor.api_with(*OWN)
    answer = api.post("/tokens", json={"name": "another", **wanted})
    assert answer.status_code == status
    assert len(api.get("/tokens").json()) == 1


def test_what_a_token_made_ends_with_it_and_what_those_made_too(instructor: Person) -> None:
    first = instructor.api_with(*OWN)
    wanted = {"name": "next", "scopes": list(OWN)}
    bearers: list[dict[str, str]] = []
    for _ in range(2):
        token = first.post("/tokens", json=wanted, headers=bearers[-1] if bearers else None)
        bearers.append({"Authorization": f"Bearer {token.json()['token']}"})
    own = min(one["id"] for one in first.get("/tokens").json())
    assert first.delete(f"/tokens/{own}").status_code == 204
    for bearer in bearers:
        assert first.get("/me", headers=bearer).status_code == 401


def test_a_token_ends_none_that_reaches_further(instructor: Person) -> None:
    wide = instructor.api_with(*OWN)
    (known,) = wide.get("/tokens").json()
    narrow = instructor.api_with("tokens:write")
    refused = narrow.delete(f"/tokens/{known['id']}")
    assert refused.status_code == 403
    assert "courses:read" in refused.json()["detail"]
    assert wide.get("/me").status_code == 200


def test_a_token_for_one_course_knows_and_makes_only_such(
    cast: Cast, instructor: Person, course: Course
) -> None:
    other = cast.course("Another of theirs")
    with database.session() as session:
        courses.enrol(session, other, instructor.user, Role.INSTRUCTOR)
        session.commit()
    wide = instructor.api_with(*OWN)
    bound = instructor.api_with(*OWN, course_id=course.id)
    wanted = {"name": "another", "scopes": ["courses:read"]}
    for course_id in (None, other.id):
        refused = bound.post("/tokens", json=wanted | {"course_id": course_id})
        assert refused.status_code == 403
    assert bound.post("/tokens", json=wanted | {"course_id": course.id}).status_code == 201
    assert {one["course_id"] for one in bound.get("/tokens").json()} == {course.id}
    (unbound,) = (one for one in wide.get("/tokens").json() if one["course_id"] is None)
    assert bound.delete(f"/tokens/{unbound['id']}").status_code == 404


def test_a_token_that_ends_makes_none_that_ends_later(instructor: Person) -> None:
    """Else whoever found one could have another for ever."""
    with database.session() as session:
        user = session.get_one(User, instructor.user.id)
        secret = authentication.issue_token(session, user, "short", list(OWN), days=2)
        session.commit()
    bearer = {"Authorization": f"Bearer {secret}"}
    for days, status in ((None, 403), (3, 403), (2, 403), (1, 201)):
        wanted = {"name": "another", "scopes": ["courses:read"], "days": days}
        made = instructor.api.post("/tokens", json=wanted, headers=bearer)
        assert made.status_code == status
