"""Owns reaching cells that somebody else runs: containers that listen on a shared volume."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from pathlib import Path

from worker.cells import session
from worker.cells.layers import Layers
from worker.cells.limits import Limits

RESTART_SECONDS = 45.0
"""How long to wait for a container to come back when none is there."""
_RETIRE_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.1


class Service:
    """A provider of cells: any socket at `path`, or in it when it is a folder of replicas."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: Path | None = None

    def connect(self) -> socket.socket:
        """A connection to a replica picked at random, once there is one that answers."""
        deadline = time.monotonic() + RESTART_SECONDS
        while True:
            for path in self._candidates():
                with contextlib.suppress(OSError):
                    stream = _connect(path)
                    self._last = path
                    return stream
            if time.monotonic() > deadline:
                raise ConnectionError(f"no cell listens at {self._path}")
            time.sleep(_LOOK_AGAIN_SECONDS)

    def _candidates(self) -> list[Path]:
        if not self._path.is_dir():
            return [self._path]
        paths = list(self._path.glob("*.sock"))
        random.shuffle(paths)
        return paths

    def replace(self) -> None:
        """Has the replica end itself, and waits until it takes nobody new."""
        if self._last is None:
            return
        request, _ = session.pack_request({"retire": True}, b"", Limits(), 0)
        with contextlib.suppress(OSError, session.NotStarted), _connect(self._last) as stream:
            session.submit(stream, request, _RETIRE_SECONDS)
            while stream.recv(1 << 10):
                pass

    def close(self) -> None:
        """Nothing: a replica serves others, and outlives its users."""

    def layers(self) -> Layers:
        return {"container": "service"}

    def complaint(self) -> str:
        return f"no cell answers at {self._path}; see the log of the `cell` service"


def _connect(path: Path) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX)
    try:
        stream.connect(str(path))
    except OSError:
        stream.close()
        raise
    return stream
