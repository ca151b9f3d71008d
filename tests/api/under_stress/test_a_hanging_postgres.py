"""Postgres that answers nothing, but is there: every socket takes what is sent, and is silent."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.http.dependencies import cookie_name
from app.identity import authentication
from app.infrastructure import database
from tests.support.cast import Person
from tests.support.processes.server import served
from tests.support.processes.stack import Stack, descendants


@contextmanager
def hanging(stack: Stack) -> Iterator[None]:
    """Postgres with all its processes stopped."""
    first = stack.pids()["postgres"]
    pids = [first, *descendants(first)]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_who_asks_is_told_in_time_and_watchers_are_answered_meanwhile(
    student: Person, stack: Stack, tmp_path: Path
) -> None:
    with database.session() as session:  # of one sign-in, a few reads run at a time
        secrets = [authentication.sign_in(session, student.user) for _ in range(20)]
        session.commit()
    with served(tmp_path) as server, ThreadPoolExecutor(60) as pool:

        def page(each: int = 0) -> httpx.Response:
            cookie = {cookie_name(): secrets[each % len(secrets)]}
            return httpx.get(server.url, cookies=cookie, timeout=60, trust_env=False, verify=False)

        assert page().status_code == 200
        with hanging(stack):
            pages = [pool.submit(page, each) for each in range(60)]  # more than it has threads
            assert server.get("/healthz").json() == {"status": "ok"}
            readiness = server.get("/readyz")
            assert (readiness.status_code, readiness.json()["postgres"]) == (503, "away")
            assert not all(each.done() for each in pages)  # nobody waited for them
            answers = [each.result() for each in pages]
        assert {answer.status_code for answer in answers} == {503}
        assert all("nothing is lost" in answer.text for answer in answers)
        assert page().status_code == 200
