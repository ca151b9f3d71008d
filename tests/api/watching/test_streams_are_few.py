"""Nobody has more than a few event streams open; whoever is refused one can ask again and again."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest
import redis

from app.infrastructure import database, pubsub
from app.models import Assignment, Status, Submission
from app.settings import settings
from tests.api.watching.test_live_events import held_by_nobody
from tests.support.cast import Person
from tests.support.processes.server import Server, served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def server(stack: Stack, tmp_path: Path) -> Iterator[Server]:
    few = {"CHAINRULE_STREAMS_PER_PERSON": "2", "CHAINRULE_STREAMS": "3"}
    with served(tmp_path, **few) as running:
        yield running


@contextmanager
def clients(server: Server, person: Person) -> Iterator[dict[str, httpx.Client]]:
    """The two addresses to a submission's events, by what stands before its path."""
    token = person.token("courses:read", "submissions:read", "submissions:write")
    with (
        server.api(token) as api,
        httpx.Client(
            base_url=server.url, cookies=person.cookie, trust_env=False, verify=False
        ) as web,
    ):
        yield {"api": api, "web": web}


def fail(submission_id: uuid.UUID) -> None:
    """Settle it, without a word to anybody."""
    with database.session() as session:
        session.get_one(Submission, submission_id).status = Status.FAILED
        session.commit()


def opened(stack: ExitStack, client: httpx.Client, submission: object) -> httpx.Response:
    """A stream that has begun, or its refusal."""
    answer = stack.enter_context(client.stream("GET", f"/submissions/{submission}/events"))
    if answer.status_code == 200:
        heard = answer.iter_raw()
        next(heard)
        stack.callback(cast("Generator[bytes]", heard).close)  # a stream without a reader is closed
    return answer


@pytest.mark.parametrize("door", ["api", "web"])
def test_one_stream_too_many_of_a_person_is_refused_and_a_closed_one_makes_room(
    server: Server, student: Person, assignment: Assignment, door: str
) -> None:
    held, _ = held_by_nobody(student, assignment)
    with clients(server, student) as doors, ExitStack() as rest:
        with ExitStack() as two:
            answers = [opened(two, doors[one], held) for one in ("api", "web")]
            assert [answer.status_code for answer in answers] == [200, 200]
            refusal = opened(two, doors[door], held)
            assert refusal.status_code == 429
            assert int(refusal.headers["retry-after"]) > 0
            assert "2 streams of yours are open" in refusal.read().decode()
            kind = {"api": "application/problem+json", "web": "text/html; charset=utf-8"}
            assert refusal.headers["content-type"] == kind[door]
            assert doors["api"].get(f"/submissions/{held}").status_code == 200
            assert doors["web"].get(f"/submissions/{held}").status_code == 200
        wait_for(lambda: opened(rest, doors[door], held).status_code == 200, "room for another")


def test_a_process_keeps_only_so_many_for_all(
    server: Server, student: Person, other_student: Person, assignment: Assignment
) -> None:
    people = [student, student, other_student, other_student]
    held = {person: held_by_nobody(person, assignment)[0] for person in people[1:3]}
    with ExitStack() as stack:
        doors = {person: stack.enter_context(clients(server, person)) for person in held}
        answers = [opened(stack, doors[one]["api"], held[one]) for one in people]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert "No more streams" in answers[3].read().decode()


def test_all_streams_of_a_process_share_one_subscription(
    student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    held, _ = held_by_nobody(student, assignment)
    valkey = redis.Redis.from_url(settings().redis_url.get_secret_value())
    with valkey, served(tmp_path) as server, clients(server, student) as doors, ExitStack() as two:
        before = len(valkey.client_list(_type="pubsub"))
        for _ in range(3):
            assert opened(two, doors["api"], held).status_code == 200
            assert opened(two, doors["web"], held).status_code == 200
        assert len(valkey.client_list(_type="pubsub")) == before + 1


def test_streams_go_on_when_valkey_has_cut_their_subscription(
    student: Person, assignment: Assignment, stack: Stack
) -> None:
    held, _ = held_by_nobody(student, assignment)
    valkey = redis.Redis.from_url(settings().redis_url.get_secret_value())
    with valkey, student.api.stream("GET", f"/submissions/{held}/events") as answer:
        told = answer.iter_lines()
        assert "running" in next(line for line in told if line.startswith("data"))
        valkey.client_kill_filter(_type="pubsub")
        fail(held)
        pubsub.publish(held)
        assert "failed" in next(line for line in told if line.startswith("data"))


def test_a_page_that_is_refused_its_stream_asks_by_itself(
    server: Server, browser: Browser, student: Person, assignment: Assignment
) -> None:
    held, _ = held_by_nobody(student, assignment)
    with clients(server, student) as doors, ExitStack() as two:
        for _ in range(2):
            assert opened(two, doors["api"], held).status_code == 200
        context = browser.new_context(base_url=server.url)
        context.add_cookies(
            [{"name": n, "value": v, "url": server.url} for n, v in student.cookie.items()]
        )
        page = context.new_page()
        with page.expect_response("**/events") as refused:
            page.goto(f"/submissions/{held}")
        assert refused.value.status == 429
        fail(held)
        page.wait_for_selector(".result[data-settled=yes]")
        context.close()
