"""Cells that run by themselves and are reached over a socket on a shared volume."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from graders.model.evidence import Evidence
from tests.support.cells import BRIEF, HONEST, Settings, run, whole_plan
from tests.support.waiting import wait_for
from worker.sandbox import CellUnavailable, open_cell
from worker.sandbox.container import bubblewrap, installation

pytestmark = pytest.mark.long


class Replica:
    """A cell service as a container runs it, started again whenever it ends."""

    def __init__(self, name: str, volume: Path, *, network: bool = False) -> None:
        self.name, self._volume, self._network = name, volume, network
        self.starts = 0
        self.exits: list[int] = []
        self.log = volume.with_name(f"{volume.name}-{name}.log")
        self._over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running)
        self._thread.start()

    def _command(self) -> list[str]:
        isolation = bubblewrap.isolation()
        if self._network:
            isolation.remove("--unshare-net")
        isolation[isolation.index("--hostname") + 1] = self.name
        *mounts, lock, root = installation.mounts()
        mounts += ["--bind", str(self._volume), "/cells", lock, root]
        settings = {"SITE": installation.SITE, "SOCKET": "/cells"}
        variables = [
            word
            for name in settings
            for word in ("--setenv", f"CHAINRULE_CELL_{name}", settings[name])
        ]
        python = [str(installation.interpreter()), "-E", "-s", "-B", "-m", "cell"]
        return [bubblewrap.programs()[0], *isolation, *mounts, *variables, *python]

    def _keep_running(self) -> None:
        while not self._over:
            self.starts += 1
            with (
                self.log.open("ab") as log,
                subprocess.Popen(self._command(), stdout=log) as self._process,
            ):
                self.exits.append(self._process.wait())

    def said(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log about one kind of event."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["event"] == event]

    def parent(self) -> psutil.Process | None:
        """The process that forks children; None while there is none."""
        assert self._process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            inside = psutil.Process(self._process.pid).children(recursive=True)
            return inside[2] if len(inside) > 2 else None
        return None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        self._over = True
        while self._thread.is_alive():
            self.kill()
            self._thread.join(0.1)


def shared(folder: Path) -> Path:
    """A folder as everybody's, which a volume is."""
    folder.chmod(0o777)
    for above in folder.parents[:2]:
        if above.stat().st_uid == os.getuid() and above != Path("/tmp"):
            above.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory.mktemp("volume"))


@pytest.fixture(scope="module")
def replica(volume: Path) -> Iterator[Replica]:
    """One for all tests of this file: it starts anew whenever one of them has ended it."""
    running = Replica("one", volume)
    yield running
    running.stop()


def settings(volume: Path) -> Settings:
    return Settings(cell=f"socket:{volume}")


def test_submissions_are_run_and_the_cell_outlives_who_used_it(
    replica: Replica, volume: Path
) -> None:
    starts = replica.starts
    for _ in range(2):
        with open_cell(settings(volume)) as cell:
            assert cell.defences["container"] == "service"
            assert run(cell, HONEST).ending.kind == "done"
            assert run(cell, "sum(range(1 << 60))", BRIEF).ending.kind in ("cpu", "timeout")
            assert run(cell, HONEST).ending.kind == "done"
    assert replica.starts == starts


def test_an_odd_run_is_tried_again_without_a_restart(replica: Replica, volume: Path) -> None:
    starts = replica.starts
    with open_cell(settings(volume)) as cell:
        assert run(cell, "import os\nos._exit(1)").ending.kind == "crashed"
        assert run(cell, HONEST).ending.kind == "done"
    assert replica.starts == starts


def test_it_logs_its_walls_each_run_and_each_replacement(replica: Replica, volume: Path) -> None:
    with open_cell(settings(volume)) as cell:
        before = len(replica.said("cell.replaced"))
        cell.run(whole_plan().requests, HONEST, name="11111111-2222-3333-4444-555555555555")
        cell.run(whole_plan().requests, b"import os\nos._exit(3)", name="crash")
    *earlier, started = replica.said("cell.started")
    assert len(earlier) == replica.starts - 1
    assert started["defences"]["seccomp"] is True
    assert started["level"] == "info"
    assert not replica.said("cell.below_the_floor")
    runs = wait_for(lambda: len(found := replica.said("cell.run")) == 6 and found, "six runs")
    ordinary, direct, *crashed = runs
    for honest in (ordinary, direct):
        assert honest["submission"] == "11111111-2222-3333-4444-555555555555"
        assert honest["level"] == "info"
    assert [(one["submission"], one["status"], one["level"]) for one in crashed] == [
        ("crash", 3, "warning")
    ] * 4
    assert [one["reason"] for one in replica.said("cell.replaced")][before:] == ["odd", "odd"]


def test_a_replica_that_is_killed_is_waited_for(replica: Replica, volume: Path) -> None:
    with open_cell(settings(volume)) as cell:
        starts = replica.starts
        replica.kill()
        assert run(cell, HONEST).ending.kind == "done"
    wait_for(lambda: replica.starts == starts + 1)


def test_files_that_crash_one_after_another_do_not_end_what_runs_beside_them(
    replica: Replica, volume: Path
) -> None:
    starts = replica.starts
    with open_cell(settings(volume)) as crashing, open_cell(settings(volume)) as honest:
        beside: list[Evidence] = []
        slow = threading.Thread(
            target=lambda: beside.append(run(honest, b"import time\ntime.sleep(2)\n" + HONEST))
        )
        slow.start()
        for code in range(8):
            assert run(crashing, f"import os\nos._exit({code})").ending.kind == "crashed"
        slow.join()
    assert [evidence.ending.kind for evidence in beside] == ["done"]
    assert replica.starts == starts


def test_a_cell_whose_parents_do_not_live_gives_up_and_says_so(
    replica: Replica, volume: Path
) -> None:
    with open_cell(settings(volume)):
        before = len(replica.exits)

    def gave_up() -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            if parent := replica.parent():
                parent.kill()
        return len(replica.exits) > before

    wait_for(gave_up, "the cell ends, as each of its parents is killed")
    assert replica.exits[before:] == [1]
    assert [one["reason"] for one in replica.said("cell.replaced")][-5:] == ["lost"] * 5
    assert len(replica.said("cell.gives_up")) == 1


def test_a_service_with_a_network_is_refused(tmp_path: Path) -> None:
    connected = Replica("connected", shared(tmp_path), network=True)
    try:
        with pytest.raises(CellUnavailable, match="give the container no network"):
            open_cell(settings(tmp_path))
        (said,) = connected.said("cell.below_the_floor")
        assert "give the container no network" in said["lacking"][0]
    finally:
        connected.stop()
