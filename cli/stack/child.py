"""What each Python process of a local stack does: import, wait for the gate, serve.

It runs in what `loader` has forked, with what all of them share imported. What one of them imports
for itself, above all torch, takes long, and is imported while Postgres starts. The gate is the
reading end of a pipe that the supervisor closes when the servers are up and the tables in shape.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cli import servers
from cli.stack import kernel
from cli.stack.service import READY_FD, WORD_BYTES

GATE_FD = "CHAINRULE_GATE_FD"
LISTEN_FD = "CHAINRULE_LISTEN_FD"
_CHECK_S = 0.1
Serve = Callable[[], None]


def say_ready(word: str = "ready") -> None:
    """Tell the supervisor, once, that this process does its work now; `word` is for its person."""
    descriptor = os.environ.pop(READY_FD, "")
    if descriptor:
        with suppress(BrokenPipeError):  # it has heard it from another process of ours
            os.write(int(descriptor), word.encode()[: WORD_BYTES - 1] + b"\0")
        os.close(int(descriptor))


def _gate_is_open(within_s: float = 0.0) -> bool:
    """Whether it is, or comes to be within this time; it stays so."""
    descriptor = os.environ.get(GATE_FD)
    if descriptor is None:
        return True
    if not select.select([int(descriptor)], [], [], within_s)[0]:
        return False
    del os.environ[GATE_FD]
    os.close(int(descriptor))
    return True


def _wait_at_gate(check: Callable[[], None] = lambda: None) -> None:
    """Wait until the gate is open, and `check` now and then."""
    while not _gate_is_open(_CHECK_S):
        check()


def _prepare() -> Serve:
    from cli import database
    from cli.stack.demo import course as demo
    from cli.stack.folder import DataFolder

    def serve() -> None:
        database.wait()
        database.upgrade()
        demo.make(DataFolder.chosen())
        say_ready()

    return serve


def _web() -> Serve:
    import uvicorn

    from app.infrastructure import pubsub
    from app.web import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                say_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            pubsub.end()
            await super().shutdown(sockets)

    def serve() -> None:
        _wait_at_gate()
        listening = socket.socket(fileno=int(os.environ.pop(LISTEN_FD)))
        config = uvicorn.Config(
            create_app(),
            timeout_graceful_shutdown=3,
            proxy_headers=False,  # no proxy stands before it: whoever sends such a header is lying
            **servers.web_options(),
        )
        Server(config).run(sockets=[listening])

    return serve


def _worker() -> Serve:
    from celery import bootsteps
    from celery.signals import worker_process_init
    from celery.worker import state

    main = os.getpid()
    worker_process_init.connect(
        lambda **_: kernel.end_with_parent(signal.SIGKILL, main), weak=False
    )
    work = servers.load_worker()  # among it what warms a process
    from app.infrastructure.queue import celery
    from worker.processes import pool_process

    pool_process.has_database = _gate_is_open  # its cell is warm before there are tables
    # Called after what warms it: the first process with a warm cell makes the worker ready. One
    # without a cell makes it so, too, without a word.
    worker_process_init.connect(lambda **_: say_ready(pool_process.walls() or ""), weak=False)

    class Gate(bootsteps.StartStopStep):  # type: ignore[misc]
        """Between the pool, whose cells take a while to warm, and the first message taken."""

        requires = {"celery.worker.components:Pool"}

        def start(self, parent: object) -> None:
            _wait_at_gate(state.maybe_shutdown)  # Celery's handler only notes that it is to end

    celery().steps["worker"].add(Gate)
    return lambda: work(None)


def _beat() -> Serve:
    from celery.signals import beat_init

    from cli.stack.folder import DataFolder

    ask = servers.load_beat()
    beat_init.connect(lambda **_: say_ready(), weak=False)
    schedule = DataFolder.chosen().beat / "schedule"

    def serve() -> None:
        for stale in Path(schedule).parent.glob("schedule*"):
            stale.unlink()  # a shelf half written by a killed beat could not be opened
        ask(str(schedule))

    return serve


ROLES: dict[str, Callable[[], Serve]] = {
    "prepare": _prepare,
    "web": _web,
    "worker": _worker,
    "beat": _beat,
}


def become(role: str) -> None:
    """Do what `role`, one of ROLES, does, until it ends."""
    ROLES[role]()()
