"""When a cell is replaced, what that costs a submission, and what is left of a cell: nothing."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import psutil
import pytest

from tests.support.cells import HONEST, Settings, run
from tests.support.waiting import wait_for
from worker.cells import Cell, open_cell

IDLE = 4
"""Processes of a cell at rest: bwrap outside, bwrap inside, the parent, a child that waits."""


def inside(cell_process: psutil.Process) -> list[psutil.Process]:
    """Every process of a cell, its container's own ones too."""
    return [cell_process, *cell_process.children(recursive=True)]


def containers() -> set[int]:
    """The containers that this process has started and not ended."""
    return {child.pid for child in psutil.Process().children() if child.name() == "bwrap"}


def test_honest_files_and_their_errors_leave_the_cell_as_it_is(cell: Cell) -> None:
    run(cell, HONEST)
    before = containers()
    for source in (HONEST, b"raise ValueError", b"def f(:", b"import os; os.fork()"):
        assert run(cell, source).ending.kind == "done"
    assert containers() == before


def test_a_process_that_ends_itself_has_its_cell_replaced(cell: Cell) -> None:
    run(cell, HONEST)
    before = containers()
    assert run(cell, "import os\nos._exit(3)").ending.kind == "crashed"
    assert not containers() & before
    assert run(cell, HONEST).ending.kind == "done"


def test_a_cell_retires_after_its_number_of_submissions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.cells.bubblewrap._SPARE", 1)
    others = containers()
    with open_cell(Settings(cell_submissions=3)) as worn:
        before = containers() - others
        kinds = [run(worn, HONEST).ending.kind for _ in range(5)]
        assert kinds == ["done"] * 5
        assert before
        assert not containers() & before


def test_a_cell_that_died_between_two_submissions_is_not_noticed(cell: Cell) -> None:
    run(cell, HONEST)
    others = containers()
    with open_cell(Settings()) as own:
        (container,) = containers() - others
        os.kill(container, signal.SIGKILL)
        assert run(own, HONEST).ending.kind == "done"


def test_a_submission_whose_cell_is_killed_is_run_again_in_a_fresh_one() -> None:
    others = containers()
    with open_cell(Settings()) as own:
        (container,) = containers() - others
        everything = psutil.Process(container)
        wait_for(lambda: len(inside(everything)) == IDLE, "only one child is left, and waits")

        def kill_while_it_runs() -> None:
            wait_for(lambda: len(inside(everything)) > IDLE, "one child runs, another waits")
            everything.kill()

        killer = threading.Thread(target=kill_while_it_runs)
        killer.start()
        evidence = run(own, b"import time\ntime.sleep(0.7)\n" + HONEST)
        killer.join()
        assert evidence.ending.kind == "done"
        assert container not in containers()


def test_a_closed_cell_leaves_no_process_no_folder_and_no_group(tmp_path: Path) -> None:
    def groups() -> set[Path]:
        return set(Path("/sys/fs/cgroup").glob(f"**/chainrule-{os.getpid()}-*"))

    others, other_groups = containers(), groups()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path))
        with open_cell(Settings()) as own:
            (container,) = containers() - others
            everything = inside(psutil.Process(container))
            assert list(tmp_path.iterdir())
            run(own, HONEST)
    _, alive = psutil.wait_procs(everything, timeout=5)
    assert not alive
    assert not list(tmp_path.iterdir())
    assert groups() == other_groups


def test_the_folder_of_a_cell_is_open_to_nobody_else(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path))
        with open_cell(Settings()):
            (folder,) = tmp_path.iterdir()
            assert folder.stat().st_mode & 0o077 == 0
