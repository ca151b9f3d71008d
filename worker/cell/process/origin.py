"""Owns the one process of a cell that stays pristine: it is warm, runs nothing, and forks the rest.

The parents that it forks wear out, or are killed when something odd happened in one. A new one
comes from this process, which no submission has ever been near, so it is as good as a new cell.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from .. import harness
from ..isolation.jail import Jail, adopt_orphans
from ..protocol import LOST, RENEW, WORN
from . import log
from .parent import Options, Parent, the_dead, wake_at_deaths

_SHORT_LIFE_SECONDS = 1.0
_SHORT_LIVES = 5
"""Parents that may die right after their start, one after another; then the cell gives up."""
_GAVE_UP = 1
_REASONS = {WORN: "retired", RENEW: "odd", LOST: "lost"}


class _Role:
    """The parent that takes work from one listener now. `prepare` is what it does first of all."""

    def __init__(self, listener: socket.socket, prepare: Callable[[], object]):
        self.listener, self.prepare = listener, prepare
        self.descriptor = -1
        self.began = 0.0
        self.short_lives = 0


class Origin:
    """Sees to it that there are always two parents at work: for ordinary runs, and for direct
    ones, in which there is no autograd."""

    def __init__(
        self,
        jail: Jail,
        listeners: tuple[socket.socket, socket.socket],
        control: socket.socket | None,
        options: Options,
    ):
        """`listeners` are for ordinary and for direct runs; `control` leads to whoever started the
        cell, which ends when that is cut."""
        ordinary, direct = listeners
        self._jail, self._control, self._options = jail, control, options
        self._roles = [
            _Role(ordinary, lambda: None),
            _Role(direct, harness.go_without_autograd),
        ]
        self._parents: set[int] = set()
        self._poll = select.poll()
        self._deaths = wake_at_deaths()
        self._poll.register(self._deaths, select.POLLIN)
        if control is not None:
            self._poll.register(control, select.POLLIN)

    def run(self) -> int:
        """Runs until the control socket is cut, or parents do not live; gives the exit code."""
        adopt_orphans()
        for role in self._roles:
            self._start(role)
        while max(role.short_lives for role in self._roles) < _SHORT_LIVES:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._deaths:
                    self._parents -= {pid for pid, _, _ in the_dead(self._deaths)}
                elif self._control is not None and descriptor == self._control.fileno():
                    if not self._serve_control():
                        return 0
                else:
                    self._replace(descriptor)
        log.say("cell.gives_up", "error", parents_that_did_not_live=_SHORT_LIVES)
        return _GAVE_UP

    def _replace(self, descriptor: int) -> None:
        """Replaces the parent whose descriptor was closed; it may have been replaced already."""
        for role in self._roles:
            if role.descriptor == descriptor:
                why = os.read(descriptor, 1) or LOST
                self._tell(why)
                self._retire(role, why)
                self._start(role)

    def _start(self, role: _Role) -> None:
        """Forks a parent. It holds the other end of a pipe for as long as it takes work."""
        role.descriptor, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become_parent(role, theirs)
        os.close(theirs)
        self._parents.add(pid)
        self._poll.register(role.descriptor, 0)
        role.began = time.monotonic()

    def _become_parent(self, role: _Role, life_line: int) -> None:
        try:
            for other in self._roles:
                if other.descriptor >= 0:
                    os.close(other.descriptor)
                if other is not role:
                    other.listener.close()
            if self._control is not None:
                self._control.close()
            role.prepare()
            Parent(self._jail, role.listener, life_line, self._options).run()
        finally:
            os._exit(0)

    def _tell(self, why: bytes) -> None:
        """Says that the parent of a role is replaced, and why."""
        log.say("cell.replaced", reason=_REASONS.get(why, "lost"))
        if self._control is not None:
            with contextlib.suppress(OSError):  # nobody has listened for long
                self._control.send(why, socket.MSG_DONTWAIT)

    def _retire(self, role: _Role, why: bytes) -> None:
        """Forgets the parent of a role, which ends by itself or is dead.

        One that was asked to go has served, however short its life: files that crash, one after
        another, must not make a cell give up.
        """
        self._poll.unregister(role.descriptor)
        os.close(role.descriptor)
        role.descriptor = -1
        died_young = why == LOST and time.monotonic() - role.began < _SHORT_LIFE_SECONDS
        role.short_lives = role.short_lives + 1 if died_young else 0

    def _serve_control(self) -> bool:
        """Does what came over the control socket; False when it was cut."""
        assert self._control is not None
        if self._control.recv(1) != RENEW:
            return False
        for pid in self._parents:
            os.kill(pid, signal.SIGKILL)  # Its children die with it, and become ours.
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
        self._parents.clear()
        for role in self._roles:
            self._retire(role, RENEW)
            self._start(role)
        self._control.send(RENEW)
        return True
