"""Owns what a child can say of its own walls, by trying them."""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable
from functools import partial

from . import landlock

_GET_DUMPABLE, _GET_NO_NEW_PRIVS = 3, 39

_FOLDERS = ("/", "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108

Layers = dict[str, bool | int]


def before() -> Layers:
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


def after() -> Layers:
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
