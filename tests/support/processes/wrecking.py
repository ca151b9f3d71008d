"""Owns breaking a running stack: killing each of its parts as a machine would, without a word."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.processes.stack import Stack, children, descendants
from tests.support.waiting import wait_for

Wreck = Callable[[Stack, random.Random], None]


def pool(stack: Stack) -> list[int]:
    """The processes of the worker's pool."""
    return children(stack.pids().get("worker", 0))


def cells(above: int) -> list[int]:
    """The outermost process of each cell below a process: all others of the cell die with it."""
    inside = [pid for pid in descendants(above) if _is_cell(pid)]
    below = {child for pid in inside for child in children(pid)}
    return [pid for pid in inside if pid not in below]


def kill(pid: int) -> None:
    """SIGKILL."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def unattended(stack: Stack) -> Iterator[None]:
    """Hold the supervisor still: what is dead stays dead until the end of the block."""
    os.kill(stack.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stack.process.pid, signal.SIGCONT)


def _one_of(pids: Callable[[Stack], list[int]]) -> Wreck:
    return lambda stack, dice: kill(dice.choice(wait_for(lambda: pids(stack), "a victim")))


def _service(name: str) -> Wreck:
    return lambda stack, _: kill(wait_for(lambda: stack.pids().get(name), name))


def _redis_and_its_data(stack: Stack, dice: random.Random) -> None:
    with unattended(stack):
        _service("valkey")(stack, dice)
        shutil.rmtree(stack.folder.valkey)
        stack.folder.valkey.mkdir(mode=0o700)


def _postgres_at_once(stack: Stack, _: random.Random) -> None:
    """Postgres' own "immediate" stop: nothing is written down, and the next start recovers."""
    pid = wait_for(lambda: stack.pids().get("postgres"), "postgres")
    os.kill(pid, signal.SIGQUIT)
    wait_for(lambda: stack.pids().get("postgres") != pid, "its end")


WRECKS: dict[str, Wreck] = {
    "a pool process": _one_of(pool),
    "the whole worker": _service("worker"),
    "a cell": _one_of(lambda stack: cells(stack.pids().get("worker", 0))),
    "beat": _service("beat"),
    "the web server": _service("web"),
    "Redis, with its data": _redis_and_its_data,
    "Postgres": _postgres_at_once,
}


def _is_cell(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"-m\0cell\0")
    return False
