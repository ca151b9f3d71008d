"""The services of `make run` are forked from one process, which outlives what breaks in them."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.failure import Failure
from cli.stack.forks import Forks
from cli.stack.service import Log, Running, Service
from tests.support.processes.stack import alive, children, descendants
from tests.support.waiting import wait_for

pytestmark = pytest.mark.stack

ASKS_IN_VAIN = "beat"
"""What needs no other to be there: it asks a Redis that is not there for ever."""
Scene = Callable[[Forks, Log, asyncio.Event], Awaitable[None]]


Play = Callable[[Scene], None]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Plays a scene in a folder of its own."""
    return partial(_play, folder=tmp_path, patch=monkeypatch)


def _play(scene: Scene, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """A scene with a process to fork from, which may set an event where it is asked for one."""
    before = set(children(os.getpid()))

    async def played() -> None:
        asked, send = asyncio.Event(), socket.send_fds

        def sent(*arguments: object) -> int:
            asked.set()
            return send(*arguments)  # type: ignore[arg-type]

        patch.setattr("socket.send_fds", sent)
        log = Log(folder / "log", "loader", print)
        environment = {"CHAINRULE_DATA": str(folder), "CHAINRULE_REDIS_URL": "unix:///nowhere?db=0"}
        forks = Forks(environment, log, print)
        try:
            await scene(forks, log, asked)
        finally:
            await forks.close()
            log.close()

    (folder / "beat").mkdir()
    asyncio.run(played())
    wait_for(lambda: not alive([*set(children(os.getpid())) - before]), "everything to end")


def loader() -> int:
    (found,) = [pid for pid in children(os.getpid()) if b"cli.stack.loader" in command(pid)]
    return found


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def descriptors(pid: int) -> set[int]:
    return {int(name) for name in os.listdir(f"/proc/{pid}/fd")}


def shown(pid: int) -> str:
    """The last word of its command, as `ps` shows it."""
    return command(pid).rstrip(b"\0").rpartition(b"\0")[2].decode()


def test_each_is_shown_by_its_name_and_is_a_group_of_its_own(play: Play) -> None:
    async def scene(forks: Forks, log: Log, _: asyncio.Event) -> None:
        running = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        assert (shown(loader()), shown(running.pid)) == ("waiting", ASKS_IN_VAIN)
        assert os.getsid(running.pid) == os.getpgid(running.pid) == running.pid
        assert len(list(Path(f"/proc/{loader()}/task").iterdir())) == 1  # a fork copies one thread
        os.kill(running.pid, signal.SIGABRT)
        assert await running.ended() == "was ended by SIGABRT"
        assert children(loader()) == []

    play(scene)


def test_what_fails_as_it_begins_says_why_and_others_can_be_forked(play: Play) -> None:
    async def scene(forks: Forks, log: Log, _: asyncio.Event) -> None:
        with pytest.raises(Failure, match=r"(?s)nobody ended with status 1 before.*KeyError"):
            await Running.start(Service("nobody", start=forks.fork), log)
        first = loader()
        running = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        assert (loader(), children(first)) == (first, [running.pid])
        await running.stop(grace_s=0)

    play(scene)


def test_of_two_that_are_asked_for_at_once_each_is_what_it_should_be_whichever_speaks_first(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(forks: Forks, log: Log, _: asyncio.Event) -> None:
        hear, held = forks._heard, list[dict[str, Any]]()

        def in_another_order(**said: Any) -> None:
            held.append(said)
            if len(held) == 2:
                for one in reversed(held):
                    hear(**one)

        with monkeypatch.context() as patch:
            patch.setattr(forks, "_heard", in_another_order)
            roles = [ASKS_IN_VAIN, "prepare"]
            begun = await asyncio.gather(*(forks.fork(Service(role), {}) for role in roles))
        assert [shown(one.pid) for one in begun] == roles
        for one in begun:
            one.send_signal(signal.SIGKILL)
            assert await one.wait() == -signal.SIGKILL
            await one.stdout.read()

    play(scene)


def test_where_nothing_more_can_be_forked_what_runs_goes_on(play: Play) -> None:
    async def scene(forks: Forks, log: Log, _: asyncio.Event) -> None:
        running = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        soft, hard = resource.prlimit(loader(), resource.RLIMIT_NOFILE)
        room_for_one = 1 + min({*range(soft)} - descriptors(loader()))
        resource.prlimit(loader(), resource.RLIMIT_NOFILE, (room_for_one, hard))
        with pytest.raises(Failure, match="could not be forked"):
            await forks.fork(Service(ASKS_IN_VAIN), {})
        resource.prlimit(loader(), resource.RLIMIT_NOFILE, (soft, hard))
        other = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        assert alive([running.pid, other.pid]) == [running.pid, other.pid]
        for one in (running, other):
            await one.stop(grace_s=0)

    play(scene)


def test_what_nobody_waits_for_any_more_is_ended(play: Play) -> None:
    async def scene(forks: Forks, log: Log, asked: asyncio.Event) -> None:
        running = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        asked.clear()
        os.kill(loader(), signal.SIGSTOP)
        given_up = asyncio.create_task(forks.fork(Service(ASKS_IN_VAIN), {}))
        await asked.wait()
        given_up.cancel()
        os.kill(loader(), signal.SIGCONT)
        last = await forks.fork(Service(ASKS_IN_VAIN), {})
        wait_for(
            lambda: alive(children(loader())) == [running.pid, last.pid], "the end of the other"
        )
        await running.stop(grace_s=0)
        last.send_signal(signal.SIGKILL)
        assert await last.wait() == -signal.SIGKILL

    play(scene)


def test_where_the_loader_dies_so_does_what_it_forked_and_the_next_is_forked_from_another(
    play: Play,
) -> None:
    async def scene(forks: Forks, log: Log, asked: asyncio.Event) -> None:
        running = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        first, below = loader(), descendants(loader())
        asked.clear()
        os.kill(first, signal.SIGSTOP)
        waiting = asyncio.create_task(forks.fork(Service(ASKS_IN_VAIN), {}))
        await asked.wait()
        os.kill(first, signal.SIGKILL)
        assert await running.ended() == "was ended by SIGKILL"
        wait_for(lambda: not alive(below), "the end of what was forked")
        with pytest.raises(Failure, match="has ended"):
            await waiting
        again = await Running.start(Service(ASKS_IN_VAIN, start=forks.fork), log)
        assert children(loader()) == [again.pid]
        assert loader() != first
        await again.stop(grace_s=0)

    play(scene)
