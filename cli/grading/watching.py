"""Owns waiting for files to be saved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

_WAITS: dict[str, Any] = {"rust_timeout": 500, "yield_on_timeout": True}


def saved(paths: list[str]) -> Iterator[str]:
    """All paths, and then each one again whenever it was saved."""
    from watchfiles import watch

    graded: dict[str, object] = {}
    # Folders, since many editors save a file by putting another one in its place. What was saved
    # while files were graded is found when the first wait is over.
    folders = {Path(path).resolve().parent for path in paths}
    changes = watch(*folders, raise_interrupt=False, recursive=False, **_WAITS)
    for _ in chain([()], changes):
        for path in paths:
            stamp = _stamp(Path(path))
            if path not in graded or (stamp is not None and stamp != graded[path]):
                graded[path] = stamp
                yield path


def _stamp(path: Path) -> object:
    """What changes when a file is saved; None where there is none just now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
