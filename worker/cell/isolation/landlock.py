"""Owns the Landlock rules of a child: which files it may read, and that it reaches nobody else."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Iterator

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # the ABI that brought them: how many bits there are
_NETWORK_ABI, _SCOPE_ABI = 4, 6
_TCP_BIND_AND_CONNECT = _ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_syscall = ctypes.CDLL(None, use_errno=True).syscall


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    return max(0, int(_syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_FLAG)))


def ruleset(readable: Iterable[str], hidden: Iterable[str]) -> int | None:
    """A descriptor of rules that allow reading beneath `readable`, but for what is `hidden` there,
    and nothing else at all. Both are absolute paths.

    None where the kernel has no Landlock. Made once, before any child is forked.
    """
    version = abi()
    if version == 0:
        return None
    rights = max(bits for since, bits in _FILE_RIGHTS.items() if since <= version)
    attributes = struct.pack(
        "=QQQ",
        (1 << rights) - 1,
        _TCP_BIND_AND_CONNECT if version >= _NETWORK_ABI else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPE_ABI else 0,
    )
    size = 24 if version >= _SCOPE_ABI else 16 if version >= _NETWORK_ABI else 8
    rules = int(_syscall(_CREATE, attributes, ctypes.c_size_t(size), 0))
    if rules < 0:
        return None
    covered = frozenset(map(os.path.realpath, hidden))
    above = frozenset(folder for path in covered for folder in _folders_above(path))
    for path in readable:
        _allow_beneath(rules, os.path.realpath(path), covered, above)
    return rules


def _folders_above(path: str) -> Iterator[str]:
    while path != (path := os.path.dirname(path)):
        yield path


def _allow_beneath(rules: int, path: str, hidden: frozenset[str], above: frozenset[str]) -> None:
    """Rules only ever add: beside what is hidden, each file and folder has one of its own."""
    if path in hidden:
        return
    if path not in above:
        _allow(rules, path, _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE)
        return
    _allow(rules, path, _READ_DIR)
    for name in os.listdir(path):
        _allow_beneath(rules, os.path.join(path, name), hidden, above)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # It is not there, or this user may not see it anyway.
        return
    try:
        _syscall(_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def restrict(rules: int) -> bool:
    """Puts the rules on this process for good. It needs no_new_privs."""
    return bool(_syscall(_RESTRICT, rules, 0) == 0)
