"""Whatever is killed, a submission is graded once: its row brings it back, not its message."""

from __future__ import annotations

import os
import random
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest
import redis
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.infrastructure import database
from app.models import Assignment, Status, Submission
from bench.chaos import ordeal
from tests.support.cast import Person
from tests.support.cells import HONEST
from tests.support.processes.stack import Stack
from tests.support.processes.wrecking import WRECKS, cells, pool, unattended
from tests.support.waiting import wait_for
from tests.worker.handing_in import look, result_rows

SLOW = (
    HONEST
    + b"""
from time import sleep
sleep(1.5)
"""
)
DEADLINE_S = 120.0
pytestmark = [pytest.mark.timeout(5 * DEADLINE_S), pytest.mark.long]
PARTS = {"web", "worker", "beat", "postgres", "valkey"}
HandIn = Callable[[bytes], uuid.UUID]


def uploading(person: Person, assignment: Assignment) -> HandIn:
    def upload(source: bytes) -> uuid.UUID:
        path = f"/assignments/{assignment.id}/submissions"
        reply = person.api.post(path, files={"file": ("work.py", source)})
        assert reply.status_code == 202, reply.text
        return uuid.UUID(reply.json()["id"])

    return upload


@pytest.fixture
def hand_in(student: Person, assignment: Assignment) -> HandIn:
    """Uploads a file as the student; returns its receipt."""
    return uploading(student, assignment)


@pytest.fixture
def hand_in_too(other_student: Person, assignment: Assignment) -> HandIn:
    """The same as the other student: nobody's files have all workers at once."""
    return uploading(other_student, assignment)


@pytest.fixture(autouse=True)
def whole(stack: Stack) -> Iterator[None]:
    """Each test finds and leaves the stack in one piece."""
    yield
    wait_for(
        lambda: set(stack.pids()) >= PARTS and len(pool(stack)) >= 2,
        "all parts",
        seconds=DEADLINE_S,
    )
    wait_for(lambda: _answers(stack.url), "the web server", seconds=DEADLINE_S)


def _answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, trust_env=False).status_code < 500
    return False


def _database_answers() -> bool:
    with suppress(OperationalError), database.session() as session:
        return session.scalar(select(1)) == 1
    return False


def running(submission_id: uuid.UUID) -> Submission:
    """The row, once a worker has it."""
    return wait_for(
        lambda: (found := look(submission_id)).status is Status.RUNNING and found, "running"
    )


def both_running(*uploads: HandIn) -> list[uuid.UUID]:
    """Receipts of slow files that all run at once; while cells still warm up, of other ones."""
    receipts: list[uuid.UUID] = []

    def at_once() -> bool:
        if all(look(receipt).is_settled for receipt in receipts):
            receipts[:] = [upload(SLOW) for upload in uploads]
        return all(look(receipt).status is Status.RUNNING for receipt in receipts)

    wait_for(at_once, "all to run", seconds=DEADLINE_S)
    return receipts


def graded(submission_id: uuid.UUID) -> Submission:
    """The row, once it is graded as it should be."""
    found = wait_for(
        lambda: (now := look(submission_id)).is_settled and now, "graded", seconds=DEADLINE_S
    )
    assert (found.status, found.score) == (Status.GRADED, 70.0), found.failure
    assert result_rows(submission_id) == 7
    return found


@pytest.mark.parametrize("victim", ["a pool process", "the whole worker"])
def test_a_submission_whose_worker_is_killed_is_graded_by_another(
    stack: Stack, hand_in: HandIn, hand_in_too: HandIn, victim: str
) -> None:
    receipts = both_running(hand_in, hand_in_too)
    WRECKS[victim](stack, random.Random(1))
    claims = [graded(receipt).claims for receipt in receipts]
    assert max(claims) == 2, claims


def test_a_cell_killed_in_the_midst_of_a_run_costs_nobody_anything(
    stack: Stack, hand_in: HandIn
) -> None:
    receipt = hand_in(SLOW)
    running(receipt)
    for pid in cells(stack.pids()["worker"]):
        os.kill(pid, signal.SIGKILL)
    assert graded(receipt).claims == 1


def test_an_upload_while_redis_is_down_is_accepted_and_graded_when_it_is_back(
    stack: Stack, hand_in: HandIn
) -> None:
    with unattended(stack):
        os.kill(stack.pids()["valkey"], signal.SIGKILL)
        receipt = hand_in(HONEST)
        assert look(receipt).status is Status.QUEUED
    graded(receipt)


def test_workers_that_end_their_work_while_redis_is_down_take_more_when_it_is_back(
    stack: Stack, hand_in: HandIn, hand_in_too: HandIn
) -> None:
    receipts = both_running(hand_in, hand_in_too)
    with redis.Redis.from_url(stack.environment["CHAINRULE_REDIS_URL"]) as server:
        wait_for(lambda: not server.info("clients")["blocked_clients"], "none to ask for more")
    with unattended(stack):
        os.kill(stack.pids()["valkey"], signal.SIGKILL)
        for receipt in receipts:
            graded(receipt)
    graded(hand_in(HONEST))


def test_redis_may_lose_its_data_with_work_waiting(stack: Stack, hand_in: HandIn) -> None:
    receipts = [hand_in(SLOW), hand_in(SLOW), *(hand_in(HONEST) for _ in range(4))]
    running(receipts[0])
    WRECKS["Redis, with its data"](stack, random.Random(1))
    for receipt in receipts:
        graded(receipt)


def test_a_restart_of_postgres_loses_nothing(stack: Stack, hand_in: HandIn) -> None:
    receipts = [hand_in(SLOW), hand_in(HONEST)]
    running(receipts[0])
    WRECKS["Postgres"](stack, random.Random(1))
    wait_for(_database_answers, "Postgres is back")
    for receipt in receipts:
        graded(receipt)


def test_sigterm_finishes_what_is_being_graded(stack: Stack, hand_in: HandIn) -> None:
    receipt = hand_in(SLOW)
    running(receipt)
    os.kill(stack.pids()["worker"], signal.SIGTERM)
    assert graded(receipt).claims == 1


def test_sigquit_returns_what_is_being_graded(stack: Stack, hand_in: HandIn) -> None:
    receipt = hand_in(SLOW)
    running(receipt)
    worker = stack.pids()["worker"]
    os.kill(worker, signal.SIGQUIT)
    assert graded(receipt).claims == 2
    assert str(receipt) in stack.log("worker")


def test_a_pool_process_told_to_end_returns_what_it_holds(stack: Stack, hand_in: HandIn) -> None:
    receipt = hand_in(SLOW)
    running(receipt)
    for pid in pool(stack):
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: look(receipt).status is Status.QUEUED, "given back")
    assert graded(receipt).claims == 2


def test_with_every_part_killed_in_turn_each_accepted_file_is_graded_once(stack: Stack) -> None:
    assert ordeal.run(stack, seed=1, submissions=7, pace=0.5, most=3) == []
