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

from . import log
from .frames import LOST, RENEW, WORN
from .jail import Jail, adopt_orphans
from .zygote import Options, Zygote, the_dead, wake_at_deaths

_SHORT_LIFE_SECONDS = 1.0
_SHORT_LIVES = 5
"""Parents that may die right after their start, one after another; then the cell gives up."""
_GAVE_UP = 1
_REASONS = {WORN: "retired", RENEW: "odd", LOST: "lost"}


class Origin:
    """Sees to it that there is always one parent in office."""

    def __init__(
        self, jail: Jail, listener: socket.socket, control: socket.socket | None, options: Options
    ):
        """`control` leads to whoever started the cell, which ends when that is cut."""
        self._jail, self._listener, self._options = jail, listener, options
        self._control = control
        self._parents: set[int] = set()
        self._in_office = -1
        self._began = 0.0
        self._short_lives = 0
        self._poll = select.poll()
        self._deaths = wake_at_deaths()
        self._poll.register(self._deaths, select.POLLIN)
        if control is not None:
            self._poll.register(control, select.POLLIN)

    def run(self) -> int:
        """Runs until the control socket is cut, or parents do not live; gives the exit code."""
        adopt_orphans()
        self._appoint()
        while self._short_lives < _SHORT_LIVES:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._deaths:
                    self._parents -= {pid for pid, _, _ in the_dead(self._deaths)}
                elif descriptor == self._in_office:
                    why = os.read(self._in_office, 1) or LOST
                    self._tell(why)
                    self._dismiss(why)
                    self._appoint()
                elif not self._obey():
                    return 0
        log.say("cell.gives_up", "error", parents_that_did_not_live=self._short_lives)
        return _GAVE_UP

    def _appoint(self) -> None:
        """Forks a parent. It holds the other end of `_in_office` for as long as it takes work."""
        self._in_office, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become_parent(theirs)
        os.close(theirs)
        self._parents.add(pid)
        self._poll.register(self._in_office, 0)
        self._began = time.monotonic()

    def _become_parent(self, in_office: int) -> None:
        try:
            os.close(self._in_office)
            if self._control is not None:
                self._control.close()
            Zygote(self._jail, self._listener, in_office, self._options).run()
        finally:
            os._exit(0)

    def _tell(self, why: bytes) -> None:
        """Says that the parent in office is replaced, and why."""
        log.say("cell.replaced", reason=_REASONS.get(why, "lost"))
        if self._control is not None:
            with contextlib.suppress(OSError):  # nobody has listened for long
                self._control.send(why, socket.MSG_DONTWAIT)

    def _dismiss(self, why: bytes) -> None:
        """Forgets the parent in office, which ends by itself or is dead.

        One that was asked to go has served, however short its life: files that crash, one after
        another, must not make a cell give up.
        """
        self._poll.unregister(self._in_office)
        os.close(self._in_office)
        died_young = why == LOST and time.monotonic() - self._began < _SHORT_LIFE_SECONDS
        self._short_lives = self._short_lives + 1 if died_young else 0

    def _obey(self) -> bool:
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
        self._dismiss(RENEW)
        self._appoint()
        self._control.send(RENEW)
        return True
