"""Owns the life of one child: wait for a connection, read the request, shut itself in, run it."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NoReturn

from .. import harness, protocol
from ..isolation import defences
from ..isolation.jail import Jail

READY, TAKEN = b"R", b"A"
STARTED = struct.Struct(f">d{protocol.KEY_BYTES}s{protocol.RUN_NAME_BYTES}s")
"""What the parent learns when the request is read: seconds it may take, key of the exit record,
name of the run."""

CROWDED_SECONDS = 0.004
"""For how long a child that rehearses may not be let to a processor: then others want it more."""
RETIRE = -1.0
"""Sent as the seconds of a connection that asks the whole cell to end."""


def serve(jail: Jail, listener: socket.socket, control: socket.socket) -> NoReturn:
    """Serves one connection of `listener` and ends the process.

    `control` leads to the parent; it is closed before any student code runs.
    """
    code = protocol.UNFINISHED
    try:
        jail.enter(keep=(listener.fileno(), control.fileno()))
        control.send(READY)  # Fails if the parent died before this child was bound to its life.
        crowded = _crowd()
        harness.rehearse(lambda: _knocked(listener) or crowded())
        connection, _ = listener.accept()
        socket.send_fds(control, [TAKEN], [connection.fileno()])
        connection.sendall(protocol.GREETING)
        _serve(jail, connection.detach(), listener, control)
        code = 0
    except MemoryError:
        code = protocol.OUT_OF_MEMORY
    finally:
        os._exit(code)


def _knocked(listener: socket.socket) -> bool:
    """Whether somebody wants to connect."""
    return bool(select.select([listener], [], [], 0)[0])


def _crowd() -> Callable[[], bool]:
    """A function that tells whether this process had to wait for a processor since now."""
    began = time.monotonic() - time.process_time()
    return lambda: time.monotonic() - time.process_time() - began > CROWDED_SECONDS


def _serve(jail: Jail, stream: int, listener: socket.socket, control: socket.socket) -> None:
    request = protocol.read_request(stream)
    limits: dict[str, Any] = request.header["limits"]
    retire = bool(request.header.get("retire"))
    wall_s = RETIRE if retire else limits["wall_s"]
    name = str(request.header.get("name", "")).encode("ascii", "replace")
    control.send(STARTED.pack(wall_s, protocol.exit_key(request.key), name))
    control.close()
    listener.close()
    if retire:
        return
    send = protocol.sender(stream, request.key)
    request.key[:] = bytes(protocol.KEY_BYTES)
    before = defences.before() if request.header.get("defences") else None
    harness.arm(limits)
    jail.close(limits["memory_mb"], limits["cpu_s"])
    if before is not None:
        send({"type": "defences", "defences": before | defences.after() | harness.autograd()}, b"")
        return
    harness.run(request.header, request.source, request.tensors, send, protocol.waiter(stream))
