"""One's own account: password and API tokens."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from app.identity import authentication
from app.infrastructure import database
from app.models import Course, Role, User
from app.teaching import courses
from tests.support.cast import Cast, Person
from tests.support.processes.server import served
from tests.support.processes.stack import Stack

TOKEN = re.compile(r"cr_pat_[\w-]{20,}")


def use(stack: Stack, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(
        f"{stack.url}/api/v1/courses", headers=headers, trust_env=False, verify=False
    ).status_code


def test_a_token_is_shown_once_works_and_can_be_revoked(stack: Stack, student: Person) -> None:
    made = student.web.post(
        "/account/tokens", data={"name": "my laptop", "scope": ["courses:read"], "days": "30"}
    )
    token = TOKEN.search(made.text)
    assert made.status_code == 200
    assert token is not None
    assert use(stack, token[0]) == 200

    page = student.web.get("/account").text
    assert TOKEN.search(page) is None
    assert "my laptop" in page
    revoke = re.search(r'action="(/account/tokens/\d+/revoke)"', page)
    assert revoke is not None
    assert student.web.post(revoke[1]).status_code == 303
    assert use(stack, token[0]) == 401


def test_nobody_revokes_a_token_of_somebody_else(
    stack: Stack, student: Person, other_student: Person
) -> None:
    token = student.token("courses:read")
    page = student.web.get("/account").text
    revoke = re.search(r'action="(/account/tokens/\d+/revoke)"', page)
    assert revoke is not None
    assert other_student.web.post(revoke[1]).status_code == 404
    assert use(stack, token) == 200


def test_a_person_has_so_many_tokens_and_no_more(stack: Stack, student: Person) -> None:
    with database.session() as session:
        user = session.get_one(User, student.user.id)
        kept = [
            authentication.issue_token(session, user, "many", ["courses:read"])
            for _ in range(authentication.MOST_TOKENS)
        ]
        session.commit()
    form = {"name": "one more", "scope": ["courses:read"]}
    refused = student.web.post("/account/tokens", data=form)
    assert refused.status_code == 409
    assert "Revoke those that nothing uses any more" in refused.text
    assert TOKEN.search(refused.text) is None

    revoke = re.search(r'action="(/account/tokens/\d+/revoke)"', refused.text)
    assert revoke is not None
    assert student.web.post(revoke[1]).status_code == 303
    made = TOKEN.search(student.web.post("/account/tokens", data=form).text)
    assert made is not None
    assert [use(stack, token) for token in (made[0], kept[0])] == [200, 200]


def test_a_token_without_a_scope_is_asked_for_again(student: Person) -> None:
    answer = student.web.post("/account/tokens", data={"name": "my laptop"})
    assert answer.status_code == 422
    assert 'value="my laptop"' in answer.text
    assert "Tick at least one" in answer.text


@pytest.mark.parametrize("days", ["-1", "0", "99999", "3651", "abc", "1.5", "²", "9" * 5000])
def test_a_life_that_cannot_be_makes_no_token_and_says_so(student: Person, days: str) -> None:
    form = {"name": "my laptop", "scope": ["courses:read"], "days": days}
    answer = student.web.post("/account/tokens", data=form)
    assert answer.status_code == 422
    assert re.search("is not a number of days|can work for 1 to 3650 days", answer.text)
    assert "Revoke" not in student.web.get("/account").text


def test_a_token_for_one_course_reaches_no_other(
    stack: Stack, cast: Cast, instructor: Person, course: Course
) -> None:
    other = cast.course("Not this one")
    with database.session() as session:
        courses.enrol(session, other, instructor.user, Role.INSTRUCTOR)
        session.commit()
    form = {"name": "LMS", "scope": ["courses:read"], "days": "30", "course": str(course.id)}
    token = TOKEN.search(instructor.web.post("/account/tokens", data=form).text)
    assert token is not None
    headers = {"Authorization": f"Bearer {token[0]}"}
    listed = httpx.get(
        f"{stack.url}/api/v1/courses", headers=headers, trust_env=False, verify=False
    ).json()
    assert [one["id"] for one in listed] == [course.id]
    assert f"only for {course.title}" in instructor.web.get("/account").text


def test_what_was_ticked_and_chosen_for_a_token_that_is_refused_is_there_still(
    instructor: Person, course: Course
) -> None:
    form = {"name": " ", "scope": ["gradebook:read"], "days": "", "course": str(course.id)}
    answer = instructor.web.post("/account/tokens", data=form)
    assert answer.status_code == 422
    assert re.findall(r'name="scope" value="(\S+)" checked', answer.text) == ["gradebook:read"]
    assert re.findall(r'<option value="(\d*)" selected', answer.text) == [str(course.id), ""]


def test_a_token_cannot_be_for_a_course_of_others(student: Person, outsider: Person) -> None:
    (theirs,) = outsider.api.get("/courses").json()
    form = {"name": "LMS", "scope": ["courses:read"], "course": str(theirs["id"])}
    answer = student.web.post("/account/tokens", data=form)
    assert answer.status_code == 422
    assert "not one of yours" in answer.text
    assert theirs["title"] not in answer.text


def test_an_administrator_names_the_course_of_a_token_and_is_shown_none_but_their_own(
    cast: Cast, admin: Person, course: Course
) -> None:
    own = cast.course("Taught by an administrator")
    with database.session() as session:
        courses.enrol(session, own, admin.user, Role.INSTRUCTOR)
        session.commit()
    page = admin.web.get("/account").text
    assert own.code in page
    assert course.code not in page
    for named in (course.code, str(course.id)):
        form = {"name": "LMS", "scope": ["courses:read"], "course": f" {named} "}
        assert TOKEN.search(admin.web.post("/account/tokens", data=form).text)
        assert f"only for {course.title}" in admin.web.get("/account").text
    form = {"name": "LMS", "scope": ["courses:read"], "course": "no-such-course"}
    answer = admin.web.post("/account/tokens", data=form)
    assert answer.status_code == 404
    assert "There is no course with the code or id" in answer.text
    assert "no-such-course" in answer.text
    assert not TOKEN.search(answer.text)


def test_a_new_password_ends_other_sign_ins_and_keeps_this_one(
    stack: Stack, student: Person
) -> None:
    elsewhere = student.cookie
    form = {"current": student.password, "password": "a longer password"}
    answer = student.web.post("/account/password", data=form)
    assert answer.status_code == 303
    assert student.web.get("/account").status_code == 200
    old = httpx.get(f"{stack.url}/account", cookies=elsewhere, trust_env=False, verify=False)
    assert old.status_code == 303
    again = {"email": student.email, "password": "a longer password"}
    assert (
        httpx.post(f"{stack.url}/sign-in", data=again, trust_env=False, verify=False).status_code
        == 303
    )


def test_the_present_password_is_asked_for(student: Person) -> None:
    form = {"current": "something else", "password": "a longer password"}
    answer = student.web.post("/account/password", data=form)
    assert answer.status_code == 422
    assert "nothing was changed" in answer.text


def test_a_short_password_is_refused(student: Person) -> None:
    form = {"current": student.password, "password": "short"}
    answer = student.web.post("/account/password", data=form)
    assert answer.status_code == 422
    assert "at least 8 characters" in answer.text


def test_who_guesses_at_the_present_password_must_wait(student: Person, tmp_path: Path) -> None:
    with served(tmp_path, CHAINRULE_SIGN_IN_LIMIT="2/hour") as server:

        def change(current: str) -> httpx.Response:
            form = {"current": current, "password": "a longer password"}
            return httpx.post(
                f"{server.url}/account/password",
                data=form,
                cookies=student.cookie,
                timeout=30,
                trust_env=False,
                verify=False,
            )

        assert [change("a guess").status_code for _ in range(2)] == [422, 422]
        refused = change(student.password)
    assert refused.status_code == 429
    assert "Too many tries have failed" in refused.text
    assert int(refused.headers["retry-after"]) > 0
