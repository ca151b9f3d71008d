"""Owns the loader as the supervisor has it: processes are forked there, and where it has ended, as
they then have too, the next one is forked from another."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

from cli.failure import Failure
from cli.stack.loader import LINE_FD, MESSAGE_BYTES
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


_Begun = tuple[int, "asyncio.Future[int]"]
"""The pid of a new process, and what will be its end."""


class Forks:
    """Forks services from one process, which is started when the first of them is."""

    def __init__(self, environment: Mapping[str, str], log: Log) -> None:
        self._environment = environment
        self._log = log
        self._beginning = asyncio.Lock()
        self._loader: Running | None = None
        self._line: socket.socket | None = None
        self._asked: deque[asyncio.Future[_Begun]] = deque()
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def fork(self, service: Service, descriptors: Mapping[str, int]) -> Forked:
        """A new process, whose role is the service's name. Raises Failure."""
        async with self._beginning:
            line = self._line or await self._begin()
        reading, writing = os.pipe()
        stdout = asyncio.StreamReader(limit=LINE_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(reading, "rb", 0)
        )
        try:
            pid, ended = await self._ask(line, service.name, descriptors, writing)
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
        await self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        service = Service(
            name="loader",
            command=(sys.executable, "-m", "cli.stack.loader", "waiting"),
            environment=self._environment,
            descriptors={LINE_FD: theirs.fileno()},
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
        self._line = ours
        return ours

    async def _ask(
        self, line: socket.socket, role: str, descriptors: Mapping[str, int], output: int
    ) -> _Begun:
        order = json.dumps({"role": role, "names": [*descriptors]}).encode()
        try:
            socket.send_fds(line, [order], [output, *descriptors.values()])
        except OSError:
            raise _lost(role) from None
        answer: asyncio.Future[_Begun] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        try:
            return await answer
        except ConnectionError:
            raise _lost(role) from None

    def _hear(self, line: socket.socket) -> None:
        said = b""
        with suppress(ConnectionError):
            said = line.recv(MESSAGE_BYTES)
        if said:
            self._told(**json.loads(said))
        else:
            self._forget(line)

    def _told(self, pid: int, status: int | None = None) -> None:
        """A process has begun, or has ended; it may have ended before it could say a word."""
        if status is not None and pid in self._ended:
            self._ended.pop(pid).set_result(status)
            return
        answer = self._asked.popleft()
        if status is not None:
            _fail(answer)
            return
        ended = self._ended[pid] = asyncio.get_running_loop().create_future()
        if answer.done():  # nobody has waited for it
            os.killpg(pid, signal.SIGKILL)
        else:
            answer.set_result((pid, ended))

    def _forget(self, line: socket.socket) -> None:
        """The loader has ended, and the kernel ends all that was forked there."""
        asyncio.get_running_loop().remove_reader(line)
        line.close()
        self._line = None
        for ended in self._ended.values():
            ended.set_result(-signal.SIGKILL)
        for answer in self._asked:
            _fail(answer)
        self._ended.clear()
        self._asked.clear()


def _fail(answer: asyncio.Future[_Begun]) -> None:
    if not answer.done():
        answer.set_exception(ConnectionError())


def _lost(role: str) -> Failure:
    return Failure(f"{role} was to be forked from a process that has ended.")
