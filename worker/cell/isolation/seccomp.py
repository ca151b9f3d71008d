"""Owns the list of system calls that a submission may make, and its BPF program.

Everything that is not listed fails with EPERM, which Python shows as a PermissionError: an honest
file that tries to write a plot goes on, a hostile one gets nowhere.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import NamedTuple

_LOAD, _AND, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGS_AT = 0, 4, 16
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000

_READ_ONLY_FLAGS = (
    os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | 0o100000
)  # the last is O_LARGEFILE, which Python's os gives as 0 on 64 bits
_PROT_WRITE, _PROT_EXEC, _MAP_ANONYMOUS = 2, 4, 0x20
_FUTEX_WAIT_AND_WAKE = (0, 1, 9, 10)
_FCNTL_GETFD, _FCNTL_SETFD, _FCNTL_GETFL = 1, 2, 3


class Machine(NamedTuple):
    """An architecture: its audit number, its column in the tables, and how it enters a filter."""

    audit: int
    column: int
    seccomp: int


MACHINES = {"x86_64": Machine(0xC000003E, 0, 317), "aarch64": Machine(0xC00000B7, 1, 277)}

# Name: number on x86-64, number on aarch64 (None where the architecture has no such call).
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # memory and time
    "brk": (12, 214),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "restart_syscall": (219, 128),
    "rt_sigreturn": (15, 139),  # out of the one handler there is, which was set before
    "getrusage": (98, 165),
    "times": (100, 153),
    # descriptors that are open, and looking at files
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "lseek": (8, 62),
    "close": (3, 57),
    "fstat": (5, 80),
    "stat": (4, None),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    # about oneself
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "getrandom": (318, 278),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
# Allowed for some arguments only; `_conditions` says which.
CONDITIONAL: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None),
    "openat": (257, 56),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "futex": (202, 98),
    "fcntl": (72, 25),
    "clone3": (435, 435),
}


def _op(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, k & 0xFFFFFFFF)


def _argument(index: int) -> bytes:
    """Loads the low half of an argument; both architectures are little-endian."""
    return _op(_LOAD, _ARGS_AT + 8 * index)


_DENY = _op(_RETURN, _ERRNO | errno.EPERM)
_PASS = _op(_RETURN, _ALLOW)


def _no_bits(index: int, bits: int) -> list[bytes]:
    """Passes when none of `bits` is set in an argument."""
    return [_argument(index), _op(_JSET, bits, 0, 1), _DENY, _PASS]


def _one_of(index: int, values: tuple[int, ...], mask: int = 0xFFFFFFFF) -> list[bytes]:
    """Passes when an argument, masked, is one of `values`."""
    tests = [_op(_JEQ, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [_argument(index), _op(_AND, mask), *tests, _DENY, _PASS]


def _conditions(name: str) -> list[bytes]:
    """The instructions after the number matched; each way through them ends in a return."""
    if name == "clone3":
        # glibc then falls back to clone, which is refused: "can't start new thread", and no more.
        return [_op(_RETURN, _ERRNO | errno.ENOSYS)]
    if name in ("open", "openat"):
        return _no_bits(1 if name == "open" else 2, ~_READ_ONLY_FLAGS)
    if name == "mprotect":
        return _no_bits(2, _PROT_EXEC)
    if name == "futex":
        return _one_of(1, _FUTEX_WAIT_AND_WAKE, 0x7F)
    if name == "fcntl":
        return _one_of(1, (_FCNTL_GETFD, _FCNTL_SETFD, _FCNTL_GETFL))
    # mmap: code may be mapped from (read-only) files, for imports, and from nowhere else.
    return [
        _argument(2),
        _op(_JSET, _PROT_EXEC, 1, 0),
        _PASS,
        _op(_JSET, _PROT_WRITE, 3, 0),
        _argument(3),
        _op(_JSET, _MAP_ANONYMOUS, 1, 0),
        _PASS,
        _DENY,
    ]


def program(machine: Machine) -> bytes:
    """The filter as an array of `struct sock_filter`."""
    x32 = [_op(_JGE, 0x40000000, 0, 1), _op(_RETURN, _KILL_PROCESS)] if machine.column == 0 else []
    code = [
        _op(_LOAD, _ARCH_AT),
        _op(_JEQ, machine.audit, 1, 0),
        _op(_RETURN, _KILL_PROCESS),
        _op(_LOAD, _NUMBER_AT),
        *x32,
    ]
    for numbers in ALLOWED.values():
        if (number := numbers[machine.column]) is not None:
            code += [_op(_JEQ, number, 0, 1), _PASS]
    for name, numbers in CONDITIONAL.items():
        if (number := numbers[machine.column]) is not None:
            body = _conditions(name)
            code += [_op(_JEQ, number, 0, len(body)), *body]
    return b"".join([*code, _DENY])


class Filter:
    """A program ready to be installed; built once, before any child is forked."""

    def __init__(self) -> None:
        machine = MACHINES.get(os.uname().machine)
        if machine is None:
            raise OSError(f"no system-call filter for the architecture {os.uname().machine}")
        code = program(machine)
        self._code = ctypes.create_string_buffer(code, len(code))
        # struct sock_fprog: a count of 8-byte instructions, padding, a pointer to them.
        self._fprog = ctypes.create_string_buffer(
            struct.pack("@HP", len(code) // 8, ctypes.addressof(self._code))
        )
        self._number = machine.seccomp
        self._syscall = ctypes.CDLL(None, use_errno=True).syscall

    def install(self) -> None:
        """Puts the filter on this process for good. It needs no_new_privs. Raises OSError."""
        set_mode_filter = 1
        fprog = ctypes.byref(self._fprog)
        if self._syscall(self._number, set_mode_filter, 0, fprog) != 0:
            raise OSError(ctypes.get_errno(), "seccomp")
