"""Owns a control group around a whole cell, where this process may make one: memory and processes.

It is a second wall: each child is limited by itself, this holds all of a cell together.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PROCESSES = 16
_DYING_SECONDS = 2.0
_V1_LIMITS = {"memory": "memory.limit_in_bytes", "pids": "pids.max"}
_V2_LIMITS = {"memory": "memory.max", "pids": "pids.max"}
_ENTER = 'while [ "$1" != -- ]; do echo 0 >"$1" || exit; shift; done; shift; exec "$@"'
"""A shell enters the group itself and becomes the command: Python code between fork and exec could
hang, since other threads run in the process that forks."""
_numbers = itertools.count()


class Group:
    """The folders of one cell's group: one in version 2, one for each controller in version 1."""

    def __init__(self, memory_mb: int) -> None:
        self._folders: list[Path] = []
        self.lacking = "none hands memory and processes on to this one"
        """Why there are no limits, where there are none."""
        name = f"chainrule-{os.getpid()}-{next(_numbers)}"
        values = {"memory": str(memory_mb << 20), "pids": str(PROCESSES)}
        for parent, limits in _parents():
            sweep(parent)
            try:
                folder = parent / name
                folder.mkdir()
                self._folders.append(folder)
                for controller, file in limits.items():
                    (folder / file).write_text(values[controller])
            except OSError as error:
                self.lacking = f"{error.filename}: {error.strerror}"
        self.limits = sorted({file for folder in self._folders for file in _set_in(folder, values)})

    def entering(self) -> list[str]:
        """What to put before a command's words, so that it starts in the group."""
        files = [str(folder / "cgroup.procs") for folder in self._folders]
        return ["/bin/sh", "-c", _ENTER, "sh", *files, "--"] if files else []

    def remove(self) -> None:
        """Removes the group as soon as the last of its processes, which are killed, is gone."""
        deadline = time.monotonic() + _DYING_SECONDS
        while self._folders and time.monotonic() < deadline:
            self._folders = [folder for folder in self._folders if not _removed(folder)]
            if self._folders:
                time.sleep(0.005)


def sweep(parent: Path) -> None:
    """Removes what dead processes have left; a group with a process in it stays."""
    for folder in parent.glob("chainrule-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            _removed(folder)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _set_in(folder: Path, values: dict[str, str]) -> Iterator[str]:
    """The controllers whose limit really stands."""
    for controller, value in values.items():
        for file in (_V1_LIMITS[controller], _V2_LIMITS[controller]):
            with contextlib.suppress(OSError):
                if (folder / file).read_text().strip() == value:
                    yield controller


def _parents() -> Iterator[tuple[Path, dict[str, str]]]:
    """Folders in which a group may be made, with the limits that can be set there."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in _V1_LIMITS:
            yield ROOT / controllers / path.lstrip("/"), {controllers: _V1_LIMITS[controllers]}
        elif not controllers:
            yield from _version_2(ROOT / path.lstrip("/"))


def _version_2(own: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The nearest group that hands memory and pids on to the groups in it."""
    for parent in (own, own.parent):
        with contextlib.suppress(OSError):
            handed_on = (parent / "cgroup.subtree_control").read_text().split()
            if {"memory", "pids"} <= set(handed_on) and os.access(parent, os.W_OK):
                yield parent, _V2_LIMITS
                return
