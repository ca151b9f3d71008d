"""Owns what a child can say of its own walls, by trying them."""

from __future__ import annotations

import ctypes
import json
import os
import socket
from collections.abc import Callable
from functools import partial

from . import landlock
from .jail import Jail

_GET_DUMPABLE, _GET_NO_NEW_PRIVS = 3, 39

_FOLDERS = ("/", "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108

Defences = dict[str, bool | int | str]

FLOOR = {
    "seccomp": "the kernel's system-call filter (seccomp) is off; it needs CONFIG_SECCOMP_FILTER",
    "no_new_privs": "a child can gain privileges (no_new_privs is off)",
    "no_network": "a network interface can be seen; give the container no network",
    "no_writing": "a child can write a file; make the container's root read-only",
    "not_root": "it runs as root; give the container an unprivileged user",
}
"""Defences without which no submission is run, and what to say of each."""


def missing(defences: Defences) -> list[str]:
    """Sentences about the parts of the floor that are not there."""
    return [sentence for name, sentence in FLOOR.items() if defences.get(name) is not True]


def examine(jail: Jail) -> Defences:
    """What a child that is forked for this question says; nothing when it does not live."""
    read, write = os.pipe()
    pid = jail.fork()
    if pid == 0:
        try:
            jail.enter(keep=(write,))
            found = before()
            jail.close(memory_mb=64, cpu_s=5)
            os.write(write, json.dumps(found | after()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as answer:
        said = answer.read()
    os.waitpid(pid, 0)
    return dict(json.loads(said)) if said else {}


def before() -> Defences:
    """What can be asked only while system calls are still free."""
    prctl = ctypes.CDLL(None).prctl
    return {
        "no_new_privs": prctl(_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
        "undumpable": prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 0,
        "own_pid_namespace": os.getpid() == 1,
        "no_network": {name for _, name in socket.if_nameindex()} <= {"lo"},
        "landlock": landlock.abi(),
        "not_root": os.getuid() != 0,
        "read_only": not any(os.access(folder, os.W_OK) for folder in _FOLDERS),
    }


def after() -> Defences:
    """What must fail once the child is closed."""
    calls: tuple[Callable[[], object], ...] = (
        os.fork,
        socket.socket,
        lambda: os.kill(0, 0),
        lambda: os.dup(0),
    )
    return {
        "seccomp": all(_refused(call) for call in calls),
        "no_writing": all(_refused(partial(_create, path)) for path in _FOLDERS),
    }


def _create(folder: str) -> None:
    os.close(os.open(f"{folder}/chainrule", os.O_CREAT | os.O_WRONLY))


def _refused(call: Callable[[], object]) -> bool:
    """Whether the kernel says no to a call that it allows anybody."""
    try:
        result = call()
    except PermissionError:
        return True
    if call is os.fork and result == 0:
        os._exit(0)
    return False
