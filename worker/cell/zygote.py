"""Owns the warm parent: it forks a child for each submission, ends it, and says how it ended.

One thread, one loop. It reads nothing that a submission wrote.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from . import child, frames
from .jail import Jail

REQUEST_SECONDS = 10.0
"""How long a connection may take to send its request."""
FAREWELL_SECONDS = 1.0
"""How long the worker may take to make room for the exit record."""
IDLE_DEATHS = 5
"""Children that may die in a row before anybody connected; then the cell gives up."""


class Options(NamedTuple):
    """How many children at once, and after how many submissions the parent retires."""

    children: int
    submissions: int


@dataclass
class Child:
    """A forked child, from waiting for a connection to reaped."""

    pid: int
    process: int
    control: socket.socket
    connection: socket.socket | None = None
    exit_key: bytes | None = None
    deadline: float = float("inf")
    started: float = 0.0
    overtime: bool = False
    farewell: bytes | None = field(default=None, repr=False)

    def kill(self) -> None:
        """SIGKILL; the child is not reaped yet, so its pid is its own."""
        self.deadline = float("inf")
        signal.pidfd_send_signal(self.process, signal.SIGKILL)


class Zygote:
    """The loop over children, their control sockets, their connections and their deadlines."""

    def __init__(self, jail: Jail, listener: socket.socket, lifeline: int | None, options: Options):
        self._jail, self._listener, self._options = jail, listener, options
        self._lifeline = lifeline
        self._poll = select.poll()
        self._children: dict[int, Child] = {}
        self._by_descriptor: dict[int, Child] = {}
        self._waiting: Child | None = None
        self._served = self._idle_deaths = 0
        if lifeline is not None:
            self._poll.register(lifeline, select.POLLHUP)

    def run(self) -> None:
        """Serves until it has served enough, or the lifeline is cut."""
        while True:
            self._fork_ahead()
            if not self._children:
                return
            for descriptor, events in self._poll.poll(self._patience()):
                if descriptor == self._lifeline:
                    self._end_all()
                    return
                if (one := self._by_descriptor.get(descriptor)) is not None:
                    self._handle(one, descriptor, events)
            self._enforce()

    def _fork_ahead(self) -> None:
        """Keeps one child waiting, unless there are enough or the parent is about to retire."""
        if self._waiting or self._served >= self._options.submissions:
            return
        if len(self._children) >= self._options.children or self._idle_deaths >= IDLE_DEATHS:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = self._jail.fork()
        if pid == 0:
            child.serve(self._jail, self._listener, theirs)
        theirs.close()
        ours.setblocking(False)
        self._waiting = one = Child(pid, os.pidfd_open(pid), ours)
        self._children[pid] = one
        self._watch(one, one.process, select.POLLIN)
        self._watch(one, ours.fileno(), select.POLLIN)

    def _watch(self, one: Child, descriptor: int, events: int) -> None:
        self._by_descriptor[descriptor] = one
        self._poll.register(descriptor, events)

    def _forget(self, descriptor: int) -> None:
        if self._by_descriptor.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def _patience(self) -> float | None:
        """Milliseconds until the next deadline."""
        nearest = min(one.deadline for one in self._children.values())
        if nearest == float("inf"):
            return None
        return max(0.0, (nearest - time.monotonic()) * 1000)

    def _handle(self, one: Child, descriptor: int, events: int) -> None:
        if descriptor == one.process:
            self._reap(one)
        elif descriptor == one.control.fileno():
            self._listen(one)
        elif one.farewell is not None:
            self._say_farewell(one)
        elif events & (select.POLLHUP | select.POLLERR):
            self._forget(descriptor)
            one.kill()

    def _listen(self, one: Child) -> None:
        """Hears from a child that it has a connection, and later that it is about to start."""
        message, descriptors, _, _ = socket.recv_fds(one.control, child.STARTED.size, 1)
        now = time.monotonic()
        if message == child.TAKEN and descriptors:
            one.connection = socket.socket(fileno=descriptors[0])
            one.deadline = now + REQUEST_SECONDS
            self._watch(one, descriptors[0], 0)
            self._waiting = None
            self._served += 1
            self._idle_deaths = 0
            return
        if len(message) == child.STARTED.size:
            wall_s, one.exit_key = child.STARTED.unpack(message)
            one.started, one.deadline = now, now + wall_s
        self._forget(one.control.fileno())

    def _reap(self, one: Child) -> None:
        _, status, usage = os.wait4(one.pid, 0)
        while one.control.fileno() in self._by_descriptor:
            self._listen(one)  # What it said just before it died.
        self._forget(one.process)
        os.close(one.process)
        one.control.close()
        if one is self._waiting:
            self._waiting = None
            self._idle_deaths += 1
        if one.exit_key is None:
            self._close(one)
            return
        record = frames.Exit(
            os.waitstatus_to_exitcode(status),
            one.overtime,
            int((usage.ru_utime + usage.ru_stime) * 1e6),
            int((time.monotonic() - one.started) * 1e6),
            usage.ru_maxrss,
        )
        one.farewell = frames.pack_exit(one.exit_key, record)
        one.deadline = time.monotonic() + FAREWELL_SECONDS
        self._say_farewell(one)

    def _say_farewell(self, one: Child) -> None:
        """Sends the exit record as soon as the worker has read enough to make room for it."""
        assert one.connection is not None
        assert one.farewell is not None
        try:
            one.connection.send(one.farewell, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
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

    def _enforce(self) -> None:
        """Kills whoever is over time."""
        now = time.monotonic()
        for one in list(self._children.values()):
            if one.deadline > now:
                continue
            if one.farewell is not None:
                self._close(one)
            else:
                one.overtime = True
                one.kill()

    def _end_all(self) -> None:
        for one in self._children.values():
            if one.farewell is None:
                one.kill()
                os.waitpid(one.pid, 0)
