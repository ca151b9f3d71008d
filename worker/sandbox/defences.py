"""Owns asking a cell which of its walls stand, and the floor below which nothing is run."""

from __future__ import annotations

import socket

from worker.cell.isolation.defences import Defences, missing
from worker.sandbox import session
from worker.sandbox.decoding.frames import Stream, Violation
from worker.sandbox.limits import Limits

__all__ = ["Defences", "ask", "describe", "missing"]

_CONTAINERS = {"bubblewrap": "bubblewrap", "service": "a cell service"}
_PARTS = {
    "own_pid_namespace": "namespaces",
    "seccomp": "seccomp",
    "landlock": "Landlock",
    "cgroup": "control group",
    "without_autograd": "runs without autograd",
}


def ask(stream: socket.socket, patience: float) -> Defences:
    """Has a child try its own walls. Raises session.NotStarted when none answers."""
    limits = Limits()
    request, key = session.pack_request({"defences": True, "source": 0}, b"", limits)
    session.submit(stream, request, patience)
    incoming = Stream(key, limits)
    try:
        while data := stream.recv(1 << 16):
            for frame in incoming.feed(data):
                found = frame.header.get("defences")
                if isinstance(found, dict):
                    return {str(name): value for name, value in found.items()}
    except (OSError, Violation) as error:
        raise session.NotStarted(f"the cell could not describe itself: {error}") from error
    record = incoming.exit()
    raise session.NotStarted(f"the cell ended while it described itself ({record})")


def describe(defences: Defences) -> str:
    """The defences in a line for people: what is on, and what is not."""
    names = {name: word for name, word in _PARTS.items() if name in defences}
    on = [word for name, word in names.items() if defences[name]]
    off = [word for name, word in names.items() if not defences[name]]
    text = f"{_CONTAINERS.get(str(defences['container']), 'unknown')} with {', '.join(on)}, rlimits"
    if not off:
        return text
    why = f" ({defences['no_cgroup']})" if "no_cgroup" in defences else ""
    return f"{text}; no {' and no '.join(off)}{why}"
