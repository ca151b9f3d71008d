"""A run of the tests leaves no process and no file behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes.run import processes
from tests.support.processes.stack import alive
from tests.support.waiting import wait_for

pytestmark = pytest.mark.long

_TEST = """
import os, subprocess, tempfile, threading

def test_that_waits():
    # One that ends with nobody, as a server that a test has started.
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    tempfile.mkdtemp()
    print(tempfile.gettempdir(), file=open({said!r}, "w"), flush=True)
    threading.Event().wait({seconds})
"""


@pytest.mark.parametrize(
    ("killed", "processes_of_it"),
    [(True, 0), (True, 1), (False, 0)],
    ids=["killed", "killed with its processes", "at its end"],
)
def test_nothing_is_left_behind(tmp_path: Path, killed: bool, processes_of_it: int) -> None:
    said, test = tmp_path / "said", tmp_path / "test_it.py"
    test.write_text(_TEST.format(said=str(said), seconds=None if killed else 0))
    options = ("--confcutdir=.", "-p", "tests.conftest", "-p", "no:cacheprovider")
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, f"-n{processes_of_it}", str(test)],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTEST_DEBUG_TEMPROOT": str(tmp_path)},
    )
    folder = Path(wait_for(lambda: said.exists() and said.read_text().strip(), "the test to run"))
    left = processes(folder)
    assert left
    if killed:
        running.send_signal(signal.SIGKILL)
    running.wait(60)
    wait_for(lambda: not folder.exists(), "everything to be cleared away")
    assert alive(left) == []
