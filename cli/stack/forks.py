"""Owns the loader as the supervisor has it: processes are forked there, and where it has ended, as
they then have too, the next one is forked from another."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from cli.failure import Failure
from cli.stack.loader import CONTROL_FD, MESSAGE_BYTES
from cli.stack.service import LINE_BYTES, Log, Running, Service


class Forked:
    """A process that was forked; it is used as one of asyncio's is."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, ended: asyncio.Future[int]) -> None:
        self.pid = pid
        self.stdout = stdout
        self._ended = ended

    async def wait(self) -> int:
        """Its exit status, or the signal that ended it as a negative number."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Raises ProcessLookupError where it has ended."""
        if self._ended.done():
            raise ProcessLookupError
        os.kill(self.pid, number)


_LOST = "the loader has ended"
_Begun = tuple[int, "asyncio.Future[int]"]
"""The pid of a new process, and what will be its end."""


class Forks:
    """Forks services from one process, which is started when the first of them is."""

    def __init__(
        self, environment: Mapping[str, str], log: Log, tell: Callable[[str], None]
    ) -> None:
        self._environment = environment
        self._log = log
        self._tell = tell
        self._beginning = asyncio.Lock()
        self._loader: Running | None = None
        self._control: socket.socket | None = None
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[_Begun]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}
        """Both by the number of an order: what is asked for, and what has begun."""

    async def fork(self, service: Service, descriptors: Mapping[str, int]) -> Forked:
        """A new process, whose role is the service's name, and which ends with us. Raises Failure.

        Of a service are used its name and the descriptors.
        """
        async with self._beginning:
            control = self._control or await self._begin()
        reading, writing = os.pipe()
        stdout = asyncio.StreamReader(limit=LINE_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(reading, "rb", 0)
        )
        try:
            pid, ended = await self._ask(control, service.name, descriptors, writing)
        except BaseException:
            transport.close()
            raise
        finally:
            os.close(writing)
        return Forked(pid, stdout, ended)

    async def close(self) -> None:
        """End the loader; to be called when all that was forked has ended."""
        if self._loader is not None:
            await self._loader.stop()

    async def _begin(self) -> socket.socket:
        if self._loader is not None:
            await self._loader.stop(grace_s=0)
            self._tell(f"loader {await self._loader.ended()}; starting it again.")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        service = Service(
            name="loader",
            command=(sys.executable, "-m", "cli.stack.loader", "waiting"),
            environment=self._environment,
            descriptors={CONTROL_FD: theirs.fileno()},
        )
        try:
            self._loader = await Running.start(service, self._log)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        asyncio.get_running_loop().add_reader(ours, self._hear, ours)
        self._control = ours
        return ours

    async def _ask(
        self, control: socket.socket, role: str, descriptors: Mapping[str, int], output: int
    ) -> _Begun:
        number = next(self._numbers)
        order = json.dumps({"number": number, "role": role, "names": [*descriptors]}).encode()
        try:
            socket.send_fds(control, [order], [output, *descriptors.values()])
        except OSError:
            raise Failure(f"{role} could not be forked: {_LOST}.") from None
        answer: asyncio.Future[_Begun] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            return await answer
        except ConnectionError as error:
            raise Failure(f"{role} could not be forked: {error}.") from None

    def _hear(self, control: socket.socket) -> None:
        said = b""
        with suppress(ConnectionError):
            said = control.recv(MESSAGE_BYTES)
        if said:
            self._heard(**json.loads(said))
        else:
            self._forget(control)

    def _heard(
        self, number: int, pid: int | None = None, status: int | None = None, why: str = ""
    ) -> None:
        """The process of an order has begun, or has ended, or there is none."""
        if pid is not None:
            self._begun(number, pid)
        elif status is not None and number in self._ended:
            self._ended.pop(number).set_result(status)
        elif number in self._asked:
            _fail(self._asked.pop(number), why or "it ended before it could say a word")

    def _begun(self, number: int, pid: int) -> None:
        answer = self._asked.pop(number)
        ended = self._ended[number] = asyncio.get_running_loop().create_future()
        if not answer.done():
            answer.set_result((pid, ended))
            return
        with suppress(ProcessLookupError):  # nobody has waited for it
            os.killpg(pid, signal.SIGKILL)

    def _forget(self, control: socket.socket) -> None:
        """The loader has ended, and the kernel ends all that was forked there."""
        asyncio.get_running_loop().remove_reader(control)
        control.close()
        self._control = None
        for ended in self._ended.values():
            ended.set_result(-signal.SIGKILL)
        for answer in self._asked.values():
            _fail(answer, _LOST)
        self._ended.clear()
        self._asked.clear()


def _fail(answer: asyncio.Future[_Begun], why: str) -> None:
    if not answer.done():
        answer.set_exception(ConnectionError(why))
