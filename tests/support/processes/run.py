"""Owns what a run of the tests leaves behind, which is nothing, however it ends.

Everything temporary of a run lies in a folder of its own, which every process that it starts,
itself or through others, knows as TMPDIR. A process beside it waits for the run's end, which
closes its input; it then ends what still runs, and removes the folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

GRACE_S = 5.0
_POLL_S = 0.05


def begin() -> subprocess.Popen[bytes]:
    """Make the folder, have everything temporary lie in it, and start who clears it away."""
    usual = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="chainrule-tests-")
    cleaner = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C in the terminal is for the run alone
    )
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", usual)  # where pytest keeps those of three runs
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    return cleaner


def clear_away(folder: Path) -> None:
    """Wait for the run's processes to end, as those end that lose their parent; then end them."""
    deadline = time.monotonic() + GRACE_S
    while left := processes(folder):
        if time.monotonic() > deadline:
            for pid in left:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL_S)
    shutil.rmtree(folder, ignore_errors=True)


def processes(folder: Path) -> list[int]:
    """Those that were started in the run with this folder."""
    mark = os.fsencode(f"TMPDIR={folder}")
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


if __name__ == "__main__":
    sys.stdin.buffer.read()
    clear_away(Path(sys.argv[1]))
