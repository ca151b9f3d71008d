"""Owns the parent of children: it forks one for each run, ends it, and says how it ended.

One thread, one loop. It reads nothing that a submission wrote.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .. import protocol
from ..isolation.jail import Jail
from . import child, log

REQUEST_SECONDS = 10.0
"""How long a connection may take to send its request."""
EXIT_RECORD_SECONDS = 1.0
"""How long the worker may take to make room for the exit record."""
REST_SECONDS = 0.01
"""How long after a run the next child is forked, unless somebody knocks before."""
IDLE_DEATHS = 5
"""Children that may die in a row before anybody connected; then the cell gives up."""


class Options(NamedTuple):
    """How many children there may be at once, and after how many submissions to retire."""

    children: int
    submissions: int


@dataclass
class Child:
    """A forked child, from waiting for a connection to reaped."""

    pid: int
    control: socket.socket
    connection: socket.socket | None = None
    exit_key: bytes | None = None
    deadline: float = float("inf")
    name: str = ""
    started: float = 0.0
    overtime: bool = False
    released: bool = False
    """Whether the worker had what it needed, and hung up."""
    exit_record: bytes | None = field(default=None, repr=False)

    def kill(self) -> None:
        """SIGKILL, and its pid namespace with it; not reaped yet, it still owns its pid."""
        self.deadline = float("inf")
        os.kill(self.pid, signal.SIGKILL)


class Parent:
    """The loop over children, their control sockets, their connections and their deadlines."""

    def __init__(self, jail: Jail, listener: socket.socket, in_office: int, options: Options):
        """`in_office` is a descriptor that is closed when this parent takes nobody new."""
        self._jail, self._listener, self._options = jail, listener, options
        self._in_office = in_office
        self._poll = select.poll()
        self._children: dict[int, Child] = {}
        self._by_descriptor: dict[int, Child] = {}
        self._waiting: Child | None = None
        self._served = self._idle_deaths = 0
        self._retiring = self._knocked = False
        self._rested = 0.0
        self._deaths = wake_at_deaths()
        self._poll.register(self._deaths, select.POLLIN)
        self._poll.register(listener, 0)

    def run(self) -> None:
        """Serves until it has served enough, and all its children are dead."""
        while True:
            self._fork_ahead()
            if self._retiring and not self._children:
                return
            for descriptor, events in self._poll.poll(self._patience()):
                if descriptor == self._deaths:
                    self._reap()
                elif descriptor == self._listener.fileno():
                    self._knocked = True
                elif (one := self._by_descriptor.get(descriptor)) is not None:
                    self._handle(one, descriptor, events)
            self._enforce()

    def _fork_ahead(self) -> None:
        """Keeps one child waiting, unless there are enough or the parent retires.

        A fork would slow down whoever is running, so then it waits until somebody knocks.
        """
        if self._served >= self._options.submissions:
            self._retire(protocol.WORN)
        if self._idle_deaths >= IDLE_DEATHS:
            self._retire(protocol.LOST)
        if self._retiring:
            return
        wanted = not self._waiting and len(self._children) < self._options.children
        rested = not self._children and time.monotonic() >= self._rested
        if wanted and (self._knocked or rested):
            self._fork()
            wanted = False
        self._knocked = False
        self._poll.modify(self._listener, select.POLLIN if wanted else 0)

    def _fork(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = self._jail.fork()
        if pid == 0:
            child.serve(self._jail, self._listener, theirs)
        theirs.close()
        ours.setblocking(False)
        self._waiting = self._children[pid] = one = Child(pid, ours)
        self._watch(one, ours.fileno(), select.POLLIN)

    def _retire(self, why: bytes) -> None:
        """Takes nobody new; what runs may finish."""
        if self._retiring:
            return
        self._retiring = True
        os.write(self._in_office, why)
        os.close(self._in_office)
        self._poll.unregister(self._listener)
        self._listener.close()
        if self._waiting:
            self._waiting.kill()

    def _watch(self, one: Child, descriptor: int, events: int) -> None:
        self._by_descriptor[descriptor] = one
        self._poll.register(descriptor, events)

    def _forget(self, descriptor: int) -> None:
        if self._by_descriptor.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def _patience(self) -> float | None:
        """Milliseconds until the next deadline."""
        nearest = min((one.deadline for one in self._children.values()), default=self._rested)
        if nearest == float("inf"):
            return None
        return max(0.0, (nearest - time.monotonic()) * 1000)

    def _handle(self, one: Child, descriptor: int, events: int) -> None:
        if descriptor == one.control.fileno():
            self._listen(one)
        elif one.exit_record is not None:
            self._send_exit_record(one)
        elif events & (select.POLLHUP | select.POLLERR):
            self._forget(descriptor)
            one.released = True
            one.kill()

    def _listen(self, one: Child) -> None:
        """Hears from a child that it has a connection, and later that it is about to start."""
        message, descriptors, _, _ = socket.recv_fds(one.control, child.STARTED.size, 1)
        now = time.monotonic()
        if message == child.READY:
            return
        if message == child.TAKEN and descriptors:
            one.connection = socket.socket(fileno=descriptors[0])
            one.deadline = now + REQUEST_SECONDS
            self._watch(one, descriptors[0], 0)
            self._waiting = None
            self._served += 1
            self._idle_deaths = 0
            return
        if len(message) == child.STARTED.size:
            wall_s, one.exit_key, name = child.STARTED.unpack(message)
            one.name = name.rstrip(b"\0").decode("ascii", "replace")
            one.started, one.deadline = now, now + wall_s
            if wall_s == child.RETIRE:
                self._retire(protocol.RENEW)
        self._forget(one.control.fileno())

    def _reap(self) -> None:
        """Takes leave of every child that is dead."""
        for pid, status, usage in the_dead(self._deaths):
            if (one := self._children.get(pid)) is not None:
                self._collect(one, status, usage)

    def _collect(self, one: Child, status: int, usage: resource.struct_rusage) -> None:
        while one.control.fileno() in self._by_descriptor:
            self._listen(one)  # What it said just before it died.
        one.control.close()
        if one is self._waiting:
            self._waiting = None
            self._idle_deaths += 1
        if one.exit_key is None:
            self._close(one)
            return
        record = protocol.Exit(
            os.waitstatus_to_exitcode(status),
            one.overtime,
            int((usage.ru_utime + usage.ru_stime) * 1e6),
            int((time.monotonic() - one.started) * 1e6),
            usage.ru_maxrss,
        )
        if one.name:
            _tell(one, record)
        one.exit_record = protocol.pack_exit(one.exit_key, record)
        one.deadline = time.monotonic() + EXIT_RECORD_SECONDS
        self._send_exit_record(one)

    def _send_exit_record(self, one: Child) -> None:
        """Sends the exit record as soon as the worker has read enough to make room for it."""
        assert one.connection is not None
        assert one.exit_record is not None
        try:
            one.connection.send(one.exit_record, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except BlockingIOError:
            self._watch(one, one.connection.fileno(), select.POLLOUT)
            return
        except OSError:
            pass  # The worker has what it needs and went.
        self._close(one)

    def _close(self, one: Child) -> None:
        if one.connection is not None:
            self._forget(one.connection.fileno())
            one.connection.close()
        del self._children[one.pid]
        self._rested = time.monotonic() + REST_SECONDS

    def _enforce(self) -> None:
        """Kills whoever is over time."""
        now = time.monotonic()
        for one in list(self._children.values()):
            if one.deadline > now:
                continue
            if one.exit_record is not None:
                self._close(one)
            else:
                one.overtime = True
                one.kill()


def _tell(one: Child, record: protocol.Exit) -> None:
    """Logs a run. One that was released has been killed for no fault of its own."""
    log.say(
        "cell.run",
        "info" if one.released or record.status == 0 else "warning",
        submission=one.name,
        released=one.released,
        status=record.status,
        overtime=record.overtime,
        cpu_ms=record.cpu_us / 1000,
        wall_ms=record.wall_us / 1000,
        peak_kb=record.peak_kb,
    )


def wake_at_deaths() -> int:
    """A descriptor that becomes readable whenever a child dies."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read


def the_dead(deaths: int) -> Iterator[tuple[int, int, resource.struct_rusage]]:
    """Pid, status and use of resources of every child that is dead; `deaths` is emptied."""
    with contextlib.suppress(BlockingIOError):
        while os.read(deaths, 1 << 10):
            pass
    with contextlib.suppress(ChildProcessError):
        while (one := os.wait4(-1, os.WNOHANG))[0] != 0:
            yield one
