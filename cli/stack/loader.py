"""The program of the process that has loaded what the Pythons of a local stack share, and forks
each of them when told.

An order is a number, the role, the names of descriptors, and the descriptors: the first is the
process's output, and each other one is known to it by its name. Reported of that number is the pid,
by the new process itself once it can be signalled as a group, and later how it ended; or why there
is none.
"""

from __future__ import annotations

import errno
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

CONTROL_FD = "CHAINRULE_CONTROL_FD"
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
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._running: dict[int, tuple[int, int]] = {}
        """The number and the pid of each process, by the descriptor that tells of its end."""
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Fork for each order, until the supervisor has no more."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._running:
                    self._collect(descriptor)
                    continue
                said, handed, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, MOST_DESCRIPTORS)
                if not said:
                    return
                self._carry_out(**json.loads(said), handed=handed)

    def _carry_out(self, number: int, role: str, names: list[str], handed: list[int]) -> None:
        with suppress(Exception):  # the process itself loads it again, and says what is wrong
            for name in _SHARED[role]:
                importlib.import_module(name)
        garbage_collection.settle()
        for descriptor in handed:
            os.set_inheritable(descriptor, False)  # what the process executes need not have them
        loader = os.getpid()
        try:
            pid = _forked(all_came=len(handed) > len(names))
        except OSError as error:
            pid = None
            self._report(number, why=str(error))
        if pid == 0:
            self._become(number, role, loader, dict(zip(names, handed[1:], strict=True)), handed[0])
            sys.exit()
        for descriptor in handed:
            os.close(descriptor)
        if pid:
            watched = os.pidfd_open(pid)
            self._running[watched] = number, pid
            self._poll.register(watched, select.POLLIN)

    def _become(
        self, number: int, role: str, loader: int, named: dict[str, int], output: int
    ) -> None:
        for descriptor in (1, 2):
            os.dup2(output, descriptor)
        os.setsid()
        kernel.end_with_parent(signal.SIGKILL, loader)
        with suppress(OSError, ValueError, IndexError):  # it does without
            kernel.show_as(role)
        for descriptor in (output, *self._running):
            os.close(descriptor)
        os.environ.update({name: str(descriptor) for name, descriptor in named.items()})
        self._report(number, pid=os.getpid())
        self._control.close()
        child.become(role)

    def _collect(self, watched: int) -> None:
        number, pid = self._running.pop(watched)
        self._poll.unregister(watched)
        os.close(watched)
        _, status = os.waitpid(pid, 0)
        self._report(number, status=os.waitstatus_to_exitcode(status))

    def _report(self, number: int, **what: int | str) -> None:
        self._control.send(json.dumps({"number": number, **what}).encode())


def _forked(*, all_came: bool) -> int:
    """The pid, or 0 in the new process; raises OSError where there are too many processes or
    descriptors, or no memory. The kernel keeps back what is handed over where there is no room."""
    if not all_came:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    os.close(os.open(os.devnull, os.O_RDONLY))  # one more is needed, to watch for the end
    return os.fork()


def main() -> None:
    """Serve the supervisor, which has started this process."""
    garbage_collection.begin()
    control = socket.socket(fileno=int(os.environ.pop(CONTROL_FD)))
    child.say_ready()
    _Loader(control).serve()


if __name__ == "__main__":
    main()
