"""When a cell is replaced, what that costs a submission, and what is left of a cell: nothing."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.support.cells import HONEST, Settings, run
from tests.support.waiting import wait_for
from worker.sandbox import Cell, CellFault, lifecycle, open_cell

pytestmark = pytest.mark.long

SLEEPY = b"import time\ntime.sleep(0.7)\n"
ASLEEP = b"import time\ntime.sleep(8)\n"
IDLE = 7
"""Processes of a cell at rest: bwrap outside and inside, the origin, a parent, a waiting child."""


def inside(container: psutil.Process) -> list[psutil.Process]:
    """Every process of a cell, its container's own ones too."""
    return [container, *container.children(recursive=True)]


def containers() -> set[int]:
    """The containers that this process has started and not ended."""
    return {child.pid for child in psutil.Process().children() if child.name() == "bwrap"}


@contextlib.contextmanager
def own_cell(
    submissions: int = 500, listener: lifecycle.Listener = lifecycle.unheard
) -> Iterator[tuple[Cell, psutil.Process]]:
    """A cell for one test alone, at rest, and its container."""
    others = containers()
    with open_cell(Settings(cell_submissions=submissions), listener) as opened:
        (container,) = containers() - others
        yield opened, psutil.Process(container)


def is_no_more(container: psutil.Process) -> bool:
    return container.pid not in containers()


class Shared:
    """A cell that the tests of this file have to themselves, and its container of the moment."""

    def __init__(self, cell: Cell, others: set[int]) -> None:
        self.cell = cell
        self._others = others

    def container(self) -> psutil.Process:
        """The container, which is another one after its end."""
        (pid,) = containers() - self._others
        return psutil.Process(pid)


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    others = containers()
    with open_cell(Settings()) as opened:
        yield Shared(opened, others)


def runs(child: psutil.Process) -> bool:
    """Whether a child has a submission: its system calls are cut down then."""
    return "Seccomp:\t2" in Path(f"/proc/{child.pid}/status").read_text()


def leaves(container: psutil.Process) -> list[psutil.Process]:
    """The processes of a cell that have no children: those that submissions run in."""
    return [one for one in inside(container) if not one.children()]


def running(others: set[int]) -> psutil.Process | None:
    """The container, apart from `others`, in which a child has a submission."""
    for pid in containers() - others:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            container = psutil.Process(pid)
            if any(map(runs, leaves(container))):
                return container
    return None


def at_rest(container: psutil.Process) -> list[psutil.Process]:
    """Every process of a cell, when it has come to rest."""

    def alone() -> list[psutil.Process]:
        # A process that has just ended has no entry in /proc, or one that can no longer be read.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):
            tree = inside(container)
            parents = tree[2].children() if len(tree) == IDLE else []
            rests = [len(one.children()) for one in parents] == [1, 1]
            return tree if rests and not any(map(runs, leaves(container))) else []
        return []

    return wait_for(alone, "only one child of each parent is left, and waits")


def parent_in(container: psutil.Process) -> int:
    """The older one of the processes that fork children, when the cell has come to rest."""
    origin = at_rest(container)[2]
    return min(child.pid for child in origin.children())


def test_honest_files_and_their_errors_leave_the_cell_as_it_is(shared: Shared) -> None:
    cell, container = shared.cell, shared.container()
    before = parent_in(container)
    for source in (HONEST, b"raise ValueError", b"def f(:", b"import os; os.fork()"):
        assert run(cell, source).ending.kind == "done"
    assert parent_in(container) == before


def test_a_process_that_ends_itself_has_all_replaced_that_it_has_met(shared: Shared) -> None:
    cell, container = shared.cell, shared.container()
    before = parent_in(container)
    assert run(cell, "import os\nos._exit(3)").ending.kind == "crashed"
    assert not psutil.pid_exists(before)
    assert parent_in(container) != before
    assert run(cell, HONEST).ending.kind == "done"


def test_a_parent_retires_after_its_number_of_submissions() -> None:
    with own_cell(submissions=3) as (cell, container):
        before = parent_in(container)
        kinds = [run(cell, HONEST).ending.kind for _ in range(5)]
        assert kinds == ["done"] * 5
        assert parent_in(container) != before


def test_a_cell_whose_processes_are_killed_goes_on(shared: Shared) -> None:
    cell, container = shared.cell, shared.container()
    for role in ("child", "parent", "origin"):
        origin = at_rest(container)[2]
        parent = origin.children()[0]
        {"origin": origin, "parent": parent, "child": parent.children()[0]}[role].kill()
        assert run(cell, HONEST).ending.kind == "done", role


def test_every_replacement_is_noted_with_its_reason() -> None:
    noted: list[str] = []
    with own_cell(submissions=6, listener=noted.append) as (cell, container):
        assert noted == ["started"]
        run(cell, HONEST)
        assert cell.runs == 1
        run(cell, "import os\nos._exit(3)")
        assert cell.runs == 2
        assert noted == ["started", "replaced odd"]
        for _ in range(7):
            run(cell, HONEST)
        assert noted == ["started", "replaced odd", "replaced retired", "replaced retired"]
        before = parent_in(container)
        psutil.Process(before).kill()
        wait_for(lambda: parent_in(container) != before, "a new parent and its child")
        run(cell, HONEST)
        assert noted[4:] == ["replaced lost"]
        container.kill()
        container.wait()
        run(cell, HONEST)
        assert noted[5:] == ["replaced lost", "started"]


def test_nobody_waits_for_a_submission_that_takes_its_time(shared: Shared) -> None:
    cell, container = shared.cell, shared.container()
    at_rest(container)
    slow = threading.Thread(target=run, args=(cell, b"import time\ntime.sleep(2)\n" + HONEST))
    slow.start()
    wait_for(lambda: any(map(runs, leaves(container))), "a child runs")
    assert run(cell, HONEST).ending.kind == "done"
    assert slow.is_alive()
    slow.join()


def test_a_submission_whose_cell_is_killed_is_run_again_in_a_fresh_one(shared: Shared) -> None:
    cell, container = shared.cell, shared.container()
    parent_in(container)

    def kill_while_it_runs() -> None:
        wait_for(lambda: any(map(runs, leaves(container))), "a child runs")
        container.kill()

    killer = threading.Thread(target=kill_while_it_runs)
    killer.start()
    evidence = run(cell, SLEEPY + HONEST)
    killer.join()
    assert evidence.ending.kind == "done"
    assert container.pid not in containers()


def test_a_submission_whose_cell_goes_down_each_time_is_our_fault_and_no_result(
    shared: Shared,
) -> None:
    cell, first = shared.cell, shared.container()
    others = containers() - {first.pid}

    def kill_whatever_runs_it() -> None:
        for _ in range(3):
            victim = wait_for(lambda: running(others), "a child runs")
            victim.kill()
            wait_for(partial(is_no_more, victim), "its end")

    killer = threading.Thread(target=kill_whatever_runs_it)
    killer.start()
    with pytest.raises(CellFault, match="whole cell went down"):
        run(cell, ASLEEP + HONEST)
    killer.join()
    assert run(cell, HONEST).ending.kind == "done"


def test_a_cells_folder_is_open_to_nobody_else_and_nothing_is_left_of_a_closed_one(
    tmp_path: Path,
) -> None:
    def groups() -> set[Path]:
        return set(Path("/sys/fs/cgroup").glob(f"**/chainrule-{os.getpid()}-*"))

    other_groups = groups()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path))
        with own_cell() as (cell, container):
            everything = inside(container)
            (folder,) = tmp_path.iterdir()
            assert folder.stat().st_mode & 0o077 == 0
            run(cell, HONEST)
    _, alive = psutil.wait_procs(everything, timeout=5)
    assert not alive
    assert not list(tmp_path.iterdir())
    assert groups() == other_groups
