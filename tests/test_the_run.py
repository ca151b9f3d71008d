"""A run of the tests leaves no process and no file behind, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.processes.run import processes
from tests.support.processes.stack import alive
from tests.support.waiting import wait_for

pytestmark = pytest.mark.long

_TEST = """
import os, subprocess, tempfile, time

def test_that_waits():
    # One that ends with nobody, as a server that a test has started.
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    tempfile.mkdtemp()
    print(tempfile.gettempdir(), file=open({said!r}, "w"), flush=True)
    while os.path.exists({said!r}):
        time.sleep(0.05)
"""


_ENDS = {"killed": 0, "killed with its processes": 1, "at its end": 0}
"""Each way to end, with how many processes beside its first the run has."""


@dataclass
class Ended:
    """A run that has ended, or is about to; its folder and its processes may still be there."""

    process: subprocess.Popen[bytes]
    folder: Path
    left: list[int]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """All of them at once, since each is given the same time to end what it left by itself."""
    begun = {how: _begun(how, tmp_path_factory.mktemp("run")) for how in _ENDS}
    try:
        return {how: _seen(process, said) for how, (process, said) in begun.items()}
    finally:
        for how, (process, said) in begun.items():
            if "killed" in how:
                process.kill()
            said.unlink(missing_ok=True)


def _begun(how: str, folder: Path) -> tuple[subprocess.Popen[bytes], Path]:
    said, test = folder / "said", folder / "test_it.py"
    test.write_text(_TEST.format(said=str(said)))
    options = ("--confcutdir=.", "-p", "tests.conftest", "-p", "xdist", "-p", "no:cacheprovider")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, f"-n{_ENDS[how]}", str(test)],
        stdout=subprocess.DEVNULL,
        env=os.environ
        | {"PYTEST_DEBUG_TEMPROOT": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    return process, said


def _seen(process: subprocess.Popen[bytes], said: Path) -> Ended:
    folder = Path(wait_for(lambda: said.exists() and said.read_text().strip(), "the test to run"))
    return Ended(process, folder, processes(folder))


@pytest.mark.parametrize("how", _ENDS)
def test_nothing_is_left_behind(runs: dict[str, Ended], how: str) -> None:
    run = runs[how]
    assert run.left
    run.process.wait(60)
    wait_for(lambda: not run.folder.exists(), "everything to be cleared away")
    assert alive(run.left) == []
