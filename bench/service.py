"""Owns what is measured from outside: the running service, over REST."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bench import FULL, SOLUTION
from tests.support.processes.stack import Stack

_CLIENTS = 8


@dataclass(frozen=True)
class Graded:
    """One submission's way, in seconds: by the client's clock, and by the service's own times."""

    wall: float
    submitted: datetime
    done: datetime
    phases_ms: dict[str, float]

    @property
    def inside(self) -> float:
        return (self.done - self.submitted).total_seconds()


class Service:
    """A client of the demo's student."""

    def __init__(self, stack: Stack) -> None:
        self._uploads = f"/assignments/{stack.demo.assignment_id}/submissions"
        self._client = httpx.Client(
            base_url=stack.url + "/api/v1",
            headers={"Authorization": f"Bearer {stack.demo.tokens['student']}"},
            timeout=60,
            trust_env=False,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def upload(self) -> str:
        """Hand the solution in; its id."""
        answer = self._client.post(
            self._uploads, files={"file": ("solution.py", SOLUTION.read_bytes())}
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def one(self) -> Graded:
        """Upload, and listen until it is graded."""
        began = time.perf_counter()
        number = self.upload()
        self._listen(number)
        return self._graded(number, time.perf_counter() - began)

    def burst(self, count: int) -> list[Graded]:
        """Upload `count` as fast as they are taken, and wait until all are graded."""
        began = time.perf_counter()
        with ThreadPoolExecutor(_CLIENTS) as clients:
            numbers = list(clients.map(lambda _: self.upload(), range(count)))
        assert len(set(numbers)) == count
        for number in reversed(numbers):
            self._listen(number)
        wall = time.perf_counter() - began
        return [self._graded(number, wall) for number in numbers]

    def _listen(self, number: str) -> None:
        """Until it is graded. Asking again and again would take the time that is measured."""
        with self._client.stream("GET", f"/submissions/{number}/events") as events:
            for line in events.iter_lines():
                if line.startswith("data:") and _settled(json.loads(line[5:])):
                    return
        raise AssertionError(f"{number} was not graded while its events could be heard")

    def _look(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self._client.get(f"/submissions/{number}").json()
        return found

    def _graded(self, number: str, wall: float) -> Graded:
        found = self._look(number)
        assert found["status"] == "graded", found["failure"]
        assert found["score"] == FULL, (found["score"], found["notes"])
        return Graded(
            wall,
            datetime.fromisoformat(found["submitted_at"]),
            datetime.fromisoformat(found["graded_at"]),
            found.get("timings_ms") or {},
        )


def _settled(standing: dict[str, Any]) -> bool:
    return standing["status"] in ("graded", "failed")
