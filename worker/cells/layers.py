"""Owns asking a cell which of its walls stand, and the floor below which nothing is run."""

from __future__ import annotations

import socket

from worker.cells import session
from worker.cells.limits import Limits
from worker.cells.wire import Stream, Violation

Layers = dict[str, bool | int | str]

FLOOR = {
    "seccomp": "the kernel's system-call filter (seccomp) is off; it needs CONFIG_SECCOMP_FILTER",
    "no_new_privs": "a child can gain privileges (no_new_privs is off)",
    "no_network": "a network interface can be seen; give the container no network",
    "no_writing": "a child can write a file; make the container's root read-only",
    "not_root": "it runs as root; give the container an unprivileged user",
}
"""Layers without which no submission is run, and what to say of each."""


def ask(stream: socket.socket, patience: float) -> Layers:
    """Has a child try its own walls. Raises session.NotStarted when none answers."""
    limits = Limits()
    request, key = session.pack_request({"layers": True}, b"", limits, 0)
    session.submit(stream, request, patience)
    incoming = Stream(key, limits)
    try:
        while data := stream.recv(1 << 16):
            for frame in incoming.feed(data):
                found = frame.header.get("layers")
                if isinstance(found, dict):
                    return {str(name): value for name, value in found.items()}
    except (OSError, Violation) as error:
        raise session.NotStarted(f"the cell could not describe itself: {error}") from error
    record = incoming.exit()
    raise session.NotStarted(f"the cell ended while it described itself ({record})")


def missing(layers: Layers) -> list[str]:
    """Sentences about the parts of the floor that are not there."""
    return [sentence for name, sentence in FLOOR.items() if layers.get(name) is not True]
