"""Webhooks are made, changed and deleted by who looks after the course, or the site, alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models import AuditEntry, Course
from app.webhooks import endpoints
from tests.support.cast import Cast, Person
from tests.support.forms import forms, press

NEW = {"url": "https://lms.example.edu/hook", "title": "The LMS"}


def made(by: Person, course: Course, **other: object) -> dict[str, Any]:
    answer = by.api.post(f"/courses/{course.id}/webhooks", json=NEW | other)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1/webhooks/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def test_by_page_one_is_made_changed_and_deleted(course: Course, instructor: Person) -> None:
    web, at = instructor.web, f"/courses/{course.id}/webhooks"
    assert "Nobody is told yet" in web.get(at).text
    here = press(web, at, at, **NEW).headers["location"]
    assert "The LMS" in web.get(at).text
    assert "Nothing was sent yet" in web.get(here).text
    assert press(web, here, here, title="Another", enabled="").headers["location"] == here
    assert "disabled" in web.get(at).text
    assert press(web, here, f"{here}/delete").headers["location"] == at
    assert web.get(here).status_code == 404


def test_what_is_typed_wrongly_is_said_and_stays(course: Course, instructor: Person) -> None:
    at = f"/courses/{course.id}/webhooks"
    typed = {"url": "https://127.0.0.2:22/", "title": "The LMS", "events": "grade.changed"}
    answer = instructor.web.post(at, data=typed)
    assert answer.status_code == 422
    assert "Port 22" in answer.text
    assert 'value="https://127.0.0.2:22/"' in answer.text
    nothing = instructor.web.post(at, data={"url": NEW["url"], "title": "The LMS"})
    assert "Choose at least one" in nothing.text
    for sent in ({"events": ["nothing.known"]}, {"title": " "}, {"url": "nowhere"}):
        answer = instructor.api.post(f"/courses/{course.id}/webhooks", json=NEW | sent)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == list(sent)


def test_a_change_by_api_names_what_it_was_made_for(course: Course, instructor: Person) -> None:
    here = f"/webhooks/{made(instructor, course)['id']}"
    read = {"If-Match": instructor.api.get(here).headers["etag"]}
    assert instructor.api.patch(here, json={"title": "A"}).status_code == 428
    changed = instructor.api.patch(here, json={"title": "A"}, headers=read)
    assert changed.json()["title"] == "A"
    assert instructor.api.patch(here, json={"title": "B"}, headers=read).status_code == 412
    assert instructor.api.delete(here).status_code == 204
    assert instructor.api.get(here).status_code == 404


def test_a_course_has_ten_at_most(course: Course, instructor: Person) -> None:
    for _ in range(endpoints.MOST):
        made(instructor, course)
    answer = instructor.api.post(f"/courses/{course.id}/webhooks", json=NEW)
    assert (answer.status_code, "10 webhooks" in answer.json()["detail"]) == (409, True)
    page = instructor.web.get(f"/courses/{course.id}/webhooks").text
    assert "which is the most" in page


def test_nobody_else_sees_or_changes_one(
    course: Course,
    student: Person,
    tutor: Person,
    assistant: Person,
    instructor: Person,
    outsider: Person,
    admin: Person,
) -> None:
    here = f"/webhooks/{made(instructor, course)['id']}"
    for person, status in ((student, 403), (tutor, 403), (assistant, 403), (outsider, 404)):
        for path in (here, f"{here}/secret", f"{here}/deliveries"):
            assert person.api.get(path).status_code == status
        assert person.web.get(here).status_code == status
        assert person.api.delete(here).status_code == status
    assert admin.api.get(here).status_code == 200


@pytest.mark.parametrize("scopes", [("courses:write",), ("webhooks:write",), ("gradebook:read",)])
def test_a_token_needs_both_scopes(
    course: Course, instructor: Person, scopes: tuple[str, ...]
) -> None:
    here = f"/webhooks/{made(instructor, course)['id']}"
    assert instructor.api_with(*scopes).get(here).status_code == 403


def test_a_token_of_another_course_reaches_none(
    cast: Cast, course: Course, instructor: Person, admin: Person
) -> None:
    here = f"/webhooks/{made(instructor, course)['id']}"
    scopes = ("courses:write", "webhooks:write")
    bound = admin.api_with(*scopes, course_id=cast.course().id)
    assert bound.get(here).status_code == 404
    assert bound.get("/webhooks").status_code == 403
    assert instructor.api_with(*scopes, course_id=course.id).get(here).status_code == 200


def test_those_of_the_site_are_for_administrators(admin: Person, instructor: Person) -> None:
    assert instructor.api.post("/webhooks", json=NEW).status_code == 403
    answer = admin.api.post("/webhooks", json=NEW)
    assert (answer.status_code, answer.json()["course_id"]) == (201, None)
    here = f"/webhooks/{answer.json()['id']}"
    assert here in admin.web.get("/accounts/webhooks").text
    assert instructor.api.get(here).status_code == 403
    assert press(admin.web, here, f"{here}/delete").headers["location"] == "/accounts/webhooks"


def test_a_secret_is_shown_to_who_looks_after_it_and_is_in_no_answer_that_is_kept(
    db: Session, course: Course, instructor: Person
) -> None:
    new = made(instructor, course)
    here = f"/webhooks/{new['id']}"
    answer = instructor.api.get(f"{here}/secret")
    secret = answer.json()["secret"]
    assert answer.headers["cache-control"] == "no-store"
    assert secret in instructor.web.get(here).text
    assert instructor.web.get(here).headers["cache-control"] == "no-store"
    rotated = instructor.api.post(f"{here}/rotations", json={"at_once": True})
    assert "whsec_" not in rotated.text + str(new)
    assert instructor.api.get(f"{here}/secret").json()["secret"] != secret


def test_the_log_has_no_part_of_an_address_that_may_be_secret(
    db: Session, course: Course, instructor: Person
) -> None:
    made(instructor, course, url="https://lms.example.edu/hook?key=of-nobody")
    entry = db.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert entry.after is not None
    assert entry.after["to"] == "https://lms.example.edu"


def test_that_another_path_was_given_is_logged_without_it(
    db: Session, course: Course, instructor: Person
) -> None:
    hook = made(instructor, course, url="https://lms.example.edu/of-nobody")
    here = f"/webhooks/{hook['id']}"
    match = {"If-Match": instructor.api.get(here).headers["etag"]}
    sent = {"url": "https://lms.example.edu/of-nobody-else"}
    assert instructor.api.patch(here, json=sent, headers=match).status_code == 200
    entry = db.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.action, entry.after) == ("webhook changed", {"address": "another one"})


def test_in_an_archived_course_one_is_seen_and_ended_and_nothing_else(
    course: Course, instructor: Person, assistant: Person
) -> None:
    here = f"/webhooks/{made(instructor, course)['id']}"
    all_of_course = f"/courses/{course.id}/webhooks"
    settings = f"/courses/{course.id}/settings"
    press(instructor.web, settings, f"/courses/{course.id}/archive")
    api = instructor.api_with("courses:write", "webhooks:write")

    def changed(**sent: object) -> int:
        match = {"If-Match": api.get(here).headers["etag"]}
        return api.patch(here, json=sent, headers=match).status_code

    offered = {action for _, action, _ in forms(instructor.web, here)}
    assert {here, f"{here}/rotate", f"{here}/delete"} <= offered
    assert f"{here}/test" not in offered
    assert all_of_course not in {action for _, action, _ in forms(instructor.web, all_of_course)}
    assert api.get(f"{here}/deliveries").status_code == 200
    assert changed(title="Another") == changed(title="Another", enabled=False) == 409
    assert api.post(f"{here}/tests").status_code == 409
    assert api.post(f"{here}/replays", json={"since": "2026-01-01T00:00:00Z"}).status_code == 409
    assert api.post(all_of_course, json=NEW).status_code == 409
    assert api.post(f"{here}/rotations", json={"at_once": True}).status_code == 200
    assert changed(enabled=False) == 200
    assert changed(enabled=True) == 409
    assert assistant.api_with("courses:write", "webhooks:write").delete(here).status_code == 403
    assert api.delete(here).status_code == 204
