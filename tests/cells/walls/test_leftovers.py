"""What a cell's owner leaves behind when it is killed is gone once another cell starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import wait_for
from worker.sandbox.container import cgroups, folders

pytestmark = pytest.mark.long

OWNER = (
    "import time; from worker.sandbox.container.folders import Folder; f = Folder(); "
    "time.sleep(1000)"
)
NOBODY = 65534


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_of_a_killed_process_is_swept_and_that_of_a_living_one_stays(
    temporary: Path,
) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], env=os.environ | {"TMPDIR": temporary})
    (theirs,) = wait_for(lambda: list(temporary.iterdir()), "the other process's folder")
    ours = folders.Folder()
    (ours.path / "cell").touch()
    assert folders.sweep() == []
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    (theirs / "errors").touch()
    assert folders.sweep() == [theirs.name]
    assert list(temporary.iterdir()) == [ours.path]
    ours.remove()
    ours.remove()
    assert list(temporary.iterdir()) == []


def test_links_are_not_followed_and_what_is_no_folder_of_a_cell_stays(temporary: Path) -> None:
    precious = temporary / "precious"
    precious.mkdir()
    (precious / "thesis.tex").touch()
    (temporary / "chainrule.cell.link").symlink_to(precious)
    (temporary / "chainrule.cell.file").touch()
    odd = temporary / "chainrule.cell.odd"
    (odd / "folder").mkdir(parents=True)
    assert folders.sweep() == []
    assert (precious / "thesis.tex").exists()
    assert (odd / "folder").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can have another user's folder")
def test_folders_of_other_users_stay(temporary: Path) -> None:
    other = temporary / "chainrule.cell.other"
    other.mkdir()
    os.chown(other, NOBODY, NOBODY)
    assert folders.sweep() == []
    assert other.exists()


def test_groups_of_dead_processes_are_removed(tmp_path: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    dead, alive = (tmp_path / f"chainrule-{pid}-0" for pid in (done.pid, os.getpid()))
    dead.mkdir()
    alive.mkdir()
    cgroups.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [alive]
