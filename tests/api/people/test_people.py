"""A course's people over REST: the same as on its page, row by row, and no more than once."""

from __future__ import annotations

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.models import Course, Enrolment, User
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.links import enter, look
from tests.support.matching import put


def matched(client: httpx.Client, path: str) -> dict[str, str]:
    return {"If-Match": client.get(path).headers["etag"]}


def test_people_are_listed_page_by_page_with_role_and_sections(
    instructor: Person, student: Person, other_student: Person, course: Course
) -> None:
    people = f"/courses/{course.id}/people"
    instructor.api.post(f"/courses/{course.id}/sections", json={"title": "Monday"})
    at = f"{people}/{student.user.id}"
    assert put(instructor.api, f"{at}/sections", at, sections=["Monday"]).status_code == 200
    first = instructor.api.get(people, params={"per_page": 2})
    rest = instructor.api.get(first.links["next"]["url"])
    found = {one["id"]: one for one in first.json() + rest.json()}
    assert found.keys() == {instructor.user.id, student.user.id, other_student.user.id}
    assert found[student.user.id] == {
        "id": student.user.id,
        "name": "Sam Student",
        "email": student.email,
        "external_id": None,
        "role": "student",
        "active": True,
        "has_password": True,
        "sections": ["Monday"],
    }
    only = instructor.api.get(people, params={"role": "instructor"}).json()
    assert [one["id"] for one in only] == [instructor.user.id]


def test_somebody_new_is_added_once_with_an_invitation_that_works(
    db: Session, instructor: Person, course: Course
) -> None:
    people, email = f"/courses/{course.id}/people", f"ana.{course.id}@new.example"
    wanted = {"email": email, "name": "Ana"}
    made = [instructor.api.post(people, json=wanted) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[0].json()["has_password"] is False
    assert db.scalar(select(func.count()).where(User.email == email)) == 1
    other = instructor.api.post(people, json=wanted | {"role": "tutor"})
    assert other.status_code == 409

    (invited,) = instructor.api.get(f"/courses/{course.id}/invitations").json()
    assert invited["person"]["email"] == email
    assert (invited["works"], invited["mail"]) == (True, None)
    assert enter(invited["link"], "a long password").status_code == 303
    assert instructor.api.get(f"/courses/{course.id}/invitations").json() == []
    here = made[0].headers["location"].removeprefix("/api/v1")
    assert instructor.api.get(here).json()["has_password"] is True


def test_who_is_taken_out_is_put_back_with_all_they_had(
    db: Session, cast: Cast, instructor: Person, student: Person, course: Course
) -> None:
    attempt(db, cast.assignment(course), student, 0.5)
    here = f"/courses/{course.id}/people/{student.user.id}"
    assert instructor.api.patch(here, json={"active": False}).status_code == 428
    seen = matched(instructor.api, here)
    gone = instructor.api.patch(here, json={"active": False}, headers=seen)
    assert gone.json()["active"] is False
    assert instructor.api.patch(here, json={"active": True}, headers=seen).status_code == 412
    people = f"/courses/{course.id}/people"
    assert student.user.id not in {one["id"] for one in instructor.api.get(people).json()}
    left = instructor.api.get(people, params={"left": True}).json()
    assert student.user.id in {one["id"] for one in left}
    back = instructor.api.patch(
        here, json={"active": True}, headers={"If-Match": gone.headers["etag"]}
    )
    assert (back.json()["active"], back.json()["role"]) == (True, "student")
    book = instructor.api.get(f"/courses/{course.id}/gradebook").json()
    assert student.email in str(book)


def test_a_change_that_cannot_be_is_told_and_nothing_is_done(
    instructor: Person, student: Person, course: Course
) -> None:
    own = f"/courses/{course.id}/people/{instructor.user.id}"
    refused = instructor.api.patch(
        own, json={"role": "student"}, headers=matched(instructor.api, own)
    )
    assert refused.status_code == 409
    assert "your own role" in refused.json()["detail"]
    theirs = f"/courses/{course.id}/people/{student.user.id}"
    both = {"role": "tutor", "active": False}
    answer = instructor.api.patch(theirs, json=both, headers=matched(instructor.api, theirs))
    assert answer.status_code == 422
    assert instructor.api.get(theirs).json()["role"] == "student"


def test_a_roster_is_tried_row_by_row_and_then_taken_as_it_was_seen(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    roster, new = f"/courses/{course.id}/roster", f"bo.{course.id}@new.example"
    text = f"email,name,role,section,Matrikel\n{student.email},,tutor,,7\n{new},Bo,,Monday,8\n"
    tried = instructor.api.post(roster, json={"text": text})
    assert tried.status_code == 200
    told = tried.json()
    assert (told["done"], told["errors"], told["unused"]) == (False, [], ["Matrikel"])
    assert [(one["line"], one["kind"], one["email"]) for one in told["changes"]] == [
        (2, "role", student.email),
        (3, "new", new),
    ]
    assert (told["changes"][0]["held"], told["changes"][0]["role"]) == ("student", "tutor")
    assert told["changes"][1]["sections"] == ["Monday"]
    assert db.scalar(select(User.id).where(User.email == new)) is None

    sure = {"text": text, "dry_run": False, "version": told["version"]}
    done = instructor.api.post(roster, json=sure).json()
    assert (done["done"], done["changes"]) == (True, told["changes"])
    stale = instructor.api.post(roster, json=sure)
    assert stale.status_code == 409
    again = instructor.api.post(roster, json={"text": text, "dry_run": False}).json()
    assert [one["kind"] for one in again["changes"]] == ["stays", "stays"]


def test_a_roster_with_wrong_lines_names_each_and_is_taken_without_them_where_wished(
    db: Session, instructor: Person, course: Course
) -> None:
    roster, good = f"/courses/{course.id}/roster", f"cem.{course.id}@new.example"
    text = f"email,role\nnonsense,student\n{good},student\nx@y.example,king\n"
    tried = instructor.api.post(roster, json={"text": text}).json()
    assert [one["line"] for one in tried["errors"]] == [2, 4]
    refused = instructor.api.post(roster, json={"text": text, "dry_run": False})
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["line 2", "line 4"]
    assert db.scalar(select(User.id).where(User.email == good)) is None
    wish = {"text": text, "dry_run": False, "skip_wrong": True}
    assert instructor.api.post(roster, json=wish).json()["done"] is True
    db.rollback()
    assert db.scalar(select(User.id).where(User.email == good)) is not None


def test_a_link_takes_its_scope_is_kept_in_no_cache_and_can_be_withdrawn(
    instructor: Person, student: Person, course: Course
) -> None:
    here = f"/courses/{course.id}/people/{student.user.id}/invitation"
    without = instructor.api_with("courses:write", "gradebook:read")
    for answer in (
        without.put(here),
        without.delete(here),
        without.get(f"/courses/{course.id}/invitations"),
        without.post(f"/courses/{course.id}/invitations"),
    ):
        assert answer.status_code == 403
        assert "links:write" in answer.json()["detail"]
    given = instructor.api.put(here)
    assert given.headers["cache-control"] == "no-store"
    assert given.json()["has_password"] is True
    assert instructor.api.put(here).json() == given.json()
    assert instructor.api.delete(here).status_code == 204
    assert look(given.json()["link"]).status_code == 410
    assert instructor.api.delete(here).status_code == 404


def test_all_who_need_a_link_get_one(instructor: Person, student: Person, course: Course) -> None:
    with database.session() as session:
        session.get_one(User, student.user.id).password_hash = None
        session.commit()
    invitations = f"/courses/{course.id}/invitations"
    (before,) = instructor.api.get(invitations).json()
    assert (before["works"], before["link"], before["expires_at"]) == (False, None, None)
    (after,) = instructor.api.post(invitations).json()
    assert look(after["link"]).status_code == 200


def test_the_people_of_another_course_are_not_there(
    outsider: Person, student: Person, course: Course
) -> None:
    for path in ("", f"/{student.user.id}"):
        assert outsider.api.get(f"/courses/{course.id}/people{path}").status_code == 404
    (own,) = outsider.api.get("/courses").json()
    stranger = f"/courses/{own['id']}/people/{student.user.id}"
    assert outsider.api.get(stranger).status_code == 404
    assert outsider.api.put(f"{stranger}/invitation").status_code == 404


def test_in_an_archived_course_people_can_be_read_and_not_changed(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    instructor.web.post(f"/courses/{course.id}/archive")
    here = f"/courses/{course.id}"
    seen = matched(instructor.api, here)
    assert instructor.api.patch(here, json={"archived": True}, headers=seen).status_code == 200
    assert instructor.api.get(f"{here}/people").status_code == 200
    refused = [
        instructor.api.post(f"{here}/people", json={"email": "a@b.example"}),
        instructor.api.post(f"{here}/roster", json={"text": "email\na@b.example\n"}),
        instructor.api.put(f"{here}/people/{student.user.id}/invitation"),
    ]
    assert [one.status_code for one in refused] == [409] * 3
    assert db.get_one(Enrolment, (course.id, student.user.id)).active
