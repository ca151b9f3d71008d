"""The program of the process that has loaded what the Pythons of a local stack share, and forks
each of them when told.

An order is the role, the names of descriptors, and the descriptors: the first is the process's
output, and each other one is known to it by its name. Told in answer is the pid, by the new process
itself once it can be signalled as a group, and later how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from app.infrastructure import garbage_collection
from cli.stack import child, kernel

LINE_FD = "CHAINRULE_LINE_FD"
MESSAGE_BYTES, MOST_DESCRIPTORS = 4096, 8
_DOMAIN = ("cli.database", "cli.stack.demo", "app.infrastructure.queue")
_SHARED = {
    "worker": (*_DOMAIN, "celery.apps.worker", "celery.concurrency.prefork"),
    "prepare": _DOMAIN,
    "web": ("app.web", "app.http.connections", "uvicorn", "uvicorn.lifespan.on"),
    "beat": ("app.infrastructure.queue", "celery.apps.beat"),
}
"""What is loaded before each is forked, and stays for others. Not torch, which a worker loads for
itself: whatever answers requests holds none of it."""


class _Loader:
    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._running: dict[int, int] = {}
        self._poll = select.poll()
        self._poll.register(line, select.POLLIN)

    def serve(self) -> None:
        """Fork for each order, until the supervisor has no more."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._running:
                    self._collect(descriptor)
                    continue
                said, handed, _, _ = socket.recv_fds(self._line, MESSAGE_BYTES, MOST_DESCRIPTORS)
                if not said:
                    return
                self._fork(**json.loads(said), handed=handed)

    def _fork(self, role: str, names: list[str], handed: list[int]) -> None:
        with suppress(Exception):  # the process itself loads it again, and says what is wrong
            for name in _SHARED[role]:
                importlib.import_module(name)
        garbage_collection.settle()
        loader = os.getpid()
        pid = os.fork()
        if not pid:
            self._become(role, loader, dict(zip(names, handed[1:], strict=True)), handed[0])
            sys.exit()
        for descriptor in handed:
            os.close(descriptor)
        watched = os.pidfd_open(pid)
        self._running[watched] = pid
        self._poll.register(watched, select.POLLIN)

    def _become(self, role: str, loader: int, named: dict[str, int], output: int) -> None:
        os.setsid()
        kernel.end_with_parent(signal.SIGKILL, loader)
        kernel.show_as(role)
        for descriptor in (1, 2):
            os.dup2(output, descriptor)
        os.close(output)
        os.environ.update({name: str(descriptor) for name, descriptor in named.items()})
        self._tell(pid=os.getpid())
        self._line.close()
        child.become(role)

    def _collect(self, watched: int) -> None:
        pid = self._running.pop(watched)
        self._poll.unregister(watched)
        os.close(watched)
        _, status = os.waitpid(pid, 0)
        self._tell(pid=pid, status=os.waitstatus_to_exitcode(status))

    def _tell(self, **what: int) -> None:
        self._line.send(json.dumps(what).encode())


def main() -> None:
    """Serve the supervisor, which has started this process."""
    garbage_collection.begin()
    line = socket.socket(fileno=int(os.environ.pop(LINE_FD)))
    child.say_ready()
    _Loader(line).serve()


if __name__ == "__main__":
    main()
