"""Signing in and out: who gets in, where they land, and what guessing costs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.pages.identity.sign_in import inside
from tests.support.cast import Person
from tests.support.processes.server import nobody, served
from tests.support.processes.stack import Stack


def sign_in(url: str, person: Person, **changes: str) -> httpx.Response:
    form = {"email": person.email, "password": person.password} | changes
    return httpx.post(f"{url}/sign-in", data=form, timeout=30, trust_env=False, verify=False)


def test_the_right_password_opens_the_page_that_was_asked_for(
    stack: Stack, student: Person
) -> None:
    asked = httpx.get(f"{stack.url}/account?done=", trust_env=False, verify=False)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=/account%3Fdone%3D"
    answer = sign_in(stack.url, student, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_the_email_address_counts_in_any_case(stack: Stack, student: Person) -> None:
    assert sign_in(stack.url, student, email=f" {student.email.upper()} ").status_code == 303


@pytest.mark.parametrize("email", ["same", "nobody@nowhere.example"])
def test_a_wrong_password_keeps_the_address_and_does_not_say_which_was_wrong(
    stack: Stack, student: Person, email: str
) -> None:
    email = student.email if email == "same" else email
    answer = sign_in(stack.url, student, email=email, password="not this one")
    assert answer.status_code == 401
    assert f'value="{email}"' in answer.text
    assert "do not belong together" in answer.text
    assert "not this one" not in answer.text


def test_signing_out_ends_the_session_itself(student: Person) -> None:
    assert student.web.get("/account").status_code == 200
    student.web.post("/sign-out")
    student.web.cookies.update(student.cookie)
    assert student.web.get("/account").status_code == 303


def test_signing_out_everywhere_ends_all_browsers(stack: Stack, student: Person) -> None:
    elsewhere = dict(sign_in(stack.url, student).cookies)
    student.web.post("/account/sign-out-everywhere")
    answer = httpx.get(f"{stack.url}/account", cookies=elsewhere, trust_env=False, verify=False)
    assert answer.status_code == 303


def test_two_local_copies_do_not_sign_each_other_out(
    stack: Stack, student: Person, tmp_path: Path
) -> None:
    """A browser keeps cookies by host, whatever the port."""
    form = {"email": student.email, "password": student.password}
    with (
        served(tmp_path, CHAINRULE_BASE_URL="http://127.0.0.1:1") as other,
        httpx.Client(trust_env=False, verify=False, timeout=30) as browser,
    ):
        for url in (stack.url, other.url):
            assert browser.post(f"{url}/sign-in", data=form).status_code == 303
        browser.post(f"{other.url}/sign-out")
        assert browser.get(f"{stack.url}/account").status_code == 200
        assert browser.get(f"{other.url}/account").status_code == 303


@pytest.mark.parametrize("redis", ["there", "away"])
def test_who_guesses_must_wait_whether_redis_is_there_or_away(
    stack: Stack, student: Person, tmp_path: Path, redis: str
) -> None:
    settings = {"CHAINRULE_SIGN_IN_LIMIT": "3/hour"}
    if redis == "away":
        settings["CHAINRULE_REDIS_URL"] = f"redis://{nobody()}/0"
    with served(tmp_path, **settings) as server:
        guesses = [sign_in(server.url, student, password="guess").status_code for _ in range(4)]
        assert guesses == [401, 401, 401, 429]
        refused = sign_in(server.url, student)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "Too many tries have failed" in refused.text
    assert f'value="{student.email}"' in refused.text


@pytest.mark.parametrize("redis", ["there", "away"])
def test_guesses_made_at_the_same_moment_are_no_more_than_one_after_another(
    stack: Stack, student: Person, tmp_path: Path, redis: str
) -> None:
    settings = {"CHAINRULE_SIGN_IN_LIMIT": "5/hour"}
    if redis == "away":
        settings["CHAINRULE_REDIS_URL"] = f"redis://{nobody()}/0"
    with served(tmp_path, **settings) as server, ThreadPoolExecutor(24) as many:
        guesses = [many.submit(sign_in, server.url, student, password="guess") for _ in range(24)]
        answers = sorted(guess.result().status_code for guess in guesses)
    assert answers == [401] * 5 + [429] * 19


def test_signing_in_costs_none_of_the_guesses_that_are_allowed(
    stack: Stack, student: Person, tmp_path: Path
) -> None:
    with served(tmp_path, CHAINRULE_SIGN_IN_LIMIT="1/hour") as server:
        often = 7  # an account has five guesses from all addresses together
        assert [sign_in(server.url, student).status_code for _ in range(often)] == [303] * often
        guesses = [sign_in(server.url, student, password="guess").status_code for _ in range(2)]
    assert guesses == [401, 429]


def test_one_who_guesses_shuts_out_neither_a_class_nor_the_account_elsewhere(
    stack: Stack, student: Person, other_student: Person, tmp_path: Path
) -> None:
    with served(tmp_path, CHAINRULE_SIGN_IN_LIMIT="2/hour") as server:
        guesses = [sign_in(server.url, student, password="guess").status_code for _ in range(3)]
        assert guesses == [401, 401, 429]
        assert sign_in(server.url, other_student).status_code == 303
        with httpx.Client(
            transport=httpx.HTTPTransport(verify=False, local_address="127.0.0.2")
        ) as elsewhere:
            form = {"email": student.email, "password": student.password}
            assert elsewhere.post(f"{server.url}/sign-in", data=form).status_code == 303


def test_an_account_that_is_tried_from_everywhere_is_shut_for_a_while(
    stack: Stack, student: Person, tmp_path: Path
) -> None:
    def guess(place: int) -> int:
        transport = httpx.HTTPTransport(verify=False, local_address=f"127.0.0.{place}")
        with httpx.Client(transport=transport, timeout=30) as client:
            return sign_in_with(client, server.url, student.email, "guess")

    with served(tmp_path, CHAINRULE_SIGN_IN_LIMIT="1/hour") as server:
        assert [guess(place) for place in range(11, 17)] == [401] * 5 + [429]


def sign_in_with(client: httpx.Client, url: str, email: str, password: str) -> int:
    form = {"email": email, "password": password}
    return client.post(f"{url}/sign-in", data=form).status_code


def test_a_next_or_origin_that_is_no_address_breaks_nothing(stack: Stack, student: Person) -> None:
    assert (
        httpx.get(f"{stack.url}/sign-in?next=//[", trust_env=False, verify=False).status_code == 200
    )
    assert sign_in(stack.url, student, next="//[").headers["location"] == "/"
    answer = student.web.post("/sign-out", headers={"Origin": "http://["})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/\t/evil.example",
        "/sign-in?next=/sign-in",
        "\n/x",
        "//[",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(target: str) -> None:
    assert inside(target) == "/"


@pytest.mark.parametrize("target", ["/", "/courses/3/gradebook?sort=-total", "/submissions/x#L3"])
def test_places_of_this_site_are_returned_to(target: str) -> None:
    assert inside(target) == target
