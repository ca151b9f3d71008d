"""A worker that is told to end at once ends, also where Celery's own handler waits for ever."""

from __future__ import annotations

import signal
import subprocess
import sys

WAITS = """
import os, signal, threading
from worker.processes import ending

held = threading.Lock()
held.acquire()
signal.signal(signal.SIGQUIT, lambda *_: held.acquire())
ending.at_once_within(0.2)
os.kill(os.getpid(), signal.SIGQUIT)
"""
ENDS = """
import os, signal, sys
from worker.processes import ending

signal.signal(signal.SIGQUIT, lambda *_: sys.exit(7))
ending.at_once_within(60)
os.kill(os.getpid(), signal.SIGQUIT)
signal.pause()
"""


def status_of(program: str) -> int:
    """How a process that runs this ends."""
    return subprocess.run([sys.executable, "-c", program], timeout=60).returncode


def test_a_handler_that_waits_for_ever_is_not_waited_for() -> None:
    assert status_of(WAITS) == 128 + signal.SIGQUIT


def test_a_handler_that_ends_the_process_ends_it_as_it_wants() -> None:
    assert status_of(ENDS) == 7
