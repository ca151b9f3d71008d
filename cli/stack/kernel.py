"""Owns what we ask of Linux for a process we start: to end with its parent, not to be root."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_ARG_END = 46
"""Where /proc/PID/stat, after the program's name, has the address at which the command ends."""


def end_with_parent(how: signal.Signals, parent: int) -> None:
    """Have the kernel send `how` to this process when the one that made it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it ended before the call
        os.kill(os.getpid(), how)


def show_as(word: str) -> None:
    """Have `ps` show this word in place of the last one of this process's command, which is at
    least as long."""
    last = Path("/proc/self/cmdline").read_bytes().split(b"\0")[-2]
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    if end := int(fields[_ARG_END]):
        ctypes.memmove(end - len(last) - 1, word.encode().ljust(len(last), b"\0"), len(last))


def starting(end: signal.Signals, *, as_user: int | None = None) -> tuple[str, ...]:
    """What to put before a command's words: it gets the signal `end` when this process ends, and
    sees itself as the uid `as_user`.

    This file is run first, and becomes the command. Python code between fork and exec could hang:
    threads run in the process that forks.
    """
    uid = "" if as_user is None else str(as_user)
    return (sys.executable, "-I", "-S", __file__, str(int(end)), uid, str(os.getpid()))


def user_for_postgres() -> int | None:
    """The uid under which Postgres agrees to run, or None where ours will do.

    Postgres refuses root, and initdb a uid without a name. In a user namespace of its own it is
    somebody else, while its files stay ours outside.
    """
    named = {entry.pw_uid for entry in pwd.getpwall()}
    own = os.geteuid()
    if own != 0 and own in named:
        return None
    return min((uid for uid in named if uid != 0), default=None)


def _become(uid: int) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {outer_gid} 1")


def _start(end: str, uid: str, parent: str, *command: str) -> None:
    if uid:
        _become(int(uid))
    end_with_parent(signal.Signals(int(end)), int(parent))  # last: a change of user would undo it
    os.execvp(command[0], command)  # noqa: S606 (what `starting` was given)


if __name__ == "__main__":
    _start(*sys.argv[1:])
