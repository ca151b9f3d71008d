"""Owns one supervised process: its start, its log, its readiness, its end."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol

from cli.failure import Failure
from cli.stack import kernel

_GRAVE = re.compile(r'\b(ERROR|CRITICAL|FATAL|PANIC)\b|"level": ?"(error|critical)"')
_LOG_BYTES, _LOG_FILES = 5_000_000, 3
_POLL_S = 0.02
_LAST_WORDS_S = 1.0
READY_FD = "CHAINRULE_READY_FD"
WORD_BYTES = 1024  # a pipe takes so many in one piece
LINE_BYTES = 1 << 20


class Process(Protocol):
    """What is asked of a process, however it was started; asyncio's have all of it."""

    @property
    def pid(self) -> int: ...

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    async def wait(self) -> int: ...

    def send_signal(self, signal: int, /) -> None: ...


Start = Callable[["Service", Mapping[str, int]], Awaitable[Process]]


async def executed(service: Service, descriptors: Mapping[str, int]) -> Process:
    """Start a service's command."""
    named = {name: str(descriptor) for name, descriptor in descriptors.items()}
    return await asyncio.create_subprocess_exec(
        *kernel.starting(service.orphaned, as_user=service.as_user),
        *service.command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=LINE_BYTES,
        env={**os.environ, **service.environment, **named},
        pass_fds=tuple(descriptors.values()),
        start_new_session=True,
    )


@dataclass(frozen=True)
class Service:
    """What to start, and how: by its command, unless `start` does it in another way.

    `is_ready` is polled with the pid; without it, the process tells on READY_FD. It is told of
    `descriptors` by the names of variables. `orphaned` is the signal it gets when we end without
    having stopped it. Of command, environment, `as_user` and `orphaned` a `start` may know nothing.
    """

    name: str
    command: tuple[str, ...] = ()
    start: Start = executed
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[int], bool] | None = None
    stop: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGKILL
    grace_s: float = 10.0
    as_user: int | None = None
    descriptors: Mapping[str, int] = field(default_factory=dict)


class Running:
    """A started service."""

    def __init__(self, service: Service, log: Log, process: Process) -> None:
        self.service = service
        self._log = log
        self._process = process
        self._reading = asyncio.create_task(self._keep_log())
        self.word = ""
        """What it said when it was ready."""

    @classmethod
    async def start(cls, service: Service, log: Log) -> Running:
        """Start the process; returns when it is ready. Raises Failure when it ends before."""
        listening, saying = os.pipe()
        try:
            process = await service.start(service, {READY_FD: saying, **service.descriptors})
        except BaseException:
            os.close(listening)
            raise
        finally:
            os.close(saying)
        running = cls(service, log, process)
        try:
            await running._until_ready(listening)
        except BaseException:
            await running.stop(grace_s=0)
            raise
        finally:
            os.close(listening)
        return running

    @property
    def pid(self) -> int:
        """The process's id, which is also its process group's."""
        return self._process.pid

    async def ended(self) -> str:
        """Wait for the end; says how it came, in words."""
        status = await self._process.wait()
        self.kill()  # what it leaves behind ends with it
        await asyncio.wait({self._reading}, timeout=_LAST_WORDS_S)
        if status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"

    def kill(self) -> None:
        """End it at once, and all of its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def stop(self, *, grace_s: float | None = None) -> None:
        """Ask it to end; after its grace, end it."""
        grace = self.service.grace_s if grace_s is None else grace_s
        with suppress(ProcessLookupError, TimeoutError):
            if grace:
                self._process.send_signal(self.service.stop)
                await asyncio.wait_for(self._process.wait(), grace)
        self.kill()
        await self.ended()

    async def _until_ready(self, listening: int) -> None:
        ended = asyncio.create_task(self._process.wait())
        says = asyncio.create_task(self._poll() if self.service.is_ready else _heard(listening))
        try:
            await asyncio.wait({ended, says}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done() or not says.result():
                how = await self.ended()
                raise Failure(
                    f"{self.service.name} {how} before it was ready.\n{self._log.tail()}",
                    f"More is in {self._log.path}.",
                )
            self.word = says.result().partition(b"\0")[0].decode(errors="replace")
        finally:
            ended.cancel()
            says.cancel()

    async def _poll(self) -> bytes:
        assert self.service.is_ready is not None
        while not self.service.is_ready(self.pid):
            await asyncio.sleep(_POLL_S)
        return b"\0"

    async def _keep_log(self) -> None:
        assert self._process.stdout is not None
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:  # a line longer than the limit; the stream has dropped it
                continue
            if not line:
                return
            self._log.write(line.decode(errors="replace").rstrip("\n"))


async def _heard(descriptor: int) -> bytes:
    """Wait for a word on a pipe, which ends with a zero; empty when it was closed without one."""
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    loop.add_reader(descriptor, heard.set)
    try:
        await heard.wait()
        return os.read(descriptor, WORD_BYTES)
    finally:
        loop.remove_reader(descriptor)


def _for_people(line: str) -> str:
    """A structured line in words; any other as it is."""
    try:
        said: dict[str, object] = json.loads(line)
        why = said.get("reason") or said.get("error") or said.get("exception") or ""
        return f"{said['event']} {why if isinstance(why, str) else ''}".strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return line


class Log:
    """A service's log file, rotated; grave lines are also given to `tell`, though not in floods."""

    def __init__(self, path: Path, name: str, tell: Callable[[str], None]) -> None:
        self.path = path
        self._name = name
        self._tell = tell
        self._told: deque[float] = deque(maxlen=5)
        self._last: deque[str] = deque(maxlen=15)
        self._handler = RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True
        )

    def write(self, line: str) -> None:
        """Keep one line."""
        self._last.append(line)
        self._handler.emit(logging.LogRecord(self._name, logging.INFO, "", 0, line, None, None))
        if _GRAVE.search(line) and not self._flooded():
            self._tell(f"{self._name}: {_for_people(line)}")

    def tail(self) -> str:
        """The last lines."""
        return "\n".join(f"  {line}" for line in self._last)

    def close(self) -> None:
        """Give the file back."""
        self._handler.close()

    def _flooded(self) -> bool:
        now = asyncio.get_running_loop().time()
        flooded = len(self._told) == self._told.maxlen and now - self._told[0] < 10
        if not flooded:
            self._told.append(now)
        return flooded
