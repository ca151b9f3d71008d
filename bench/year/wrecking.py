"""Owns what dies while the year goes on: the web server, the worker and Redis, in turn."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx

from tests.support.processes.stack import Stack
from tests.support.processes.wrecking import WRECKS
from tests.support.waiting import wait_for

PARTS = ("the web server", "the whole worker", "Redis, with its data")
_PAUSE_S = (1.0, 3.0)


@contextmanager
def wrecked(stack: Stack, seed: int, kills: int) -> Iterator[Counter[str]]:
    """Kill one part after the other, each once all are back, so many in all; by part, how many."""
    killed: Counter[str] = Counter()
    parts = itertools.islice(itertools.cycle(PARTS), kills)
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        wrecker = pool.submit(_wreck, stack, random.Random(seed), parts, killed, ended)
        try:
            yield killed
        finally:
            ended.set()
        wrecker.result()
    wait_for(lambda: _is_whole(stack), "all parts to be back", seconds=180)


def _wreck(
    stack: Stack,
    dice: random.Random,
    parts: Iterator[str],
    killed: Counter[str],
    ended: threading.Event,
) -> None:
    for part in parts:
        if ended.wait(dice.uniform(*_PAUSE_S)):
            return
        WRECKS[part](stack, dice)
        killed[part] += 1
        wait_for(lambda: _is_whole(stack), f"{part} to be back", seconds=180)


def _is_whole(stack: Stack) -> bool:
    """Whether the service says that it is ready, with nothing away."""
    with suppress(httpx.TransportError):
        answer = httpx.get(f"{stack.url}/readyz", trust_env=False, timeout=10)
        return bool(answer.json()["status"] == "ready")
    return False
