"""Owns the folder of a running cell: private, locked while its owner lives, swept when it died.

A process that is ended by SIGKILL cleans up nothing, so the next one to start a cell does.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "chainrule.cell."
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """A new folder in the temporary folder, which nobody else may enter."""

    def __init__(self) -> None:
        self._lock = -1
        while self._lock < 0:  # another process may have swept it before it was locked
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            with contextlib.suppress(FileNotFoundError):
                self._lock = _held(self.path)

    def remove(self) -> None:
        """Delete it; a second time does nothing."""
        if self._lock < 0:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)
        self._lock = -1


def _held(path: Path) -> int:
    """A descriptor that locks a folder as long as it is open. Raises FileNotFoundError."""
    folder = os.open(path, _OPEN_FOLDER)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        path.stat()
    except BaseException:
        os.close(folder)
        raise
    return folder


def sweep() -> list[str]:
    """Delete the folders of this user whose owner is gone; their names."""
    swept = []
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if _swept(path):
                    swept.append(path.name)
    return swept


def _swept(path: Path) -> bool:
    """Whether a folder was without an owner, and is gone now. Raises OSError where it is not ours.

    It is opened without following a link, and then only what was opened is looked at and emptied.
    """
    folder = os.open(path, _OPEN_FOLDER)
    try:
        if os.fstat(folder).st_uid != os.geteuid():
            return False
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for name in os.listdir(folder):
            os.unlink(name, dir_fd=folder)  # what a cell has in it are a socket and a file
        os.rmdir(path)
    finally:
        os.close(folder)
    return True
