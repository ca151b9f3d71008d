"""What the kernel refuses a closed child, asked by raw system calls that no Python code checks."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import ctypes, os, sys
from worker.cell.isolation.jail import Jail, readable_paths
libc = ctypes.CDLL(None, use_errno=True)
jail = Jail(readable_paths())
pid = jail.fork()
if pid == 0:
    jail.enter(keep=())
    jail.close(memory_mb=256, cpu_s=5)
    print(eval(sys.argv[1]), ctypes.get_errno(), flush=True)
    os._exit(0)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if status < 0:
    os.kill(os.getpid(), -status)
sys.exit(status)
"""
X86_64 = {
    "execve": (59, "b'/bin/sh', 0, 0"),
    "execveat": (322, "-100, b'/bin/sh', 0, 0, 0"),
    "fork": (57, ""),
    "vfork": (58, ""),
    "clone": (56, "17, 0, 0, 0, 0"),
    "kill everybody": (62, "-1, 9"),
    "kill the parent": (62, "os.getppid(), 9"),
    "tgkill": (234, "os.getpid(), os.getpid(), 6"),
    "ptrace": (101, "0, 0, 0, 0"),
    "process_vm_readv": (310, "1, 0, 0, 0, 0, 0"),
    "process_vm_writev": (311, "1, 0, 0, 0, 0, 0"),
    "socket": (41, "2, 1, 0"),
    "socketpair": (53, "1, 1, 0, 0"),
    "connect": (42, "0, 0, 0"),
    "sendmsg": (46, "0, 0, 0"),
    "open to write": (2, "b'/tmp/x', 0o101, 0o600"),
    "openat to write": (257, "-100, b'/tmp/x', 0o1, 0"),
    "openat2": (437, "-100, b'/tmp/x', 0, 24"),
    "creat": (85, "b'/tmp/x', 0o600"),
    "unlink": (87, "b'/tmp/x'"),
    "rename": (82, "b'/tmp/x', b'/tmp/y'"),
    "symlink": (88, "b'/tmp/x', b'/tmp/y'"),
    "chmod": (90, "b'/tmp', 0o777"),
    "truncate": (76, "b'/tmp/x', 0"),
    "memfd_create": (319, "b'x', 0"),
    "memfd_secret": (447, "0"),
    "shmget": (29, "0, 4096, 0o1777"),
    "msgget": (68, "0, 0o1777"),
    "mq_open": (240, "b'/x', 0o102, 0o777, 0"),
    "setuid": (105, "0"),
    "unshare": (272, "0x10000000"),
    "setns": (308, "0, 0"),
    "mount": (165, "0, b'/', 0, 0, 0"),
    "umount2": (166, "b'/', 0"),
    "pivot_root": (155, "b'/', b'/'"),
    "chroot": (161, "b'/'"),
    "prctl": (157, "4, 1, 0, 0, 0"),
    "seccomp": (317, "1, 0, 0"),
    "bpf": (321, "0, 0, 0"),
    "perf_event_open": (298, "0, 0, -1, -1, 0"),
    "userfaultfd": (323, "0"),
    "io_uring_setup": (425, "1, 0"),
    "keyctl": (250, "0, 0, 0, 0, 0"),
    "add_key": (248, "0, 0, 0, 0, 0"),
    "rt_sigaction": (13, "10, 0, 0, 8"),
    "setitimer": (38, "0, 0, 0"),
    "timer_create": (222, "0, 0, 0"),
    "prlimit64": (302, "0, 7, 0, 0"),
    "setpriority": (141, "0, 0, 19"),
    "ioctl (push characters)": (16, "0, 0x5412, b'x'"),
    "fcntl (own a signal)": (72, "0, 8, 1"),
    "pidfd_open": (434, "1, 0"),
    "name_to_handle_at": (303, "-100, b'/', 0, 0, 0"),
    "personality": (135, "0x0400000"),
    "mmap of code": (9, "0, 4096, 7, 0x22, -1, 0"),
    "mprotect to code": (10, "0, 4096, 5"),
}


def ask(expression: str, program: str = PROGRAM) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, expression],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=30,
        check=False,
    )


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls on x86-64")
def test_every_system_call_that_could_reach_out_is_refused() -> None:
    calls = ", ".join(
        f"({name!r}, libc.syscall({number}, {arguments}), ctypes.get_errno())"
        if arguments
        else f"({name!r}, libc.syscall({number}), ctypes.get_errno())"
        for name, (number, arguments) in X86_64.items()
    )
    done = ask(f"[{calls}]")
    assert done.returncode == 0, done.stderr
    answers = eval(done.stdout.rpartition(" ")[0])
    allowed = [name for name, result, code in answers if (result, code) != (-1, errno.EPERM)]
    assert not allowed


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls on x86-64")
@pytest.mark.parametrize("number", [59 | 0x40000000, 512 | 0x40000000])
def test_the_other_numbering_of_system_calls_is_death(number: int) -> None:
    assert ask(f"libc.syscall({number}, 0, 0, 0)").returncode == -signal.SIGSYS


@pytest.mark.parametrize(
    "harmless",
    [
        "len(os.listdir(sys.base_prefix)) > 0",
        "open(os.__file__).readline() != ''",
        "__import__('time').sleep(0.01) is None",
        "len(os.urandom(8)) == 8",
        "os.cpu_count() > 0",
        "__import__('sqlite3') is not None",
        "__import__('threading').Lock().acquire(timeout=0.01)",
    ],
)
def test_harmless_things_go_on_working(harmless: str) -> None:
    done = ask(harmless)
    assert done.stdout.startswith("True"), done.stdout + done.stderr


def test_a_child_has_no_descriptor_but_the_standard_ones() -> None:
    done = ask("sum(libc.fcntl(n, 1) != -1 for n in range(3, 1024))")
    assert done.stdout.startswith("0"), done.stdout + done.stderr


def test_a_child_cannot_be_dumped_and_cannot_gain_privileges() -> None:
    not_yet_closed = PROGRAM.replace("jail.close(memory_mb=256, cpu_s=5)", "")
    done = ask("libc.prctl(3, 0, 0, 0, 0), libc.prctl(39, 0, 0, 0, 0)", not_yet_closed)
    assert done.stdout.startswith("(0, 1)"), done.stdout + done.stderr
