"""The stream of a submission's standing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event

from app.grading import status, submissions
from app.grading.uploads import Upload
from app.identity import authentication
from app.identity.authentication import Actor
from app.infrastructure import database, pubsub
from app.infrastructure.clock import now
from app.models import Assignment, Status
from app.scheduling import leases
from app.settings import settings
from tests.api.handing_in.test_handing_in import graded, hand_in
from tests.support.cast import Person
from tests.support.processes.server import nobody, served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

ORDER = ["queued", "running", "graded"]


def events(api: httpx.Client, submission_id: str) -> Iterator[dict[str, Any]]:
    with api.stream("GET", f"/submissions/{submission_id}/events", timeout=60) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def held_by_nobody(person: Person, assignment: Assignment) -> tuple[uuid.UUID, uuid.UUID]:
    """A submission that runs, for all that anybody knows, and its lease."""
    lease = uuid.uuid4()
    with database.session() as session:
        made = submissions.accept(
            session, Actor(person.user), assignment.id, Upload("a.py", b"x = 1\n")
        )
        made.status, made.lease, made.claims = Status.RUNNING, lease, settings().max_claims
        made.leased_until = now() + timedelta(minutes=5)
        session.commit()
        return made.id, lease


def test_the_stream_follows_a_submission_to_its_score_and_ends(
    student: Person, assignment: Assignment
) -> None:
    receipt = hand_in(student, assignment)
    told = list(events(student.api, receipt.json()["id"]))
    places = [ORDER.index(event["status"]) for event in told]
    assert places == sorted(places)
    assert told[-1]["status"] == "graded"
    assert (told[-1]["score"], told[-1]["max_score"]) == (10, 70)
    assert told[-1].keys() >= {"id", "position", "submitted_at", "graded_at"}


def test_whoever_comes_late_hears_the_score_at_once(
    student: Person, assignment: Assignment
) -> None:
    receipt = hand_in(student, assignment)
    graded(student, receipt)
    (only,) = events(student.api, receipt.json()["id"])
    assert only["status"] == "graded"


def test_a_look_is_one_question_that_reads_neither_file_nor_results(
    student: Person, assignment: Assignment
) -> None:
    held, _ = held_by_nobody(student, assignment)
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        with database.session() as session:
            found = status.look(session, Actor(student.user), held)
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
    assert (found.status, found.max_score, found.position) == (Status.RUNNING, 70, 0)
    (question,) = asked
    assert "exercise_results" not in question
    assert "source" not in question


def test_news_is_heard_without_redis_too(
    student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    receipt = hand_in(student, assignment)
    with (
        served(tmp_path, CHAINRULE_REDIS_URL=f"redis://{nobody()}/0") as server,
        server.api(student.token("submissions:read")) as api,
    ):
        assert list(events(api, receipt.json()["id"]))[-1]["status"] == "graded"


def test_open_streams_hold_no_connection_to_the_database(
    student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    held, lease = held_by_nobody(student, assignment)
    with (
        served(tmp_path, CHAINRULE_STREAMS_PER_PERSON="40") as server,
        server.api(student.token("courses:read", "submissions:read")) as api,
    ):
        streams = [events(api, str(held)) for _ in range(40)]  # the pool has 30 connections
        assert {next(stream)["status"] for stream in streams} == {"running"}
        assert api.get("/courses").status_code == 200
        with database.session() as session:
            assert leases.return_after_fault(session, held, lease, "for a test") is Status.FAILED
            session.commit()
        pubsub.publish(held)
        assert {next(stream)["status"] for stream in streams} == {"failed"}
        for stream in streams:
            assert list(stream) == []


def test_a_stream_ends_once_its_token_is_revoked(student: Person, assignment: Assignment) -> None:
    held, _ = held_by_nobody(student, assignment)
    api = student.api_with("submissions:read")
    stream = events(api, str(held))
    assert next(stream)["status"] == "running"
    with database.session() as session:
        (token,) = authentication.tokens_of(session, student.user)
        authentication.revoke_token(session, student.user, token.id)
        session.commit()

    def is_over() -> bool:
        pubsub.publish(held)  # a token that was good a moment ago is not asked for at each news
        return ended.done()

    with ThreadPoolExecutor(1) as listeners:
        ended = listeners.submit(list, stream)
        try:
            wait_for(is_over, "the end of the stream", seconds=30)
        finally:
            api.close()  # or whoever still listens would be waited for
    assert ended.result() == []
