"""Owns reaching cells that somebody else runs: containers that listen on a shared volume."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from pathlib import Path

from worker.sandbox import session
from worker.sandbox.defences import Defences
from worker.sandbox.limits import Limits

RESTART_SECONDS = 45.0
"""How long to wait for a container to come back when none is there."""
_RETIRE_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.1
_ENDINGS = ("", ".direct")
"""What a replica's sockets have at the end of their names, for each kind of run."""


class Service:
    """A provider of cells: any socket at `path`, or in it when it is a folder of replicas."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: dict[int, Path] = {}

    def connect(self, kind: int) -> socket.socket:
        """A connection to a replica picked at random, once there is one that answers."""
        deadline = time.monotonic() + RESTART_SECONDS
        while True:
            for path in self._candidates():
                with contextlib.suppress(OSError):
                    place = path.with_name(path.name + _ENDINGS[kind])
                    stream = _connect(place)
                    self._last[kind] = place
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
        """Has the replicas replace what ran last in them, and waits until that takes nobody new."""
        request, _ = session.pack_request({"retire": True, "source": 0}, b"", Limits())
        for place in self._last.values():
            with contextlib.suppress(OSError, session.NotStarted), _connect(place) as stream:
                session.submit(stream, request, _RETIRE_SECONDS)
                while stream.recv(1 << 10):
                    pass

    def close(self) -> None:
        """Nothing: a replica serves others, and outlives its users."""

    def defences(self) -> Defences:
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
