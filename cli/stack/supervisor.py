"""Owns the processes of a stack together: starting, restarting what ends, stopping in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable

from cli.failure import Failure
from cli.stack.folder import DataFolder
from cli.stack.service import Log, Running, Service

Tell = Callable[[str], None]
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _STEADY_S = 0.2, 10.0, 30.0


async def together(*work: Coroutine[None, None, None]) -> None:
    """Do it side by side. The first error ends the rest, and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


class Supervisor:
    """Keeps services running until told to stop."""

    def __init__(self, folder: DataFolder, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self._logs: dict[str, Log] = {}
        self._running: dict[str, Running] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._stopping: list[str] = []

    async def start(self, *services: Service) -> None:
        """Start services side by side; returns when all are ready. Raises Failure."""
        await together(*(self._start(service) for service in services))

    async def finish(self, service: Service) -> None:
        """Run to its end what is not a service but a job; raises Failure."""
        running = await Running.start(service, self.log(service.name))
        await running.stop()

    async def stop(self, names: Iterable[str]) -> None:
        """Stop these services side by side; returns when their processes are gone."""
        chosen = self._stopping = [name for name in names if name in self._running]
        watches = [self._watches.pop(name) for name in chosen]
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        await asyncio.gather(*(self._running[name].stop() for name in chosen))

    def word(self, name: str) -> str:
        """What a service said when it was ready."""
        return self._running[name].word

    def log(self, name: str) -> Log:
        """The log of a service, or of what else runs for them."""
        if name not in self._logs:
            self._logs[name] = Log(self._folder.logs / f"{name}.log", name, self._tell)
        return self._logs[name]

    def hurry(self) -> None:
        """End at once what is being stopped."""
        for name in self._stopping:
            self._running[name].kill()

    def close(self) -> None:
        """Give the log files back."""
        for log in self._logs.values():
            log.close()

    async def _start(self, service: Service) -> None:
        self._running[service.name] = await Running.start(service, self.log(service.name))
        self._watches[service.name] = asyncio.create_task(self._watch(service))

    async def _watch(self, service: Service) -> None:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE_S
        while True:
            began = loop.time()
            how = await self._running[service.name].ended()
            if loop.time() - began > _STEADY_S:
                pause = _FIRST_PAUSE_S
            self._tell(f"{service.name} {how}; starting it again.")
            pause = await self._restart(service, pause)
            self._tell(f"{service.name} is back.")

    async def _restart(self, service: Service, pause: float) -> float:
        """Try until it is ready; returns the pause to begin with next time, in seconds."""
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            try:
                self._running[service.name] = await Running.start(service, self.log(service.name))
            except Failure as failure:
                self._tell(f"{failure.problem}\nTrying again in {pause:g} s.")
            else:
                return pause
