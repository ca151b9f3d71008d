"""Owns the students: they hand in at a steady pace, and again until they have a receipt."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from bench.chaos.files import FILES, draw
from tests.support.processes.stack import Stack

_CLIENTS = 16
_PAUSE_S = 0.1
_LOOKING_S = 0.2


@dataclass(frozen=True)
class Receipt:
    """One accepted upload: the submission's id, which file it was, when it was accepted."""

    id: str
    file: str
    at: float


class Students:
    """Two students who hand in `pace` files a second until they are stopped.

    They hold back while `most` files are on their way or open, of which `open_files` tells the
    number: a machine that grades slower than they hand in would never be done.
    """

    def __init__(
        self, stack: Stack, pace: float, seed: int, most: int, open_files: Callable[[], int]
    ) -> None:
        self.receipts: list[Receipt] = []
        self.refused = 0
        self._stack = stack
        self._dice = random.Random(seed)
        self._pace = pace
        self._most = most
        self._open_files = open_files
        self._stopped = threading.Event()
        self._path = f"/api/v1/assignments/{stack.demo.assignment_id}/submissions"
        self._pool = ThreadPoolExecutor(_CLIENTS)
        self._uploads: list[Future[None]] = []
        self._pacing = threading.Thread(target=self._keep_pace)

    def start(self) -> None:
        """Begin to hand in."""
        self._pacing.start()

    def finish(self) -> None:
        """Stop, and wait until each file has its receipt; raises what went wrong in a client."""
        self._stopped.set()
        self._pacing.join()
        self._pool.shutdown()
        for upload in self._uploads:
            upload.result()

    def _keep_pace(self) -> None:
        tokens = [self._stack.demo.tokens[name] for name in ("student", "student2")]
        for number in itertools.count():
            file = draw(self._dice)
            self._uploads.append(self._pool.submit(self._hand_in, number, file, tokens[number % 2]))
            following = time.monotonic() + 1 / self._pace
            while not self._stopped.is_set() and self._in_hand() >= self._most:
                self._stopped.wait(_LOOKING_S)
            if self._stopped.wait(max(0.0, following - time.monotonic())):
                return

    def _in_hand(self) -> int:
        return sum(not upload.done() for upload in self._uploads) + self._open_files()

    def _hand_in(self, number: int, file: str, token: str) -> None:
        """Try until it is accepted. The key makes a second try of a stored file no second file."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"chaos-{number}"}
        with httpx.Client(base_url=self._stack.url, timeout=10, trust_env=False) as client:
            while True:
                try:
                    reply = client.post(
                        self._path, headers=headers, files={"file": ("work.py", FILES[file])}
                    )
                except httpx.TransportError:
                    self.refused += 1
                else:
                    if reply.status_code == 202:
                        self.receipts.append(Receipt(reply.json()["id"], file, time.time()))
                        return
                    assert reply.status_code >= 500, reply.text
                    self.refused += 1
                time.sleep(_PAUSE_S)
