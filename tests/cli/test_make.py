"""The make targets work from any folder, and end with whoever called them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.stack import alive, descendants
from tests.support.waiting import wait_for

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    """A folder that is not the checkout; what was made there once need not be made again."""
    with tempfile.TemporaryDirectory(prefix="chainrule-make-") as path:
        yield Path(path)


def make(*arguments: str) -> list[str]:
    return ["make", "--no-print-directory", "-C", str(CHECKOUT), *arguments]


def test_help_names_every_target_with_a_line_of_its_own() -> None:
    shown = subprocess.run(make(), capture_output=True, text=True, check=True).stdout
    for target in ("setup", "run", "test", "check", "bench"):
        assert f"make {target} " in shown


def test_a_missing_python_is_named() -> None:
    refused = subprocess.run(make("setup", "PYTHON=no-such-python"), capture_output=True, text=True)
    assert refused.returncode != 0
    assert "no-such-python" in refused.stderr
    assert "3.11" in refused.stderr


def test_a_python_that_cannot_make_environments_is_passed_over(tmp_path: Path) -> None:
    useless = tmp_path / "python3"
    useless.write_text("#!/bin/sh\nexit 1\n")
    useless.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    shown = subprocess.run(
        make("--dry-run", "setup"),
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (chosen,) = [line.split()[0] for line in shown.splitlines() if "bootstrap.py" in line]
    found = shutil.which(chosen, path=path)
    assert found is not None
    subprocess.run([found, "-c", "import ensurepip, venv"], check=True)


@pytest.mark.stack
@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_run_ends_when_make_does(elsewhere: Path, how: signal.Signals) -> None:
    log = elsewhere / "log"
    with log.open("w") as said:
        running = subprocess.Popen(
            make("run", "PORT=0", f"CHAINRULE_DATA={elsewhere / 'data'}"),
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=elsewhere,
            env={**os.environ, "CHAINRULE_DEMO_CLASS": "0", "CHAINRULE_WORKER_CONCURRENCY": "1"},
            start_new_session=True,
        )
    wait_for(lambda: "Chainrule is ready at" in log.read_text(), "the ready line", seconds=100)
    processes = descendants(running.pid)
    if how is signal.SIGKILL:
        running.kill()
    else:
        os.killpg(running.pid, how)  # as a terminal does at Ctrl-C
    running.wait(60)
    wait_for(lambda: not alive(processes), "everything to end with make", seconds=60)
    assert "Chainrule has stopped." in log.read_text()
