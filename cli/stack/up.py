"""Owns a local stack from start to stop: what runs, in which order, what the person is told."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cli.failure import Failure
from cli.stack import child, kernel
from cli.stack.demo import credentials
from cli.stack.embedded import postgres, valkey
from cli.stack.folder import DataFolder
from cli.stack.forks import Forks
from cli.stack.service import Service
from cli.stack.supervisor import Supervisor, together

HOST = "127.0.0.1"
_DOUBLE_SIGNAL_S = 1.0
_VISITORS = "CHAINRULE_VISITOR_TRIALS"


def up(port: int, *, with_parent: bool = False) -> None:
    """Run the stack of the chosen data folder until a signal stops it; raises Failure.

    `port` 0 takes a free one. `with_parent` also stops it when the process that started it ends.
    """
    _check_platform()
    if with_parent:
        kernel.end_with_parent(signal.SIGTERM, os.getppid())
    folder = DataFolder.chosen()
    folder.make()
    with folder.held(), _listening(port) as listener:
        asyncio.run(_Stack(folder, listener).run())
        tell("Chainrule has stopped.")


class _Stack:
    def __init__(self, folder: DataFolder, listener: socket.socket) -> None:
        self._folder = folder
        self._listener = listener
        self._gate, self._gate_end = os.pipe()
        self._supervisor = Supervisor(folder, tell)
        self._forks = Forks(
            {**self.environment(), "OMP_NUM_THREADS": "1"}, self._supervisor.log("loader"), tell
        )
        self._stopping_since: float | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def environment(self) -> dict[str, str]:
        """What every process of the stack, and every command beside it, must know."""
        return {
            "CHAINRULE_DATA": str(self._folder.path),
            "CHAINRULE_BASE_URL": self.url,
            "CHAINRULE_DATABASE_URL": postgres.url(self._folder),
            "CHAINRULE_REDIS_URL": valkey.url(self._folder),
            _VISITORS: os.environ.get(_VISITORS, "true"),  # only this machine can reach it
        }

    async def run(self) -> None:
        """Serve until a signal comes, then stop; raises Failure when the start fails."""
        serving = asyncio.create_task(self._serve())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, self._signalled, number, serving)
        try:
            with suppress(asyncio.CancelledError):
                await serving
        finally:
            await self._supervisor.stop(("web", "beat", "worker"))
            await self._forks.close()
            await self._supervisor.stop(("valkey", "postgres"))
            self._supervisor.close()

    def _signalled(self, number: signal.Signals, serving: asyncio.Task[None]) -> None:
        # One Ctrl-C can arrive twice, from the terminal and from make; only a later one is haste.
        now = asyncio.get_running_loop().time()
        if self._stopping_since is None:
            self._stopping_since = now
            tell("Stopping; what is being graded is finished first.")
            serving.cancel()
        elif number == signal.SIGINT and now - self._stopping_since > _DOUBLE_SIGNAL_S:
            self._supervisor.hurry()

    async def _serve(self) -> None:
        tell(f"Starting Chainrule in {self._folder.path} ...")
        environment = self.environment()
        with self._folder.environment_shared(environment):
            await together(
                self._start_worker(),
                self._supervisor.start(self._service("web")),
                self._open_gate(),
            )
            await self._supervisor.start(self._service("beat"))
            self._welcome()
            await asyncio.Event().wait()

    async def _start_worker(self) -> None:
        """Tell how student code is shut in; raises Failure where it could not be run at all, which
        does not wait for the gate."""
        await self._supervisor.start(self._service("worker"))
        walls = self._supervisor.word("worker")
        if not walls:
            raise Failure(
                "Student code cannot be shut in here, and is never run otherwise, so nothing could "
                "be graded. Why, and what to do, is said above.",
                "`chainrule doctor` looks again.",
            )
        tell(f"Cells: {walls}")

    async def _open_gate(self) -> None:
        """Have the servers up, the tables in shape, the demo made; then let the others on."""
        # In a thread, since the first time takes a while, in which there are others to be started.
        database = await asyncio.to_thread(postgres.service, self._folder)
        await together(
            self._supervisor.start(database, valkey.service(self._folder)),
            self._supervisor.finish(self._service("prepare")),
        )
        os.close(self._gate_end)

    def _service(self, role: str) -> Service:
        descriptors: dict[str, int] = {}
        if role in ("web", "worker"):
            descriptors[child.GATE_FD] = self._gate
        if role == "web":
            descriptors[child.LISTEN_FD] = self._listener.fileno()
        return Service(
            name=role,
            start=self._forks.fork,
            descriptors=descriptors,
            grace_s=20.0 if role == "worker" else 5.0,
        )

    def _welcome(self) -> None:
        tell(f"Chainrule is ready at {self.url}")
        for role, user in credentials.read(self._folder).users.items():
            tell(f"  {role:<11} {user.email}   password {user.password}")
        tell(f"  (also in {self._folder.demo}; Ctrl-C stops everything)")
        tell(
            f"Open {self.url} and try docs/examples/swapped.py there, or sign in as the student "
            "and hand it in; then look at the class as the instructor."
        )


def tell(line: str) -> None:
    """Say something to the person, if there still is a terminal."""
    with suppress(OSError):
        print(line, flush=True)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Our port, taken before anything else starts; it stays ours while the web server restarts."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(1024)
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else "is barred"
            raise Failure(
                f"Port {port} on {HOST} {why} ({error.strerror}).",
                f"Stop what listens there, or choose another: make run PORT={port + 1}",
            ) from None
        yield listener


def _check_platform() -> None:
    if sys.platform != "linux":
        raise Failure(
            "Student code runs in Linux sandboxes, which this system cannot make.",
            "Use a Linux machine, a virtual machine, or docker-compose.",
        )
