"""Owns what a child gives up: namespaces, privileges, descriptors, resources, system calls.

`Jail()` is built once in the parent. In a child, `enter` is for the steps that are dear and need
nothing of the submission; `close` is for the last ones, when its limits are known.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import sys
from collections.abc import Iterable

from . import landlock, seccomp

_SET_PDEATHSIG, _SET_DUMPABLE, _CAPBSET_DROP, _SET_NO_NEW_PRIVS = 1, 4, 24, 38
_SET_CHILD_SUBREAPER = 36
_CAPABILITY_AMBIENT, _AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITIES = 64
_NAMESPACES = 0x10000000 | 0x20000000 | 0x08000000  # user, pid, ipc
_CLONE = {"x86_64": 56, "aarch64": 220}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_PROBE_SPACE = 1 << 42

OPEN_FILES = 64
STACK_BYTES = 8 << 20

# PyDLL keeps the interpreter's lock: a fork must not leave another thread's view behind.
_libc = ctypes.PyDLL(None, use_errno=True)


def drop_root(uid: int) -> None:
    """Becomes an unprivileged user for good, when this is root. Raises OSError if it cannot."""
    if os.getuid() != 0:
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def adopt_orphans() -> None:
    """Has processes whose parent dies become children of this one, which can wait for their end."""
    _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def address_space() -> int:
    """The virtual size of this process in bytes, found without /proc.

    Under a known limit, the largest mapping that still fits tells what is in use.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _PROBE_SPACE if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    page = mmap.PAGESIZE
    fits, too_large = 0, limit // page + 1
    try:
        while too_large - fits > 1:
            middle = (fits + too_large) // 2
            try:
                mmap.mmap(-1, middle * page, flags=mmap.MAP_PRIVATE, prot=0).close()
                fits = middle
            except OSError:
                too_large = middle
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return limit - fits * page


class Jail:
    """What every child of one parent goes through."""

    def __init__(self, readable: Iterable[str], hidden: Iterable[str] = ()) -> None:
        """Files beneath `readable` can be read, and none beneath `hidden`."""
        self._filter = seccomp.Filter()
        self._rules = landlock.ruleset(readable, hidden)
        self._space = address_space()
        self._namespaces = True
        _libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        _libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)

    def fork(self) -> int:
        """Like os.fork, with user, pid and ipc namespaces of the child's own where allowed."""
        if self._namespaces:
            pid = self._fork_apart()
            if pid >= 0:
                return pid
            self._namespaces = False
        return os.fork()

    @staticmethod
    def _fork_apart() -> int:
        """One clone instead of the two forks that unshare would take; -1 when it is refused."""
        python = ctypes.pythonapi
        python.PyOS_BeforeFork()
        number = _CLONE[os.uname().machine]
        pid = int(_libc.syscall(number, _NAMESPACES | signal.SIGCHLD, 0, 0, 0, 0))
        if pid == 0:
            python.PyOS_AfterFork_Child()
        else:
            python.PyOS_AfterFork_Parent()
        return pid

    def enter(self, keep: Iterable[int]) -> None:
        """Gives up privileges, descriptors but `keep` (and 0 to 2), and fixed resources."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _drop_capabilities()
        _libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        _libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        for kind, value in (
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_SIGPENDING, 0),
            (resource.RLIMIT_STACK, STACK_BYTES),
        ):
            _limit(kind, value)
        if self._rules is not None and not landlock.restrict(self._rules):
            raise OSError(ctypes.get_errno(), "landlock")
        self._close_others(keep)
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)

    @staticmethod
    def _close_others(keep: Iterable[int]) -> None:
        low = 3
        for descriptor in sorted(keep):
            os.closerange(low, descriptor)
            low = descriptor + 1
        os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])

    def close(self, memory_mb: int, cpu_s: int) -> None:
        """The last steps: memory on top of what a warm child has, CPU time, system calls."""
        _limit(resource.RLIMIT_AS, self._space + (memory_mb << 20))
        _limit(resource.RLIMIT_CPU, cpu_s)
        self._filter.install()


def _limit(kind: int, value: int) -> None:
    """Sets both limits, so that there is no way back; never above what we may."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _drop_capabilities() -> None:
    """Empties every capability set; in a user namespace of its own a child starts with all."""
    for capability in range(_CAPABILITIES):
        _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0)
    _libc.prctl(_CAPABILITY_AMBIENT, _AMBIENT_CLEAR_ALL, 0, 0, 0)
    version_3_for_self = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    number = _CAPSET[os.uname().machine]
    if _libc.syscall(number, version_3_for_self, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def readable_paths() -> list[str]:
    """What a child must be able to read for Python's imports to go on working."""
    return [*sys.path, sys.base_prefix, "/usr/lib", "/lib", "/usr/lib64", "/lib64"]
