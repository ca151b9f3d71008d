"""Owns what we ask of Linux for a process we start: to end with its parent, not to be root."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000


def end_with_parent(how: signal.Signals, parent: int) -> None:
    """Have the kernel send `how` to this process when the one that made it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it ended before the call
        os.kill(os.getpid(), how)


def in_child(end: signal.Signals, *, as_user: int | None = None) -> Callable[[], None]:
    """What a new process does before its program starts; `as_user` is the uid it shall see."""
    parent = os.getpid()

    def prepare() -> None:
        if as_user is not None:
            _become(as_user)
        end_with_parent(end, parent)  # last: a change of user would undo it

    return prepare


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
