"""Owns the life of one child: wait for a connection, read the request, lock the door, run it."""

from __future__ import annotations

import os
import select
import socket
import struct
from typing import Any, NoReturn

from . import frames, harness, layers
from .jail import Jail

READY, TAKEN = b"R", b"A"
STARTED = struct.Struct(f">d{frames.KEY_BYTES}s{frames.RUN_NAME_BYTES}s")
"""What the parent learns when the request is read: seconds it may take, key of the exit record,
name of the run."""

QUIET_SECONDS = 0.05
"""How long nobody may have come before it is time to rehearse; a busy host has better to do."""
RETIRE = -1.0
"""Sent as the seconds of a connection that asks the whole cell to end."""


def serve(jail: Jail, listener: socket.socket, control: socket.socket) -> NoReturn:
    """Serves one connection of `listener` and ends the process.

    `control` leads to the parent; it is closed before any student code runs.
    """
    code = frames.UNFINISHED
    try:
        jail.enter(keep=(listener.fileno(), control.fileno()))
        control.send(READY)  # Fails if the parent died before this child was bound to its life.
        if not _knocked(listener, QUIET_SECONDS):
            harness.rehearse(lambda: _knocked(listener))
        connection, _ = listener.accept()
        socket.send_fds(control, [TAKEN], [connection.fileno()])
        connection.sendall(frames.GREETING)
        _serve(jail, connection.detach(), listener, control)
        code = 0
    except MemoryError:
        code = frames.OUT_OF_MEMORY
    finally:
        os._exit(code)


def _knocked(listener: socket.socket, seconds: float = 0) -> bool:
    """Whether somebody wants to connect, or does within the time."""
    return bool(select.select([listener], [], [], seconds)[0])


def _serve(jail: Jail, stream: int, listener: socket.socket, control: socket.socket) -> None:
    request = frames.read_request(stream)
    limits: dict[str, Any] = request.header["limits"]
    retire = bool(request.header.get("retire"))
    wall_s = RETIRE if retire else limits["wall_s"]
    name = str(request.header.get("name", "")).encode("ascii", "replace")
    control.send(STARTED.pack(wall_s, frames.exit_key(request.key), name))
    control.close()
    listener.close()
    if retire:
        return
    send = frames.sender(stream, request.key)
    request.key[:] = bytes(frames.KEY_BYTES)
    before = layers.before() if request.header.get("layers") else None
    harness.arm(limits)
    jail.close(limits["memory_mb"], limits["cpu_s"])
    if before is not None:
        send({"type": "layers", "layers": before | layers.after()}, b"")
        return
    harness.run(request.header, request.source, request.tensors, send, frames.waiter(stream))
